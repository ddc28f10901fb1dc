// What a paper is: chosen before papers are handed in, told on the card of each, put right where an original turns out to be none.
import { byId, button, element, post, tell, told } from "./station_parts.js";

const NAMES = {
  original: told.nOriginal,
  certified_copy: told.nCertifiedCopy,
  photocopy: told.nPhotocopy,
  show_only: told.nShowOnly,
};

export class Nature {
  constructor({ follow }) {
    this.follow = follow;
    this.input = byId("nature_in");
    this.note = byId("nature_note");
    this.chosen = new Map();
    this.input.addEventListener("change", () => this.show());
    this.show();
  }

  get value() {
    return this.input.value;
  }

  show() {
    const said = { original: "", show_only: told.natureShowNote };
    this.note.textContent = said[this.value] === undefined ? told.natureNote : said[this.value];
    byId("nature").classList.toggle("other", this.value !== "original");
  }

  // The next paper is an original again: nobody leaves the counter with a choice that was meant for another paper.
  reset() {
    this.input.value = "original";
    this.show();
  }

  // What stands on the card of a paper: a choice while it is taken for an original, else what it is.
  mark(paper) {
    if (paper.nature !== "original" || paper.status === "rejected") {
      return paper.nature === "original" ? "" : element("span", "chip other", paper.nature_said);
    }
    const choice = element("select", "nature_of");
    choice.setAttribute("aria-label", told.natureOne);
    choice.setAttribute("data-focus", "nature");
    for (const [value, name] of Object.entries(NAMES)) {
      const option = element("option", "", name);
      option.value = value;
      choice.append(option);
    }
    // Arrow keys change a choice step by step: nothing is noted before the button says so.
    const keep = button(told.natureKeep, () => this.declare(paper, choice), "nature_keep");
    choice.value = this.chosen.get(paper.id) || "original";
    keep.hidden = choice.value === "original";
    choice.addEventListener("change", () => {
      this.chosen.set(paper.id, choice.value);
      keep.hidden = choice.value === "original";
    });
    const made = element("span", "nature_mark");
    made.append(choice, keep);
    return made;
  }

  async declare(paper, choice) {
    choice.disabled = true;
    const said = await post("/station/nature/" + encodeURIComponent(paper.id), new URLSearchParams({ nature: choice.value }));
    choice.disabled = false;
    if (said.error) return tell(said.error, true);
    this.chosen.delete(paper.id);
    tell(told.natureKept);
    this.follow(said.state);
    const next = byId("paper-" + paper.id).querySelector("button");
    if (next) next.focus();
  }
}
