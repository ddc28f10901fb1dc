// What a dossier is for and whose it is: procedures found as one types, faults told field by field, papers still missing.
import { byId, element, post, tell, told } from "./station_parts.js";

const MARKS = { taken: "✓", missing: "✗", unknown: "?" };

export class Sheet {
  constructor({ follow }) {
    this.follow = follow;
    this.form = byId("sheet");
    this.input = byId("procedure_in");
    this.list = byId("procedures");
    this.chosen = this.form.elements.procedure;
    this.active = -1;
    this.asked = 0;
    this.said = "";
    this.input.addEventListener("input", () => this.type());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
  }

  async type() {
    this.chosen.value = "";
    const asked = ++this.asked;
    const text = this.input.value.trim();
    if (!text) return this.close();
    const answer = await fetch("/station/procedures?q=" + encodeURIComponent(text), { headers: { "X-Background": "1" } });
    if (!answer.ok || asked !== this.asked) return;
    this.offer(await answer.json());
  }

  offer(found) {
    this.active = found.length ? 0 : -1;
    this.list.replaceChildren(...found.map((one, place) => this.option(one, place)));
    if (!found.length) this.list.append(element("li", "meta", told.noProcedureFound));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  option(one, place) {
    const made = element("li");
    made.id = "procedure-" + place;
    made.setAttribute("role", "option");
    made.dataset.code = one.code;
    made.dataset.text = one.code + " · " + one.name;
    made.append(element("b", "", one.code), element("span", "", one.name), element("span", "meta", [one.field, one.level].filter(Boolean).join(" · ")));
    made.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(made); });
    return made;
  }

  key(event) {
    const options = this.list.querySelectorAll("[role=option]");
    if (event.key === "Escape") return this.close();
    if (this.list.hidden || !options.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
      this.mark();
    }
    if ((event.key === "Enter" || event.key === "Tab") && this.active >= 0) {
      if (event.key === "Enter") event.preventDefault();
      this.choose(options[this.active]);
    }
  }

  mark() {
    const options = this.list.querySelectorAll("[role=option]");
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === this.active)));
    if (this.active >= 0) {
      this.input.setAttribute("aria-activedescendant", options[this.active].id);
      options[this.active].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    this.chosen.value = option.dataset.code;
    this.input.value = option.dataset.text;
    this.close();
  }

  close() {
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  async save() {
    const body = new FormData(this.form);
    if (this.input.value.trim() && !this.chosen.value) body.set("procedure", this.input.value.trim().split(" ")[0]);
    body.append("code", told.code);
    const pressed = this.form.querySelector("button");
    pressed.disabled = true;
    const said = await post("/station/sheet", body);
    pressed.disabled = false;
    this.faults(said.faults || {});
    if (said.faults) return;
    if (said.error) return tell(said.error, true);
    this.form.elements.number.value = said.number;
    tell(told.sheetSaved);
    this.follow(said.state);
  }

  faults(found) {
    const hint = byId("procedure_hint");
    if (!hint.dataset.plain) hint.dataset.plain = hint.textContent;
    hint.textContent = found.procedure || hint.dataset.plain;
    hint.classList.toggle("bad", Boolean(found.procedure));
    this.input.setAttribute("aria-invalid", String(Boolean(found.procedure)));
    for (const key of ["owner_name", "owner_id"]) {
      const field = this.form.elements[key];
      byId("fault-" + key).textContent = found[key] || "";
      field.setAttribute("aria-invalid", String(Boolean(found[key])));
      if (found[key]) field.setAttribute("aria-describedby", "fault-" + key);
      else field.removeAttribute("aria-describedby");
    }
    const first = this.form.querySelector("[aria-invalid=true]");
    if (first) first.focus();
  }

  needs(needs) {
    const said = JSON.stringify(needs);
    if (said === this.said) return;
    this.said = said;
    const panel = byId("needs");
    panel.hidden = !needs.length;
    panel.querySelector("ul").replaceChildren(...needs.map((one) => {
      const made = element("li", "need " + one.need);
      const mark = element("span", "mark", MARKS[one.need]);
      mark.setAttribute("aria-hidden", "true");
      const words = { taken: told.needTaken, missing: told.needMissing, unknown: told.needUnknown };
      made.append(mark, element("span", "", one.name), element("span", "meta", words[one.need]));
      return made;
    }));
  }
}
