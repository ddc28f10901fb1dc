// Pages put right: turned, reordered, taken out, split off, merged, moved, inserted, taken back. Nothing is done until it is
// saved with a reason, and what somebody else did meanwhile is never written over: each change says what was looked at.
import { byId, button, element, post, sheet, tell, told } from "./station_parts.js";

export class Editing {
  constructor({ follow, again, papers }) {
    this.follow = follow;
    this.again = again;
    this.papers = papers;
    this.drafts = new Map();
  }

  // Whether the card of a paper is being edited, and is to be left alone.
  holds(paper) {
    const draft = this.drafts.get(paper.id);
    if (draft && draft.version !== paper.version) this.drafts.delete(paper.id);
    return this.drafts.has(paper.id);
  }

  forget(id) {
    this.drafts.delete(id);
  }

  acts(paper) {
    const acts = element("span", "acts");
    if (paper.undoable) acts.append(button(told.undoPages, () => this.undo(paper), "undo"));
    if (paper.changeable) acts.append(button(told.changePages, () => this.edit(paper), "change"));
    if (paper.movable) acts.append(button(told.insertPages, () => this.insert(paper, paper.pages.length), "insert"));
    if (paper.movable && this.others(paper).length) acts.append(button(told.mergeInto, () => this.merge(paper), "merge"));
    if (paper.withdrawable) acts.append(button(told.takeBack, () => this.takeBack(paper), "back"));
    return acts;
  }

  others(paper) {
    return this.papers().filter((one) => one.id !== paper.id && one.movable);
  }

  // ---- a draft of the pages ----

  edit(paper) {
    const order = paper.pages.map((page) => page.number);
    const draft = { version: paper.version, order, removed: [], turned: {}, back: [], first: order.join() };
    this.drafts.set(paper.id, draft);
    this.draw(paper, draft);
  }

  isTouched(draft) {
    const turned = Object.values(draft.turned).some(Boolean);
    return turned || draft.removed.length > 0 || draft.back.length > 0 || draft.order.join() !== draft.first;
  }

  draw(paper, draft, focus) {
    const made = element("li", "one editing");
    made.id = "paper-" + paper.id;
    const head = element("div", "one_head");
    head.append(element("span", "what", paper.title || paper.name), element("span", "meta", told.editKeys));
    const sheets = element("ul", "sheets");
    const pages = new Map(paper.pages.map((page) => [page.number, page]));
    draft.order.forEach((number, place) => sheets.append(this.editable(paper, draft, pages.get(number), place)));
    for (const number of draft.removed) sheets.append(this.gone(paper, draft, pages.get(number)));
    for (const side of paper.removed) if (!draft.back.includes(side)) sheets.append(this.left(paper, draft, side));
    made.append(head, sheets, this.foot(paper, draft));
    const there = byId("paper-" + paper.id);
    const reason = there.querySelector("[name=reason]");
    if (reason) made.querySelector("[name=reason]").value = reason.value;
    const scrolled = there.querySelector(".sheets").scrollLeft;
    there.replaceWith(made);
    sheets.scrollLeft = scrolled;
    const target = (focus && made.querySelector('[data-focus="' + focus + '"]')) || made.querySelector("button:not(:disabled)");
    if (target) target.focus();
  }

  editable(paper, draft, page, place) {
    const made = sheet(paper, page);
    const turn = draft.turned[page.number] || 0;
    if (turn) made.classList.add("turn-" + turn);
    const tools = element("div", "tools");
    const deeds = {};
    const tool = (name, symbol, act, able = true) => {
      const key = name + page.number;
      const one = button(told[name] + " – " + told.pageWord + " " + page.number, () => { act(); this.draw(paper, draft, key); }, key, symbol);
      one.disabled = !able;
      deeds[name] = one;
      tools.append(one);
    };
    tool("turnPage", "⟳", () => { draft.turned[page.number] = (turn + 90) % 360; });
    tool("pageEarlier", "←", () => swap(draft.order, place, place - 1), place > 0);
    tool("pageLater", "→", () => swap(draft.order, place, place + 1), place < draft.order.length - 1);
    tool("takeOut", "✕", () => { draft.order.splice(place, 1); draft.removed.push(page.number); }, draft.order.length > 1);
    if (paper.movable) this.moves(paper, draft, page, place, tools);
    made.append(tools);
    made.addEventListener("keydown", (event) => this.key(event, deeds));
    this.draggable(made, paper, draft, page, place);
    return made;
  }

  // What is done at once, and therefore not beside changes that are not saved yet.
  moves(paper, draft, page, place, tools) {
    const move = (name, symbol, act, able) => {
      const label = told[name] + " – " + told.pageWord + " " + page.number;
      const one = button(label, () => (this.isTouched(draft) ? tell(told.saveFirst, true) : act()), name + page.number, symbol);
      one.disabled = !able;
      tools.append(one);
    };
    const several = draft.order.length > 1;
    move("splitHere", "✂", () => this.split(paper, page.number), place > 0);
    move("movePage", "⇄", () => this.move(paper, page.number), several && this.others(paper).length > 0);
    move("insertBehind", "+", () => this.insert(paper, page.number), true);
  }

  key(event, deeds) {
    if (event.ctrlKey || event.metaKey) return;
    const name = event.altKey
      ? { ArrowLeft: "pageEarlier", ArrowRight: "pageLater" }[event.key]
      : { r: "turnPage", R: "turnPage", Delete: "takeOut" }[event.key];
    if (!name || deeds[name].disabled) return;
    event.preventDefault();
    deeds[name].click();
  }

  draggable(made, paper, draft, page, place) {
    made.draggable = true;
    made.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/x-page", String(place));
      event.dataTransfer.effectAllowed = "move";
    });
    made.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("text/x-page")) return;
      event.preventDefault();
      made.classList.add("over");
    });
    made.addEventListener("dragleave", () => made.classList.remove("over"));
    made.addEventListener("drop", (event) => {
      const from = event.dataTransfer.getData("text/x-page");
      if (from === "") return;
      event.preventDefault();
      event.stopPropagation();
      const [number] = draft.order.splice(Number(from), 1);
      draft.order.splice(place, 0, number);
      this.draw(paper, draft, "turnPage" + number);
    });
  }

  gone(paper, draft, page) {
    const made = sheet(paper, page);
    made.classList.add("gone");
    made.querySelector(".said").textContent = told.takenOut;
    made.append(button(told.putPageBack, () => {
      draft.removed = draft.removed.filter((number) => number !== page.number);
      draft.order.push(page.number);
      this.draw(paper, draft);
    }));
    return made;
  }

  left(paper, draft, side) {
    const made = element("li", "sheet_card gone");
    made.append(element("div", "picture"), element("span", "said", told.takenOut));
    made.append(button(told.putPageBack, () => { draft.back.push(side); this.draw(paper, draft); }));
    return made;
  }

  foot(paper, draft) {
    return this.asking(paper, told.whyChange, told.savePages, [], (reason) => {
      const turned = Object.fromEntries(Object.entries(draft.turned).filter(([, turn]) => turn));
      const { order, removed, back } = draft;
      return this.send("pages", paper, { reason, changes: JSON.stringify({ order, removed, back, turned }) });
    });
  }

  // ---- deeds with a form of their own ----

  // A form below the card that asks what is needed and for the reason, and does it.
  ask(paper, label, act, asked, send) {
    this.drafts.set(paper.id, { version: paper.version });
    const card = byId("paper-" + paper.id);
    for (const old of card.querySelectorAll(".one_foot")) old.remove();
    const form = this.asking(paper, label, act, asked, send);
    card.append(form);
    form.querySelector("select, input").focus();
    return form;
  }

  asking(paper, label, act, asked, send) {
    const made = element("form", "one_foot");
    const reason = document.createElement("input");
    reason.name = "reason";
    reason.required = true;
    reason.maxLength = 200;
    reason.placeholder = label;
    reason.setAttribute("aria-label", label);
    const save = element("button", "", act);
    made.append(...asked, reason, save, button(told.cancel, () => this.finish(paper.id)));
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      save.disabled = true;
      const said = await send(reason.value);
      save.disabled = false;
      if (!said) return;
      if (said.error) return tell(said.error, true);
      tell("");
      this.finish(paper.id, said.state);
    });
    made.addEventListener("keydown", (event) => { if (event.key === "Escape") this.finish(paper.id); });
    return made;
  }

  finish(id, state) {
    this.drafts.delete(id);
    if (state) this.follow(state);
    this.again(id);
    const card = byId("paper-" + id);
    const target = card && card.querySelector("[data-focus]");
    if (target) target.focus();
  }

  send(what, paper, fields) {
    const body = new URLSearchParams({ ...fields, version: paper.version });
    return post("/station/" + what + "/" + encodeURIComponent(paper.id), body);
  }

  async undo(paper) {
    const said = await this.send("undo", paper, { reason: told.undoReason });
    if (said.error) return tell(said.error, true);
    tell(told.undonePages);
    this.follow(said.state);
  }

  takeBack(paper) {
    this.ask(paper, told.whyTakeBack, told.takeBack, [], (reason) => this.send("withdraw", paper, { reason }));
  }

  split(paper, page) {
    const what = element("span", "what", told.splitHere + " " + told.pageWord.toLowerCase() + " " + page);
    const form = this.ask(paper, told.whySplit, told.splitNow, [what], (reason) => this.send("split", paper, { reason, page }));
    form.querySelector("input").focus();
  }

  merge(paper) {
    const which = select(told.whichPaper, this.others(paper).map((one) => [one.id, name(one)]));
    this.ask(paper, told.whyMerge, told.mergeNow, [which], (reason) => {
      const into = this.papers().find((one) => one.id === which.value);
      return this.send("merge", into, { reason, other: paper.id, other_version: paper.version });
    });
  }

  move(paper, page) {
    const others = this.others(paper);
    const which = select(told.whichPaper, others.map((one) => [one.id, name(one)]));
    const where = select(told.insertWhere, [["end", told.atEnd], ["start", told.atStart]]);
    this.ask(paper, told.whyMove, told.moveNow, [element("span", "what", told.pageWord + " " + page), which, where], (reason) => {
      const other = others.find((one) => one.id === which.value);
      const place = where.value === "start" ? 1 : other.pages.length + 1;
      return this.send("move", paper, { reason, page, other: other.id, place });
    });
  }

  insert(paper, behind) {
    const places = [[1, told.insertFirst], ...paper.pages.map((page) => [page.number + 1, told.insertAfter + " " + page.number])];
    const where = select(told.insertWhere, places);
    where.value = String(behind + 1);
    const file = document.createElement("input");
    file.type = "file";
    file.setAttribute("aria-label", told.insertFile);
    file.accept = ".pdf,.tif,.tiff,.jpg,.jpeg,.png,.webp,.heic";
    const form = this.ask(paper, told.whyInsert, told.insertNow, [where, file], (reason) => {
      if (!file.files.length) return { error: told.chooseFileFirst };
      return this.hand(paper, where.value, reason, file.files[0]);
    });
    const cancel = form.lastElementChild;
    const reasoned = (act) => () => { if (form.reportValidity()) act(form.elements.reason.value); };
    if (told.folder) cancel.before(button(told.insertFolder, reasoned((reason) => this.place(paper, this.hand(paper, where.value, reason)))));
    if (told.scanner) cancel.before(button(told.insertScan, reasoned((reason) => this.scan(paper, where.value, reason))));
  }

  hand(paper, place, reason, file) {
    const body = new FormData();
    for (const [key, value] of Object.entries({ place, reason, version: paper.version })) body.append(key, value);
    if (file) body.append("file", file, file.name);
    return post("/station/insert/" + encodeURIComponent(paper.id), body);
  }

  async place(paper, sent) {
    const said = await sent;
    if (said.error) return tell(said.error, true);
    tell("");
    this.finish(paper.id, said.state);
  }

  async scan(paper, place, reason) {
    const body = new FormData(byId("scan"));
    const more = { code: told.code, document: paper.id, place, version: paper.version, reason };
    for (const [key, value] of Object.entries(more)) body.append(key, value);
    await this.place(paper, post("/station/scan", body));
  }
}

function swap(order, one, other) {
  [order[one], order[other]] = [order[other], order[one]];
}

function name(paper) {
  return (paper.title || paper.name) + " (" + paper.pages.length + " " + told.pageCountShort + ")";
}

function select(label, options) {
  const made = document.createElement("select");
  made.setAttribute("aria-label", label);
  for (const [value, text] of options) {
    const one = element("option", "", text);
    one.value = value;
    made.append(one);
  }
  return made;
}
