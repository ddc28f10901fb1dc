// Papers on their way through the scanner: pages as they come, and what to do when it stops.
import { byId, button, element, picked, post, tell, told } from "./station_parts.js";

export class Feeding {
  constructor({ follow, nature }) {
    this.follow = follow;
    this.nature = nature;
    this.panel = byId("feeding");
    this.form = byId("scan");
    this.said = "";
    this.pressed = false;
    if (this.form) this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin({});
    });
  }

  // Begins to scan; with where the pages belong, where they are no paper of their own.
  async begin(into) {
    const body = new FormData(this.form);
    body.append("code", told.code);
    body.append("nature", this.nature.value);
    for (const [key, value] of Object.entries(into)) body.append(key, value);
    tell(told.scanning);
    const said = await post("/station/scan", body);
    if (said.error) {
      tell(said.error, true);
      return false;
    }
    tell("");
    this.nature.reset();
    this.follow(said.state);
    return true;
  }

  show(state) {
    const said = JSON.stringify(state);
    if (said === this.said) return;
    this.said = said;
    this.panel.hidden = !state;
    if (!state) this.pressed = false;
    if (this.form) this.form.querySelector("button").disabled = Boolean(state);
    if (!state) return;
    const line = this.panel.querySelector(".told");
    const text = state.told || told.scanRunning;
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("bad", Boolean(state.ending));
    this.acts(state);
    this.pages(state);
  }

  acts(state) {
    const place = this.panel.querySelector(".acts");
    const wanted = state.ending ? ["go_on", ...(state.pages.length ? ["finish"] : []), "drop"] : ["stop"];
    const names = { stop: told.stopScan, go_on: told.goOnScan, finish: told.finishScan + " (" + state.pages.length + ")", drop: told.dropScan };
    const held = this.pressed || place.contains(document.activeElement);
    const before = place.contains(document.activeElement) ? document.activeElement.getAttribute("data-focus") : "";
    this.pressed = false;
    place.replaceChildren(...wanted.map((act) => button(names[act], () => this.act(act), act)));
    const again = held && (place.querySelector('[data-focus="' + before + '"]') || place.querySelector("button"));
    if (again) again.focus();
  }

  async act(name) {
    this.pressed = true;
    for (const one of this.panel.querySelectorAll("button")) one.disabled = true;
    const said = await post("/station/scan/" + name, new URLSearchParams({ code: told.code }));
    this.said = "";
    if (said.error) return tell(said.error, true);
    if (said.state) this.follow(said.state);
  }

  // Cards that are there stay: a picture is fetched once.
  pages(state) {
    const list = this.panel.querySelector(".sheets");
    if (list.dataset.key !== state.key) list.replaceChildren();
    list.dataset.key = state.key;
    for (const page of state.pages) {
      const address = "/station/feeder/" + page.number + ".webp?code=" + encodeURIComponent(told.code) + "&k=" + state.key;
      const there = list.children[page.number - 1];
      const mark = JSON.stringify(page);
      if (there && there.dataset.mark === mark) continue;
      const made = picked(address, page, page.verdict, "eager");
      made.dataset.mark = mark;
      if (there) there.replaceWith(made);
      else list.append(made);
      made.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}
