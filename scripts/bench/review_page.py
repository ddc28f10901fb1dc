"""The bench of the review page: how soon a long document opens, and how smoothly one goes through it, by the browser's clock.

Frames are those that the browser drew while somebody scrolled all fields, went from field to field, and turned all pages; long
tasks are what kept its main thread for more than 50 ms.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from playwright.sync_api import Page

#: Fields gone through by the keyboard in one round.
STEPS = 60
#: Milliseconds from which on a frame is seen to come late.
JANK = 50

#: The number of the page whose scan stands there, 0 while it does not.
_SHOWN = """() => {
  const there = [...document.querySelectorAll(".sheet")].find((sheet) => sheet.getBoundingClientRect().height > 0);
  return there && there.dataset.shown ? Number(there.dataset.page) : 0;
}"""

#: Notes when the first scan stands there.
_NOTE_SCAN = """new MutationObserver((changes, observer) => {
  if (!document.querySelector(".sheet[data-shown]")) return;
  window.scanShown = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, attributeFilter: ["data-shown"] });"""
#: Notes every frame and every long task from now on.
_RECORD = """() => {
  const noted = { frames: [], tasks: [] };
  const note = (list) => noted.tasks.push(...list.getEntries().map((one) => one.duration));
  new PerformanceObserver(note).observe({ type: "longtask" });
  let last = performance.now();
  const next = (now) => { noted.frames.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(next); });
  window.noted = noted;
}"""
#: What was noted since the last time.
_NOTED = "() => ({ frames: window.noted.frames.splice(0), tasks: window.noted.tasks.splice(0) })"
#: All fields, scrolled through in steps of a frame, and through their end.
_SCROLL = """async () => {
  const side = document.getElementById("fields");
  for (let at = 0; at < side.scrollHeight; at += 120) {
    side.scrollTop = at;
    await new Promise(requestAnimationFrame);
  }
}"""


def measure_review(page: Page, address: str, pages: int, rounds: int) -> Iterator[tuple[str, Sequence[float]]]:
    """What a reviewer waits for at the document of ``pages`` pages under ``address``, opened ``rounds`` times."""
    opened, painted, shown, tasks = [], [], [], []
    turned: list[float] = []
    moved: dict[str, list[float]] = {"scrolling all fields": [], "going from field to field": [], "turning pages": []}
    page.add_init_script(_NOTE_SCAN)
    for _ in range(rounds):
        page.goto(address, wait_until="load")
        opened.append(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
        shown.append(page.wait_for_function("window.scanShown").json_value())
        painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        page.evaluate(_RECORD)
        page.evaluate(_SCROLL)
        tasks += _note(page, moved["scrolling all fields"])
        _step(page)
        tasks += _note(page, moved["going from field to field"])
        turned += [_turn(page) for _ in range(min(pages - 1, 20))]
        tasks += _note(page, moved["turning pages"])
    yield f"review page of {pages} pages opens", opened
    yield "its first content is painted", painted
    yield "its first scan is shown", shown
    yield "the next page is shown (Alt+PgDn)", turned
    for name, frames in moved.items():
        yield f"a frame while {name}", frames
        yield f"such frames over {JANK} ms", [frame for frame in frames if frame > JANK]
    yield "long tasks meanwhile", tasks


def _note(page: Page, frames: list[float]) -> Sequence[float]:
    """Take over what was noted: the frames, and the long tasks as the answer."""
    noted = page.evaluate(_NOTED)
    frames += noted["frames"]
    return list(noted["tasks"])


def _step(page: Page) -> None:
    """From field to field by the keyboard, from the first one on, as fast as the page follows."""
    page.locator(".field .value").first.focus()
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        page.evaluate("new Promise(requestAnimationFrame)")


def _turn(page: Page) -> float:
    """Milliseconds from the key to the next scan."""
    before = page.evaluate(_SHOWN)
    if not before:
        page.wait_for_function(_SHOWN)
        before = page.evaluate(_SHOWN)
    begun = time.perf_counter()
    page.keyboard.press("Alt+PageDown")
    page.wait_for_function(f"(before) => ({_SHOWN})() > before", arg=before)
    return (time.perf_counter() - begun) * 1000
