// Fetches the figures of the state page again every two seconds while it is looked at.
"use strict";

const PAUSE = 2000;
const LONGEST_PAUSE = 30000;

function watch(target) {
  const stale = document.getElementById("stale");
  const address = target.dataset.refresh + "?lang=" + encodeURIComponent(document.documentElement.lang);
  let pause = PAUSE;
  let shown = target.innerHTML;

  async function refresh() {
    if (!document.hidden) {
      try {
        const answer = await fetch(address, { cache: "no-store", headers: { "X-Background": "1" } });
        if (answer.redirected) return location.reload();
        if (!answer.ok) throw new Error(String(answer.status));
        const html = await answer.text();
        if (html !== shown) target.innerHTML = html;
        shown = html;
        pause = PAUSE;
        stale.hidden = true;
      } catch {
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        stale.hidden = false;
      }
    }
    setTimeout(refresh, pause);
  }
  setTimeout(refresh, pause);
}

const target = document.querySelector("[data-refresh]");
if (target) watch(target);
