// The review desk: the scan follows the field, every step is saved as it is made, everything has a key.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;

  const told = desk.dataset;
  const base = "/review/" + encodeURIComponent(told.document);
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const SVG = "http://www.w3.org/2000/svg";
  const HEARTBEAT = 60000;
  const CALM = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const byId = (id) => document.getElementById(id);
  const fields = [...desk.querySelectorAll(".field")];
  const frame = byId("frame");

  // ---- the scan ----

  const sheets = new Map([...desk.querySelectorAll(".sheet")].map((sheet) => [Number(sheet.dataset.page), sheet]));
  const boxes = new Map(fields.map((field) => [field, readBoxes(field)]));
  const onPage = new Map();
  for (const [field, found] of boxes) {
    for (const box of found) onPage.set(box.page, [...(onPage.get(box.page) || []), { field, box }]);
  }
  const places = new Map();
  let shownField = null;
  const thumbs = [...desk.querySelectorAll(".thumb")];
  let page = 1;
  let view = null;
  let moving = 0;

  function source(number, width) {
    return "/scans/" + encodeURIComponent(told.document) + "/" + number + ".webp?width=" + width;
  }

  function sizeOf(sheet) {
    return { width: Number(sheet.dataset.width), height: Number(sheet.dataset.height) };
  }

  function draw(sheet) {
    if (sheet.firstElementChild) return again(sheet);
    const { width, height } = sizeOf(sheet);
    const picture = document.createElementNS(SVG, "image");
    picture.setAttribute("width", width);
    picture.setAttribute("height", height);
    picture.addEventListener("error", () => { sheet.dataset.missing = "1"; settled(); });
    picture.addEventListener("load", () => { sheet.dataset.shown = "1"; settled(); });
    picture.setAttribute("href", source(sheet.dataset.page, 1240));
    sheet.append(picture);
    for (const { field, box } of onPage.get(Number(sheet.dataset.page)) || []) {
      const place = document.createElementNS(SVG, "rect");
      place.setAttribute("class", "place" + (field.dataset.state === "open" ? " open" : "") + (field === shownField ? " now" : ""));
      place.setAttribute("data-of", field.id);
      place.setAttribute("x", box.left - 6);
      place.setAttribute("y", box.top - 6);
      place.setAttribute("width", box.right - box.left + 12);
      place.setAttribute("height", box.bottom - box.top + 12);
      place.setAttribute("rx", 4);
      sheet.append(place);
      places.set(field, [...placesOf(field), place]);
    }
  }

  // A page that could not be shown is asked for once more when somebody comes back to it.
  function again(sheet) {
    if (!sheet.dataset.missing || Number(sheet.dataset.page) !== page) return;
    delete sheet.dataset.missing;
    sheet.firstElementChild.setAttribute("href", source(page, 1240));
  }

  // The page looked at is there, or cannot be shown: what is likely to be looked at next is fetched, then thumbnails.
  function settled() {
    const { shown, missing } = sheets.get(page).dataset;
    byId("missing").hidden = !missing;
    if (!shown && !missing) return;
    desk.dispatchEvent(new Event("shown"));
    const after = sheets.get(page + 1);
    if (after) draw(after);
    const open = nextOpen(fieldOf(document.activeElement));
    const ahead = open && sheets.get(pageOf(open));
    if (ahead) draw(ahead);
  }

  function sharpen(sheet) {
    const picture = sheet.firstElementChild;
    if (!picture || picture.dataset.sharp) return;
    picture.dataset.sharp = "1";
    const fine = new Image();
    fine.addEventListener("load", () => picture.setAttribute("href", fine.src));
    fine.src = source(sheet.dataset.page, 2480);
  }

  function readBoxes(field) {
    return (field.dataset.boxes || "").split(";").filter(Boolean).map((text) => {
      const [number, left, top, right, bottom] = text.split(",").map(Number);
      return { page: number, left, top, right, bottom };
    });
  }

  function placesOf(field) {
    return places.get(field) || [];
  }

  function pageOf(field) {
    const found = boxes.get(field);
    return found.length ? found[0].page : Number(field.dataset.page) || 0;
  }

  function whole(sheet) {
    const { width, height } = sizeOf(sheet);
    return { x: 0, y: 0, width, height };
  }

  function apply(sheet, next) {
    view = next;
    sheet.setAttribute("viewBox", [next.x, next.y, next.width, next.height].map((side) => side.toFixed(1)).join(" "));
    if (next.width < 0.75 * sizeOf(sheet).width) sharpen(sheet);
  }

  function look(next) {
    const sheet = sheets.get(page);
    cancelAnimationFrame(moving);
    if (CALM || !view) return apply(sheet, next);
    const from = view;
    const begun = performance.now();
    const step = (now) => {
      const part = Math.min(1, (now - begun) / 160);
      const eased = 1 - (1 - part) ** 3;
      const at = (side) => from[side] + (next[side] - from[side]) * eased;
      apply(sheet, { x: at("x"), y: at("y"), width: at("width"), height: at("height") });
      if (part < 1) moving = requestAnimationFrame(step);
    };
    moving = requestAnimationFrame(step);
  }

  function turnTo(number) {
    const sheet = sheets.get(number);
    if (!sheet) return;
    cancelAnimationFrame(moving);
    sheets.get(page).toggleAttribute("hidden", number !== page);
    sheet.removeAttribute("hidden");
    const fresh = number !== page || !view;
    page = number;
    draw(sheet);
    if (fresh) apply(sheet, whole(sheet));
    settled();
    byId("page_now").textContent = String(number);
    byId("page_before").disabled = number <= 1;
    byId("page_after").disabled = number >= sheets.size;
    const before = desk.querySelector(".thumb[aria-current]");
    if (before) before.removeAttribute("aria-current");
    const here = thumbs[number - 1];
    if (!here) return;
    here.setAttribute("aria-current", "true");
    here.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function showField(field) {
    for (const place of placesOf(shownField)) place.classList.remove("now");
    shownField = field;
    const wanted = pageOf(field);
    if (wanted && wanted !== page) turnTo(wanted);
    for (const place of placesOf(field)) place.classList.add("now");
    const here = boxes.get(field).filter((box) => box.page === page);
    if (here.length) look(around(here));
    else if (wanted) look(whole(sheets.get(page)));
  }

  function around(found) {
    const sheet = sizeOf(sheets.get(page));
    const left = Math.min(...found.map((box) => box.left));
    const top = Math.min(...found.map((box) => box.top));
    const right = Math.max(...found.map((box) => box.right));
    const bottom = Math.max(...found.map((box) => box.bottom));
    const shape = frame.clientHeight / Math.max(1, frame.clientWidth);
    const width = Math.min(sheet.width, Math.max((right - left) * 1.5, ((bottom - top) * 1.8) / shape, sheet.width * 0.5));
    const height = width * shape;
    return within({ x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height });
  }

  function within(next) {
    const sheet = sizeOf(sheets.get(page));
    const hold = (low, size, all) => (size >= all ? (all - size) / 2 : Math.min(Math.max(low, 0), all - size));
    return { ...next, x: hold(next.x, next.width, sheet.width), y: hold(next.y, next.height, sheet.height) };
  }

  function zoom(factor, x = 0.5, y = 0.5) {
    const sheet = sheets.get(page);
    const shape = frame.clientHeight / Math.max(1, frame.clientWidth);
    const all = sizeOf(sheet);
    const most = Math.max(all.width, all.height / shape);
    const shown = shownBy(view, shape);
    const width = Math.min(most, Math.max(all.width / 12, shown.width / factor));
    const height = width * shape;
    look(within({ x: shown.x + (shown.width - width) * x, y: shown.y + (shown.height - height) * y, width, height }));
  }

  // What the frame shows of the sheet: the view, widened to the frame's own shape.
  function shownBy(one, shape) {
    const width = Math.max(one.width, one.height / shape);
    const height = width * shape;
    return { x: one.x - (width - one.width) / 2, y: one.y - (height - one.height) / 2, width, height };
  }

  function move(x, y) {
    const shape = frame.clientHeight / Math.max(1, frame.clientWidth);
    const shown = shownBy(view, shape);
    look(within({ ...shown, x: shown.x + x * shown.width, y: shown.y + y * shown.height }));
  }

  byId("page_before").addEventListener("click", () => turnTo(page - 1));
  byId("page_after").addEventListener("click", () => turnTo(page + 1));
  byId("zoom_in").addEventListener("click", () => zoom(1.5));
  byId("zoom_out").addEventListener("click", () => zoom(1 / 1.5));
  byId("zoom_whole").addEventListener("click", () => look(whole(sheets.get(page))));
  for (const thumb of thumbs) {
    thumb.addEventListener("click", () => turnTo(Number(thumb.dataset.page)));
  }
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    const area = frame.getBoundingClientRect();
    const at = [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...at);
  }, { passive: false });
  frame.addEventListener("pointerdown", (event) => {
    const shape = frame.clientHeight / Math.max(1, frame.clientWidth);
    const from = { x: event.clientX, y: event.clientY, shown: shownBy(view, shape) };
    frame.setPointerCapture(event.pointerId);
    frame.classList.add("dragged");
    const drag = (moved) => {
      const scale = from.shown.width / frame.clientWidth;
      const x = from.shown.x - (moved.clientX - from.x) * scale;
      const y = from.shown.y - (moved.clientY - from.y) * scale;
      apply(sheets.get(page), within({ ...from.shown, x, y }));
    };
    const drop = () => {
      frame.classList.remove("dragged");
      frame.removeEventListener("pointermove", drag);
    };
    frame.addEventListener("pointermove", drag);
    frame.addEventListener("pointerup", drop, { once: true });
    frame.addEventListener("pointercancel", drop, { once: true });
  });
  frame.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2] };
    if (!ways[event.key] || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    move(...ways[event.key]);
  });

  // ---- the draft ----

  const saved = byId("saved");
  let line = Promise.resolve();
  let looked = performance.now();

  function send(address, values) {
    const body = new URLSearchParams({ revision: told.revision, ...values });
    saved.textContent = told.saving;
    line = line.then(() => attempt(address, body));
    return line;
  }

  async function attempt(address, body) {
    for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
      try {
        const answer = await fetch(base + address, { method: "POST", body, headers: { "X-CSRF-Token": token } });
        if (answer.redirected || answer.status === 401 || answer.status === 403) return location.reload();
        if (answer.status >= 500) throw new Error(String(answer.status));
        const said = await answer.json();
        if (answer.ok) follow(said);
        saved.textContent = answer.ok ? told.saved : "";
        if (answer.status === 409) askWhoHolds();
        return said;
      } catch {
        saved.textContent = told.failed;
        await new Promise((done) => setTimeout(done, pause));
      }
    }
  }

  function follow(state) {
    for (const [id, one] of Object.entries(state.fields)) followField(byId(id), one);
    for (const [id, one] of Object.entries(state.types)) {
      const field = byId(id);
      const input = valueOf(field);
      if (input.dataset.saved !== one.value) return location.reload();
      setState(field, one.state);
    }
    for (const [id, one] of Object.entries(state.points)) setState(byId(id), one);
    const left = byId("open_now");
    left.textContent = state.open ? state.open + " " + told.open : told.ready;
    byId("undo").disabled = !state.undo;
    byId("redo").disabled = !state.redo;
    const approve = desk.querySelector("#approve button");
    if (approve) approve.disabled = state.open > 0;
  }

  function followField(field, one) {
    if (!field) return location.reload();
    const input = valueOf(field);
    if (input.dataset.saved !== one.value) {
      if (input.value === input.dataset.saved || document.activeElement !== input) input.value = one.value;
      input.dataset.saved = one.value;
    }
    setState(field, one.state);
    const why = field.querySelector(".why_now");
    const said = [...why.children].map((line) => line.textContent);
    if (said.length === one.messages.length && said.every((line, at) => line === one.messages[at])) return;
    why.replaceChildren(...one.messages.map((message) => Object.assign(document.createElement("li"), { textContent: message })));
  }

  const NAMES = { open: told.stateOpen, settled: told.stateSettled, sure: told.stateSure, empty: told.stateEmpty };

  function setState(field, state) {
    if (!field || field.dataset.state === state) return;
    field.dataset.state = state;
    field.querySelector(".field_state").textContent = NAMES[state];
    for (const place of placesOf(field)) place.classList.toggle("open", state === "open");
  }

  function valueOf(field) {
    return field.querySelector(".value");
  }

  function settle(field, kind, text = "") {
    const seconds = Math.max(0, (performance.now() - looked) / 1000).toFixed(1);
    looked = performance.now();
    const values = { part: field.dataset.part, key: field.dataset.key, kind, text, seconds };
    return send("/settle", values).then((said) => showError(field, said));
  }

  function showError(field, said) {
    const input = valueOf(field);
    const error = field.querySelector(".field_error");
    const wrong = said && said.error;
    if (error) {
      error.hidden = !wrong;
      error.textContent = wrong || "";
    }
    if (input) {
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    return !wrong;
  }

  // Saves what was typed; true where it was saved or nothing was typed.
  async function save(field) {
    const input = valueOf(field);
    if (!input || input.value === input.dataset.saved) return true;
    const typed = input.value;
    const held = await settle(field, "set", typed);
    if (held && input.value === typed) input.value = input.dataset.saved;
    return held;
  }

  async function confirm(field) {
    const input = valueOf(field);
    if (!input) return settle(field, "noted");
    if (input.value !== input.dataset.saved) return save(field);
    if (input.value === "") return settle(field, "absent");
    return settle(field, "confirm");
  }

  async function confirmAndGoOn(field) {
    if (await confirm(field)) goOn(field);
  }

  function nextOpen(from) {
    const place = fields.indexOf(from);
    return [...fields.slice(place + 1), ...fields.slice(0, Math.max(0, place))].find((field) => field.dataset.state === "open");
  }

  function goOn(from) {
    const next = nextOpen(from);
    if (next) return focusOn(next);
    const approve = desk.querySelector("#approve button");
    if (approve && !approve.disabled) approve.focus();
  }

  function focusOn(field) {
    const target = valueOf(field) || field.querySelector("button");
    target.focus({ preventScroll: true });
    field.scrollIntoView({ block: "nearest" });
    if (target.select) target.select();
  }

  function fieldOf(node) {
    return node instanceof Element ? node.closest(".field") : null;
  }

  for (const field of fields) {
    const input = valueOf(field);
    if (input) {
      input.dataset.saved = input.value;
      input.addEventListener("change", () => save(field));
    }
    field.addEventListener("focusin", (event) => {
      if (!field.contains(event.relatedTarget)) {
        looked = performance.now();
        showField(field);
      }
    });
    field.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.act === "confirm" || button.dataset.act === "noted") confirmAndGoOn(field);
      else if (button.dataset.act === "absent") absent(field);
      else if (button.dataset.value !== undefined) take(field, button);
    });
  }

  async function absent(field) {
    if (valueOf(field) && field.dataset.key !== "document_type" && await settle(field, "absent")) goOn(field);
  }

  async function take(field, button) {
    const input = valueOf(field);
    input.value = button.dataset.value;
    if (await save(field)) goOn(field);
  }

  byId("undo").addEventListener("click", () => send("/undo", {}));
  byId("redo").addEventListener("click", () => send("/redo", {}));

  // ---- keys ----

  const help = byId("help");
  const reject = byId("reject");
  const single = byId("single_key");
  single.checked = localStorage.getItem("single_key") !== "no";
  single.addEventListener("change", () => localStorage.setItem("single_key", single.checked ? "yes" : "no"));

  const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  byId("help_open").addEventListener("click", () => open(help));
  const rejectOpen = byId("reject_open");
  if (rejectOpen) rejectOpen.addEventListener("click", () => open(reject));

  function approve() {
    const form = byId("approve");
    if (form && !form.querySelector("button").disabled) form.requestSubmit();
  }

  const WITH_ALT = {
    KeyZ: () => byId("undo").click(),
    KeyY: () => byId("redo").click(),
    KeyN: () => byId("skip").requestSubmit(),
    KeyR: () => open(reject),
    PageUp: () => turnTo(page - 1),
    PageDown: () => turnTo(page + 1),
    Equal: () => zoom(1.5),
    NumpadAdd: () => zoom(1.5),
    Minus: () => zoom(1 / 1.5),
    NumpadSubtract: () => zoom(1 / 1.5),
    Digit0: () => look(whole(sheets.get(page))),
  };
  const WITH_ALT_AND_SHIFT = {
    ArrowLeft: () => move(-0.2, 0),
    ArrowRight: () => move(0.2, 0),
    ArrowUp: () => move(0, -0.2),
    ArrowDown: () => move(0, 0.2),
    Equal: () => zoom(1.5),
  };

  function inField(event, field) {
    if (event.code === "KeyX") return () => absent(field);
    const number = /^Digit([1-3])$/.exec(event.code);
    const button = number && field.querySelectorAll(".suggestion")[Number(number[1]) - 1];
    return button ? () => take(field, button) : null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || (help.open || (reject && reject.open))) return;
    const field = fieldOf(event.target);
    const act = pressed(event, field);
    if (!act) return;
    event.preventDefault();
    act();
  });

  function pressed(event, field) {
    if (event.key === "F1") return () => open(help);
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      if (event.shiftKey) return WITH_ALT_AND_SHIFT[event.code];
      return WITH_ALT[event.code] || (field && inField(event, field));
    }
    if (event.ctrlKey && event.key === "Enter") return () => saveThenApprove(field);
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "?" && !typing && single.checked) return () => open(help);
    if (!field || !typing || event.ctrlKey || event.metaKey) return null;
    if (event.key === "Enter" && !(event.shiftKey && event.target.tagName === "TEXTAREA")) return () => confirmAndGoOn(field);
    if (event.key === "Escape") return () => forget(field);
    return null;
  }

  async function saveThenApprove(field) {
    if (field) await save(field);
    await line;
    approve();
  }

  function forget(field) {
    const input = valueOf(field);
    input.value = input.dataset.saved;
    showError(field, null);
  }

  // ---- who has it ----

  async function askWhoHolds() {
    try {
      const answer = await fetch(base + "/claim", { method: "POST", headers: { "X-CSRF-Token": token } });
      if (answer.redirected || !answer.ok) return location.reload();
      const held = await answer.json();
      byId("claimed").hidden = held.mine;
      byId("holder").textContent = held.holder;
      byId("since").textContent = held.since;
      for (const input of desk.querySelectorAll(".field .value, .field button, #undo, #redo, #approve button, #reject_open")) {
        if (!held.mine) input.disabled = true;
      }
    } catch {
      saved.textContent = told.failed;
    }
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) askWhoHolds(); });
  let active = performance.now();
  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    document.addEventListener(kind, () => { active = performance.now(); }, { passive: true });
  }
  setInterval(() => { if (!document.hidden && performance.now() - active < 5 * HEARTBEAT) askWhoHolds(); }, HEARTBEAT);
  askWhoHolds();

  // ---- begin ----

  const top = document.querySelector(".top");
  const measure = () => document.documentElement.style.setProperty("--top", top.offsetHeight + "px");
  new ResizeObserver(measure).observe(top);
  measure();
  const first = fields.find((field) => field.dataset.state === "open");
  turnTo((first && pageOf(first)) || 1);
  if (first) focusOn(first);
})();
