"""The bench of the desks: how soon an operator sees a page, and a reviewer a long document, by the browser's own clock.

An embedded stack of its own, SANE's ``test`` device as its scanner, and Chromium. Pages arrive when their bytes leave the
browser, those from the scanner when their file is whole.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pikepdf
from playwright.sync_api import Page, sync_playwright

from scripts.bench.review_page import measure_review
from scripts.bench.speed import make_a4

SAMPLES = Path("scripts/samples/000.00.16.H05-260105-0001")
OFFICE, PASSWORD = "000.00.16.H05", "Một câu đủ dài để nhớ ở quầy 2026"
#: Made pages that a long document repeats.
MADE = 10
#: Seconds until something is thought never to come about: in a page, and until a long document is read.
SOON, PATIENCE = 60, 600

#: Watches for the first thumbnail with its verdict, and for the first page that is read, of papers that come from now on.
_WATCH = """() => {
  const known = new Set([...document.querySelectorAll(".one")].map((one) => one.id));
  const seen = {};
  const look = () => {
    for (const one of document.querySelectorAll(".one")) {
      if (known.has(one.id)) continue;
      const card = one.querySelector(".sheet_card:is(.good, .fair, .rescan)");
      const picture = card && card.querySelector("img");
      if (picture && !picture.complete) picture.onload = look;
      if (picture && picture.complete && !("seen" in seen)) seen.seen = Date.now();
      if ((one.querySelector(".first_text") || one.querySelector(".chip.needs_review, .chip.approved")) && !("text" in seen))
        seen.text = Date.now();
    }
  };
  new MutationObserver(look).observe(document.getElementById("papers"), { childList: true, subtree: true });
  window.soon = seen;
  const sent = () => { seen.sent = Date.now(); };
  document.getElementById("files").addEventListener("change", sent, { once: true, capture: true });
}"""

#: Notes when each card of a page from the scanner shows its thumbnail.
_WATCH_FEEDER = """() => {
  window.cards = {};
  const look = () => {
    document.querySelectorAll("#feeding .sheet_card img").forEach((picture, place) => {
      const note = () => { if (!(place in window.cards)) window.cards[place] = Date.now(); };
      if (picture.complete) note();
      else picture.onload = note;
    });
  };
  new MutationObserver(look).observe(document.querySelector("#feeding .sheets"), { childList: true, subtree: true });
}"""


def bench_station(folder: Path, pages: int, rounds: int) -> None:
    """Print what operator and reviewer wait for; the long document has ``pages`` pages."""
    with _stack(folder) as (address, password), sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        page = browser.new_page(base_url=address, bypass_csp=True, viewport={"width": 1366, "height": 768})
        page.set_default_timeout(SOON * 1000)
        _sign_in(page, password)
        print("| what | count | median, ms | longest, ms |\n|---|---|---|---|")
        for name, measured in _measured(page, folder, pages, rounds):
            values = f"{statistics.median(measured):.0f} | {max(measured):.0f}" if measured else "– | –"
            print(f"| {name} | {len(measured)} | {values} |", flush=True)
        browser.close()


def _measured(page: Page, folder: Path, pages: int, rounds: int) -> Iterator[tuple[str, Sequence[float]]]:
    yield from _files(page, rounds)
    yield "page from the feeder to thumbnail and verdict", _feeder(page, folder / "home/scratch", rounds)
    yield from _review(page, _long_document(folder, pages), pages, rounds)


@contextmanager
def _stack(folder: Path) -> Iterator[tuple[str, str]]:
    """Where the pages are served, and the one-time password of an operator who reviews as well."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        "SOHOA_HOME": str(folder / "home"),
        "SOHOA_WEB_PORT": str(port),
        "SOHOA_SCANNER": "test",
        "SOHOA_SCANNER_OPTIONS": "--read-delay=yes --read-delay-duration=60000",
    }
    environment = {**os.environ, **own}
    command = [sys.executable, "-m", "pipeline"]
    subprocess.run([*command, "up"], env=environment, check=True, capture_output=True)
    try:
        rights = ["--role", "operator", "--role", "reviewer", "--office", OFFICE]
        made = subprocess.run(
            [*command, "accounts", "add", "hoa", "--name", "Hoa", *rights],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        found = re.search(r"one-time password: (\S+)", made.stdout)
        assert found is not None
        yield f"http://127.0.0.1:{port}", found[1]
    finally:
        subprocess.run([*command, "down"], env=environment, check=True, capture_output=True)


def _sign_in(page: Page, password: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=login]").fill("hoa")
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.get_by_text("Hoa", exact=True).first.wait_for()
    page.goto("/account/password")
    for field in page.locator("input[type=password]").all():
        field.fill(password if field.get_attribute("autocomplete") == "current-password" else PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("input[type=password]", state="detached")


def _new_dossier(page: Page) -> None:
    page.goto("/station")
    page.get_by_role("button", name="Tạo hồ sơ mới").click()
    page.wait_for_url("**/station/dossier?*")


def _files(page: Page, rounds: int) -> Iterator[tuple[str, Sequence[float]]]:
    seen, read = [], []
    for _ in range(rounds):
        _new_dossier(page)
        for file in sorted(SAMPLES.iterdir()):
            page.evaluate(_WATCH)
            page.locator("#files").set_input_files(file)
            page.wait_for_function("'text' in window.soon && 'seen' in window.soon")
            times = page.evaluate("window.soon")
            seen.append(times["seen"] - times["sent"])
            read.append(times["text"] - times["sent"])
    yield "file dropped to first thumbnail and verdict", seen
    yield "file dropped to first text of a page", read


def _feeder(page: Page, scratch: Path, rounds: int) -> Sequence[float]:
    """From a page's file being whole to its thumbnail, over batches of the test device's ten pages."""
    waited: list[float] = []
    for _ in range(rounds):
        _new_dossier(page)
        page.evaluate(_WATCH_FEEDER)
        arrived: dict[int, float] = {}
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=[scratch, arrived, done])
        watcher.start()
        page.locator("#scan button").click()
        page.wait_for_selector(".one")
        done.set()
        watcher.join()
        cards = {int(place): at for place, at in page.evaluate("window.cards").items()}
        waited += [cards[place] - arrived[place] * 1000 for place in sorted(cards.keys() & arrived.keys())]
    return waited


def _watch(scratch: Path, arrived: dict[int, float], done: threading.Event) -> None:
    """Note when the files of pages from the scanner are whole."""
    while not done.wait(0.01):
        for file in scratch.glob("feeder-*/page-*.tif"):
            try:
                arrived.setdefault(int(file.stem.rpartition("-")[2]) - 1, file.stat().st_mtime)
            except FileNotFoundError:
                continue


def _long_document(folder: Path, pages: int) -> Path:
    made = make_a4(("office",), MADE, folder / "made")
    path = folder / "long.pdf"
    with pikepdf.new() as whole:
        while len(whole.pages) < pages:
            for file in made:
                with pikepdf.open(file) as part:
                    whole.pages.extend(part.pages)
        del whole.pages[pages:]
        whole.save(path)
    return path


def _review(page: Page, path: Path, pages: int, rounds: int) -> Iterator[tuple[str, Sequence[float]]]:
    _new_dossier(page)
    page.locator("#files").set_input_files(path)
    page.wait_for_selector(".chip:is(.needs_review, .approved)", timeout=PATIENCE * 1000)
    document = page.locator(".one").get_attribute("id")
    assert document is not None
    yield from measure_review(page, f"/review/{document.removeprefix('paper-')}", pages, rounds)
