// What the scripts of the station share: its words, small elements, what is sent.
export const station = document.getElementById("station");
export const told = station.dataset;

const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
const news = document.getElementById("news");

export function byId(id) {
  return document.getElementById(id);
}

export function element(kind, className, text) {
  const made = document.createElement(kind);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function button(text, act, focus, symbol) {
  const made = element("button", "quiet", symbol || text);
  made.type = "button";
  if (symbol) {
    made.setAttribute("aria-label", text);
    made.title = text;
  }
  if (focus) made.setAttribute("data-focus", focus);
  made.addEventListener("click", act);
  return made;
}

export function tell(text, bad = false) {
  news.textContent = text;
  news.classList.toggle("bad", bad);
}

export async function post(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": token } });
    if (answer.redirected || answer.status === 401 || answer.status === 403) location.reload();
    if (answer.status === 413) return { error: told.tooLargeFile };
    return await answer.json();
  } catch {
    return { error: told.sendFailed };
  }
}

// A page as a card: its picture, what is to be said of it, what was read of it so far.
export function picked(address, page, loaded, loading = "lazy") {
  const made = element("li", "sheet_card " + page.verdict);
  const frame = element("div", "picture");
  if (loaded) {
    const picture = document.createElement("img");
    picture.alt = told.pageWord + " " + page.number;
    picture.loading = loading;
    picture.draggable = false;
    picture.src = address;
    frame.append(picture);
  }
  made.append(frame, element("span", "said", page.number + " · " + (page.said || told.looking)));
  if (page.todo) made.append(element("span", "todo", page.todo));
  if (typeof page.text === "string") made.append(element("span", "first_text", page.text || told.readSoFar));
  return made;
}

export function sheet(paper, page) {
  const address = paper.revision
    ? "/scans/" + encodeURIComponent(paper.id) + "/" + page.number + ".webp?width=240&r=" + paper.revision
    : "/station/pages/" + encodeURIComponent(paper.id) + "/" + (page.side || page.number) + ".webp";
  return picked(address, page, page.verdict || paper.revision);
}
