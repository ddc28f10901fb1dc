"""Pages in a real browser: a house served on this machine, Chromium that is signed in to it, and axe looking on."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from pipeline.domain.documents import Source
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.pages import Quality
from pipeline.domain.people import ALL_OFFICES, Role
from pipeline.scan_views import Glance, Sight, encode_view
from tests.web_house import WebHouse

#: Widths and heights that pages are looked at in: an office screen, a tablet, a phone.
SCREENS = ((1366, 768), (768, 1024), (390, 844))
SCHEMES = ("light", "dark")

#: Milliseconds after which something that must come about in a browser is thought never to; generous, for slow machines.
PATIENCE = 90_000

_AXE = Path(".venv/axe/node_modules/axe-core/axe.min.js")


class DrawnViews:
    """Shows pages with the lines of a scripted reader on them, where it says that they stand."""

    def __init__(self, folder: Path, lines: str) -> None:
        self.folder = folder
        self.lines = lines
        self.shown: list[tuple[int, int]] = []
        self.pages = 1
        self.verdicts: dict[int, Quality] = {}
        self.error: RejectedInputError | None = None

    def inspect(self, path: Path, name: str) -> Source:
        """A PDF of ``pages`` pages, whatever it holds; raises ``error``."""
        if self.error is not None:
            raise self.error
        data = path.read_bytes()
        return Source(name, hashlib.sha256(data).hexdigest(), len(data), "application/pdf", self.pages)

    def glance(self, sight: Sight) -> Glance:
        """The verdict that ``verdicts`` has for the page, else a good one."""
        return Glance(self.verdicts.get(sight.number, Quality()))

    def view(self, sight: Sight) -> Path:
        """A page of 827 by 1169 pixels."""
        self.shown.append((sight.number, sight.width))
        pixels = np.full((1169, 827, 3), 250, np.uint8)
        for row, line in enumerate(self.lines.split("\n")):
            for place, word in enumerate(line.split()):
                at = (102 + 90 * place, 122 + 40 * row)
                plain = word.encode("ascii", "replace").decode()
                cv2.putText(pixels, plain[:8], at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1, cv2.LINE_AA)
        path = self.folder / f"{sight.number}-{sight.width}.webp"
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        part.write_bytes(encode_view(pixels, sight.turn, sight.width))
        return part.replace(path)


@contextmanager
def served(house: WebHouse) -> Iterator[str]:
    """The address at which the pages of ``house`` are served meanwhile, on a free port."""
    server = uvicorn.Server(uvicorn.Config(house.app, host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off"))
    begun = threading.Event()
    startup = server.startup

    async def start(sockets: object = None) -> None:
        await startup(sockets)  # type: ignore[arg-type]
        begun.set()

    server.startup = start  # type: ignore[assignment, method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert begun.wait(60), "the server does not start"
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; the test is skipped where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on this machine")
    expect.set_options(timeout=PATIENCE)
    options = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        try:
            yield browser
        finally:
            browser.close()


def visitor(
    browser: Browser,
    house: WebHouse,
    address: str,
    login: str,
    *roles: Role,
    screen: tuple[int, int] = SCREENS[0],
    scheme: str = "light",
    offices: tuple[str, ...] = (ALL_OFFICES,),
) -> BrowserContext:
    """A browser window in which a person is signed in, entered where there is none of this login yet."""
    account = house.catalogue.people.by_login(login) or house.person(login, *roles, offices=offices)
    width, height = screen
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        base_url=address,
    )
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sohoa", "value": house.house.admission.open(account, "127.0.0.1"), "url": address}])
    return context


class Complaints(list[str]):
    """What a page's console and scripts complain of."""

    def listen(self, page: Page) -> Page:
        """The page, listened to from now on."""
        page.on("console", lambda said: self.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.append(str(error)))
        return page


@cache
def _axe(root: Path) -> str:
    return (root / _AXE).read_text(encoding="utf-8")


def faults_of(page: Page, root: Path) -> list[str]:
    """What axe finds against the page as it stands; the test is skipped where there is no axe."""
    if not (root / _AXE).exists():
        pytest.skip("axe is not installed: scripts/setup test")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": _axe(root)})
    found = session.send("Runtime.evaluate", {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True})[
        "result"
    ]["value"]
    session.detach()
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
