// The scanning station: files in, pages looked at as they come, pages put right.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

  const station = document.getElementById("station");
  if (!station) return;

  const told = station.dataset;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const byId = (id) => document.getElementById(id);
  const list = byId("papers");
  const news = byId("news");
  const editing = new Map();

  function element(kind, className, text) {
    const made = document.createElement(kind);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function tell(text, bad = false) {
    news.textContent = text;
    news.classList.toggle("bad", bad);
  }

  // ---- what is there ----

  let shown = new Map();

  function show(state) {
    byId("none").hidden = state.papers.length > 0;
    for (const paper of [...state.papers].reverse()) {
      const said = JSON.stringify(paper);
      if (shown.get(paper.id) === said || editing.has(paper.id)) continue;
      shown.set(paper.id, said);
      const made = card(paper);
      const there = byId("paper-" + paper.id);
      if (there) keepFocus(there, made);
      else list.prepend(made);
    }
  }

  function keepFocus(there, made) {
    const label = there.contains(document.activeElement) ? document.activeElement.getAttribute("data-focus") : null;
    there.replaceWith(made);
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
    const acts = element("span", "acts");
    if (paper.changeable) acts.append(button(told.changePages, () => edit(paper), "change"));
    if (paper.withdrawable) acts.append(button(told.takeBack, () => takeBack(paper), "back"));
    head.append(acts);
    made.append(head);
    if (paper.why) made.append(element("p", "told", paper.why));
    const sheets = element("ul", "sheets");
    for (const page of paper.pages) sheets.append(sheet(paper, page));
    made.append(sheets);
    return made;
  }

  function button(text, act, focus, symbol) {
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

  function sheet(paper, page) {
    const made = element("li", "sheet_card " + page.verdict);
    const frame = element("div", "picture");
    const picture = document.createElement("img");
    picture.alt = told.pageWord + " " + page.number;
    picture.loading = "lazy";
    picture.src = paper.revision
      ? "/scans/" + encodeURIComponent(paper.id) + "/" + page.number + ".webp?width=240&r=" + paper.revision
      : "/station/pages/" + encodeURIComponent(paper.id) + "/" + page.number + ".webp";
    if (page.verdict || paper.revision) frame.append(picture);
    made.append(frame, element("span", "said", page.number + " · " + (page.said || told.looking)));
    if (page.todo) made.append(element("span", "todo", page.todo));
    return made;
  }

  // ---- pages put right ----

  function edit(paper) {
    const draft = {
      order: paper.pages.map((page) => page.number),
      removed: [],
      turned: {},
      back: [],
    };
    editing.set(paper.id, draft);
    draw(paper, draft);
  }

  function draw(paper, draft, focus) {
    const made = element("li", "one");
    made.id = "paper-" + paper.id;
    const head = element("div", "one_head");
    head.append(element("span", "what", paper.name));
    const sheets = element("ul", "sheets");
    const pages = new Map(paper.pages.map((page) => [page.number, page]));
    draft.order.forEach((number, place) => sheets.append(editable(paper, draft, pages.get(number), place)));
    for (const number of draft.removed) sheets.append(gone(paper, draft, pages.get(number)));
    for (const side of paper.removed) if (!draft.back.includes(side)) sheets.append(left(paper, draft, side));
    made.append(head, sheets, foot(paper, draft));
    const there = byId("paper-" + paper.id);
    const reason = there.querySelector("[name=reason]");
    if (reason) made.querySelector("[name=reason]").value = reason.value;
    there.replaceWith(made);
    const target = (focus && made.querySelector('[data-focus="' + focus + '"]')) || made.querySelector("button:not(:disabled)");
    if (target) target.focus();
  }

  function editable(paper, draft, page, place) {
    const made = sheet(paper, page);
    const turn = draft.turned[page.number] || 0;
    if (turn) made.classList.add("turn-" + turn);
    const tools = element("div", "tools");
    const tool = (name, symbol, act, able = true) => {
      const key = name + page.number;
      const one = button(told[name] + " – " + told.pageWord + " " + page.number, () => { act(); draw(paper, draft, key); }, key, symbol);
      one.disabled = !able;
      tools.append(one);
    };
    tool("turnPage", "⟳", () => { draft.turned[page.number] = (turn + 90) % 360; });
    tool("pageEarlier", "←", () => swap(draft.order, place, place - 1), place > 0);
    tool("pageLater", "→", () => swap(draft.order, place, place + 1), place < draft.order.length - 1);
    tool("takeOut", "✕", () => { draft.order.splice(place, 1); draft.removed.push(page.number); }, draft.order.length > 1);
    made.append(tools);
    return made;
  }

  function swap(order, one, other) {
    [order[one], order[other]] = [order[other], order[one]];
  }

  function gone(paper, draft, page) {
    const made = sheet(paper, page);
    made.classList.add("gone");
    made.querySelector(".said").textContent = told.takenOut;
    const again = () => {
      draft.removed = draft.removed.filter((number) => number !== page.number);
      draft.order.push(page.number);
      draw(paper, draft);
    };
    made.append(button(told.putPageBack, again));
    return made;
  }

  function left(paper, draft, side) {
    const made = element("li", "sheet_card gone");
    made.append(element("div", "picture"), element("span", "said", told.takenOut));
    made.append(button(told.putPageBack, () => { draft.back.push(side); draw(paper, draft); }));
    return made;
  }

  function foot(paper, draft) {
    return asking(told.whyChange, told.savePages, paper, (reason) => {
      const turned = Object.fromEntries(Object.entries(draft.turned).filter(([, turn]) => turn));
      const body = new URLSearchParams({ reason, changes: JSON.stringify({ ...draft, turned }) });
      return post("/station/pages/" + encodeURIComponent(paper.id), body);
    });
  }

  // A form that asks for a reason, and does what it is for.
  function asking(label, act, paper, send) {
    const made = element("form", "one_foot");
    const reason = document.createElement("input");
    reason.name = "reason";
    reason.required = true;
    reason.maxLength = 200;
    reason.placeholder = label;
    reason.setAttribute("aria-label", label);
    const save = element("button", "", act);
    made.append(reason, save, button(told.cancel, () => finish(paper.id)));
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      save.disabled = true;
      const said = await send(reason.value);
      save.disabled = false;
      if (said.error) return tell(said.error, true);
      tell("");
      finish(paper.id, said.state);
    });
    return made;
  }

  function finish(id, state) {
    editing.delete(id);
    shown.delete(id);
    show(state || last);
  }

  // Asks for the reason, in the card of the paper, and takes it out of the dossier.
  function takeBack(paper) {
    editing.set(paper.id, null);
    const form = asking(told.whyTakeBack, told.takeBack, paper, (reason) =>
      post("/station/withdraw/" + encodeURIComponent(paper.id), new URLSearchParams({ reason })));
    byId("paper-" + paper.id).append(form);
    form.querySelector("input").focus();
  }

  // ---- papers in ----

  async function post(address, body) {
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": token } });
      if (answer.redirected || answer.status === 401 || answer.status === 403) location.reload();
      if (answer.status === 413) return { error: told.tooLargeFile };
      return await answer.json();
    } catch {
      return { error: told.sendFailed };
    }
  }

  async function hand(files) {
    for (const [place, file] of [...files].entries()) {
      tell(told.sending + " " + (place + 1) + " / " + files.length + ": " + file.name);
      const body = new FormData();
      body.append("code", told.code);
      body.append("files", file, file.name);
      const said = await post("/station/files", body);
      if (said.error) return tell(said.error + " " + file.name, true);
      if (said.refused.length) return tell(told.emptyFiles + " " + said.refused.join(", "), true);
      follow(said.state);
    }
    tell(told.sent + ": " + files.length);
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

  function by(form, address) {
    if (!form) return;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const pressed = form.querySelector("button");
      const body = new FormData(form);
      body.append("code", told.code);
      pressed.disabled = true;
      tell(told.scanning);
      const said = await post(address, body);
      pressed.disabled = false;
      if (said.error) return tell(said.error, true);
      tell(told.sent + ": " + said.taken.length);
      follow(said.state);
    });
  }

  by(byId("scan"), "/station/scan");
  by(byId("folder"), "/station/folder");

  // ---- what changes ----

  let last = JSON.parse(byId("state").textContent);

  function follow(state) {
    last = state;
    show(state);
  }

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
})();
