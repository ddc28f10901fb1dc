// What a long document needs only once somebody comes near it: words as they were read, types to choose from, thumbnails.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;

  const base = "/review/" + encodeURIComponent(desk.dataset.document);
  // Documents asked about at once, and thumbnails drawn at once: the scan that is looked at never waits behind them.
  const MOST_PARTS = 20;
  const MOST_DRAWN = 2;

  // What comes within a screen of being seen, told with all that came near at the same moment.
  function watch(nodes, root, come, go = () => {}) {
    const observer = new IntersectionObserver((entries) => {
      for (const one of entries) if (!one.isIntersecting) go(one.target, observer);
      const near = entries.filter((one) => one.isIntersecting).map((one) => one.target);
      if (near.length) come(near, observer);
    }, { root, rootMargin: "100%" });
    for (const node of nodes) observer.observe(node);
  }

  // ---- documents of the file ----

  function fill(part) {
    const select = part.querySelector("select.kind");
    if (select.length > 1) return;
    const kept = select.value;
    select.replaceChildren(document.getElementById("kinds").content.cloneNode(true));
    select.value = kept;
  }

  async function ask(parts) {
    const wanted = parts.map((part) => "part=" + part.dataset.part).join("&");
    const answer = await fetch(base + "/words?" + wanted, { headers: { "X-Background": "1" } });
    if (!answer.ok) throw new Error(String(answer.status));
    for (const [id, words] of Object.entries(await answer.json())) show(document.getElementById(id), words);
  }

  function show(field, words) {
    const line = field && field.querySelector(".read_as .words");
    if (!line || !words.length) return;
    line.replaceChildren(...words.flatMap(([text, doubt], place) => {
      const said = document.createElement("span");
      said.className = "said doubt-" + doubt;
      said.textContent = text;
      return place ? [" ", said] : [said];
    }));
  }

  function bring(near, observer) {
    for (const part of near) {
      observer.unobserve(part);
      fill(part);
    }
    for (let place = 0; place < near.length; place += MOST_PARTS) {
      const parts = near.slice(place, place + MOST_PARTS);
      ask(parts).catch(() => setTimeout(() => watch(parts, root, bring), 3000));
    }
  }

  const side = document.getElementById("fields");
  const root = getComputedStyle(side).overflowY === "auto" ? side : null;
  watch(desk.querySelectorAll(".part"), root, bring);

  // ---- thumbnails ----

  const waiting = new Set();
  let drawn = 0;

  function draw() {
    for (const thumb of waiting) {
      if (drawn >= MOST_DRAWN) return;
      waiting.delete(thumb);
      drawn += 1;
      const picture = thumb.querySelector("img");
      const done = () => { drawn -= 1; draw(); };
      picture.addEventListener("load", done, { once: true });
      picture.addEventListener("error", done, { once: true });
      picture.src = picture.dataset.src;
      delete picture.dataset.src;
    }
  }

  // Not before the page is loaded, which would be later for them, and not before the scan.
  const strip = document.getElementById("strip");
  const seen = new Promise((done) => desk.addEventListener("shown", done, { once: true }));
  const loaded = new Promise((done) => window.addEventListener("load", done, { once: true }));
  if (strip) Promise.all([seen, loaded]).then(() => watch(strip.querySelectorAll(".thumb"), strip, (near) => {
    for (const thumb of near) if (thumb.querySelector("img").dataset.src) waiting.add(thumb);
    draw();
  }, (thumb) => waiting.delete(thumb)));
})();
