// The scanning station: files in, what there is of a dossier as it changes.
import { byId, button, element, post, sheet, station, tell, told } from "./station_parts.js";
import { Feeding } from "./station_feeding.js";
import { Nature } from "./station_nature.js";
import { Editing } from "./station_pages.js";
import { Sheet } from "./station_sheet.js";

const list = byId("papers");
const news = byId("news");

// ---- what is there ----

let last = JSON.parse(byId("state").textContent);
let shown = new Map();

function follow(state) {
  last = state;
  show(state);
}

const editing = new Editing({ follow, again: (id) => { shown.delete(id); show(last); }, papers: () => last.papers });
const nature = new Nature({ follow });
const feeding = new Feeding({ follow, nature });
const declared = new Sheet({ follow });

function show(state) {
  byId("none").hidden = state.papers.length > 0;
  const there = new Set(state.papers.map((paper) => paper.id));
  for (const id of shown.keys()) {
    if (there.has(id)) continue;
    const gone = byId("paper-" + id);
    if (gone) gone.remove();
    shown.delete(id);
    editing.forget(id);
  }
  for (const paper of state.papers) {
    const said = JSON.stringify(paper);
    if (shown.get(paper.id) === said || editing.holds(paper)) continue;
    shown.set(paper.id, said);
    const made = card(paper);
    const old = byId("paper-" + paper.id);
    if (old) keepFocus(old, made);
    else list.append(made);
  }
  inOrder(state.papers);
  feeding.show(state.feeding);
  declared.needs(state.needs);
}

// Cards stand as the papers do; only those are moved that stand elsewhere.
function inOrder(papers) {
  papers.forEach((paper, place) => {
    const made = byId("paper-" + paper.id);
    if (list.children[place] !== made) list.insertBefore(made, list.children[place]);
  });
}

function keepFocus(there, made) {
  const label = there.contains(document.activeElement) ? document.activeElement.getAttribute("data-focus") : null;
  const along = there.querySelector(".sheets");
  const scrolled = along ? along.scrollLeft : 0;
  there.replaceWith(made);
  const now = made.querySelector(".sheets");
  if (now) now.scrollLeft = scrolled;
  const again = label && made.querySelector('[data-focus="' + label + '"]');
  if (again) again.focus();
}

function card(paper) {
  const made = element("li", "one");
  made.id = "paper-" + paper.id;
  const head = element("div", "one_head");
  head.append(element("span", "what", paper.title || paper.name), element("span", "chip " + paper.status, paper.said));
  if (paper.title) head.append(element("span", "meta", paper.name));
  if (paper.planned && paper.settled < paper.planned) {
    const bar = element("progress");
    bar.max = paper.planned;
    bar.value = paper.settled;
    bar.setAttribute("aria-label", paper.name);
    head.append(bar, element("span", "meta", paper.settled + " / " + paper.planned));
  }
  head.append(nature.mark(paper), editing.acts(paper));
  made.append(head);
  if (paper.why) made.append(element("p", "told", paper.why));
  const sheets = element("ul", "sheets");
  sheets.tabIndex = 0;
  sheets.setAttribute("aria-label", paper.title || paper.name);
  for (const page of paper.pages) sheets.append(sheet(paper, page));
  made.append(sheets);
  return made;
}

// ---- papers in ----

async function hand(files) {
  const refused = [];
  let taken = 0;
  for (const [place, file] of [...files].entries()) {
    tell(told.sending + " " + (place + 1) + " / " + files.length + ": " + file.name);
    const body = new FormData();
    body.append("code", told.code);
    body.append("files", file, file.name);
    body.append("nature", nature.value);
    const said = await post("/station/files", body);
    if (said.error) return tell(said.error + " " + file.name, true);
    taken += said.taken.length;
    refused.push(...said.refused);
    follow(said.state);
  }
  nature.reset();
  if (!refused.length) return tell(told.sent + ": " + taken);
  tell((taken ? told.sent + ": " + taken + ". " : "") + told.notTaken + ": ", true);
  const each = element("ul");
  for (const one of refused) each.append(element("li", "", one.name + " – " + one.why));
  news.append(each);
}

const drop = byId("drop");
const files = byId("files");
files.addEventListener("change", () => {
  hand(files.files).then(() => { files.value = ""; });
});
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  hand(event.dataTransfer.files);
});

const folder = byId("folder");
if (folder) folder.addEventListener("submit", async (event) => {
  event.preventDefault();
  const pressed = folder.querySelector("button");
  pressed.disabled = true;
  const said = await post("/station/folder", new URLSearchParams({ code: told.code, nature: nature.value }));
  pressed.disabled = false;
  if (said.error) return tell(said.error, true);
  nature.reset();
  tell(told.sent + ": " + said.taken.length);
  follow(said.state);
});

// ---- what changes ----

// A browser holds few connections to one house: pages that nobody looks at let go of theirs.
let ear = new AbortController();
document.addEventListener("visibilitychange", () => { if (document.hidden) ear.abort(); });

function seen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => document.addEventListener("visibilitychange", done, { once: true })).then(seen);
}

async function listen() {
  for (;;) {
    await seen();
    ear = new AbortController();
    try {
      const address = "/station/events?code=" + encodeURIComponent(told.code);
      const answer = await fetch(address, { headers: { "X-Background": "1" }, cache: "no-store", signal: ear.signal });
      if (answer.redirected || answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      if (news.dataset.lost) tell("");
      delete news.dataset.lost;
      await read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
    } catch {
      if (ear.signal.aborted) continue;
      news.dataset.lost = "1";
      tell(told.lostTouch, true);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

async function read(reader) {
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    waiting += value;
    const events = waiting.split("\n\n");
    waiting = events.pop();
    for (const event of events) {
      if (event.startsWith("data: ")) follow(JSON.parse(event.slice(6)));
    }
  }
}

show(last);
listen();
