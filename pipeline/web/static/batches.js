// The page of a batch: what changes comes as server-sent events, and the button in focus stays so.
"use strict";

(() => {
  const part = document.getElementById("batch");
  if (!part) return;
  let shown = null;

  const source = new EventSource(part.dataset.events);
  source.onmessage = (event) => {
    const html = JSON.parse(event.data);
    if (html === shown) return;
    shown = html;
    const held = part.contains(document.activeElement) ? document.activeElement.getAttribute("data-focus") : null;
    part.innerHTML = html;
    const again = held && part.querySelector('[data-focus="' + held + '"]');
    if (again) again.focus();
  };
  addEventListener("pagehide", () => source.close());
})();
