"""docs/api.md as a stranger follows it: every example of it is run, in its order, against an installation at a port."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.domain.outbox import Delivery, DeliveryState, EventKind, ReuseEvent
from pipeline.reuse.webhooks import HEADER, ID_HEADER, render_event, sign
from pipeline.web import make_app
from tests.api_house import ApiHouse, work
from tests.api_server import serving
from tests.reuse_office import BIRTH, LAN, entitled

BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Working:
    """The application, in front of workers that are done before anybody looks."""

    def __init__(self, app: ASGIApp, house: ApiHouse) -> None:
        self.app = app
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            await run_in_threadpool(work, self.house)
        await self.app(scope, receive, send)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path)
    with made.web:
        made.office.allow(entitled())
        made.office.hold("20260105-0123456789ab", BIRTH, replace(LAN, id12="001190000018"))
        yield made


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """Where the stranger works; ``sohoa`` is found there."""
    made = tmp_path / "stranger"
    made.mkdir()
    (made / "scan.pdf").write_bytes(b"%PDF a scan" * 50)
    command = made / "sohoa"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n')
    command.chmod(0o755)
    return made


def test_a_stranger_is_connected_by_the_examples_alone(
    root: Path, house: ApiHouse, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    blocks = BLOCK.findall((root / "docs" / "api.md").read_text(encoding="utf-8"))
    assert [kind for kind, _ in blocks].count("python") >= 4
    monkeypatch.chdir(folder)
    front = Working(house.web.app, house)
    with serving(front) as origin:
        house.web.house = replace(house.web.house, systems=replace(house.desk, origin=origin))
        front.app = make_app(house.web.house)
        environment = os.environ | {
            "SOHOA": origin,
            "SOHOA_HOME": str(tmp_path / "home"),
            "SOHOA_CATALOGUE_URL": f"sqlite:///{tmp_path}/catalogue.sqlite",
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(root),
        }
        known: dict[str, Any] = {"origin": origin, "pause": lambda: work(house)}
        for kind, text in blocks:
            if kind == "python":
                exec(compile(text, "docs/api.md", "exec"), known)
            else:
                run(text, folder, environment)
                known["secret"] = re.search(r"secret: (\S+)", (folder / "added.txt").read_text())[1] if added(folder) else ""
    left(folder)
    told_once(known)


def added(folder: Path) -> bool:
    return (folder / "added.txt").exists()


def run(text: str, folder: Path, environment: dict[str, str]) -> None:
    """A block, in the shell that the blocks before it have left."""
    kept = folder / "kept.sh"
    before = kept.read_text() if kept.exists() else ""
    script = (
        f"set -euo pipefail\n{before}\n{text}\ndeclare -p SOHOA SECRET TOKEN UPLOAD DOSSIER 2>/dev/null > kept.new || true\n"
    )
    script += "declare -f field >> kept.new\nmv kept.new kept.sh\n"
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def left(folder: Path) -> None:
    """What the stranger holds at the end."""
    assert (folder / "document.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "fetched.pdf").read_bytes() == (folder / f"{BIRTH}.pdf").read_bytes() == b"%PDF 20260105-0123456789ab 1"
    assert json.loads((folder / "check.json").read_text())["dont_ask_again"][0]["type"] == BIRTH
    assert json.loads((folder / "release.json").read_text())["receipt"].count(".") == 2
    lines = [json.loads(line) for line in (folder / "lines.jsonl").read_text().splitlines()]
    assert "20260105-0123456789ab" in [line["MaTaiLieu"] for line in lines]


def told_once(known: dict[str, Any]) -> None:
    """The receiver of the page takes a webhook once, and no other."""
    event = ReuseEvent(1, "e1", EventKind.DOCUMENT_REVOKED, NOW, "000.00.16.H05-260105-0001", "20260105-0123456789ab")
    delivery, body = Delivery("d1", event, known["subscription"], DeliveryState.WAITING, 0, NOW), render_event(event)
    headers = {ID_HEADER: delivery.id, HEADER: sign(delivery.id, body, known["secrets"], NOW)}
    seen: set[str] = set()
    assert known["receive"](headers, body, NOW.timestamp(), seen).kind == "document.revoked"
    assert known["receive"](headers, body, NOW.timestamp(), seen) is None
