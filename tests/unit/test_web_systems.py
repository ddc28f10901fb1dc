"""The pages of systems that call the interface: who sees them, suspended with a reason, new secrets shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.custody.auditing import Notes
from pipeline.domain.clients import Client, Scope
from pipeline.domain.people import Role
from pipeline.systems.desk import SystemDesk
from pipeline.systems.registry import plan_of
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from tests.api_house import MemoryTokenKeys
from tests.web_house import ORIGIN, WebHouse, token_of


@contextmanager
def systems_house(tmp_path: Path) -> Iterator[WebHouse]:
    """A house with one system and one key of tokens."""
    other = SqlCatalogue(f"sqlite:///{tmp_path}/systems.sqlite")
    desk = SystemDesk(other.clients, MemoryTokenKeys(), Notes(other.audit, FixedClock()), FixedClock(), ORIGIN)
    with WebHouse(tmp_path, systems=desk) as made:
        desk.registry.add(plan_of("dvc", '<b>"Cổng" dịch vụ công</b>', "H05", (), [Scope.DOSSIERS_READ]), by="test")
        desk.keyring.signing_key()
        yield made
    other.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with systems_house(tmp_path) as made:
        yield made


def dvc(house: WebHouse) -> Client:
    assert house.house.systems
    return house.house.systems.registry.find("dvc")


def test_administrators_see_what_each_system_may_do(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.ADMINISTRATOR)
    for path in ("/systems", "/systems/dvc"):
        page = browser.get(path).text
        assert "dossiers:read" in page
        assert "Đang dùng" in page
        assert "<b>" not in page
    assert "Khóa ký mã truy cập" in browser.get("/systems").text
    assert "Xin tài liệu gần nhất" in browser.get("/systems").text
    assert browser.get("/systems/none").status_code == 404
    assert house.signed_in("y", Role.MANAGER).get("/systems").status_code == 403


def test_a_system_is_suspended_with_a_reason_only_and_let_in_again(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.ADMINISTRATOR)
    token = token_of(browser)
    refused = browser.post("/systems/dvc/suspend", data={"csrf": token, "reason": "  "})
    assert (refused.status_code, dvc(house).disabled) == (422, False)
    browser.post("/systems/dvc/suspend", data={"csrf": token, "reason": "khóa bị lộ"})
    assert dvc(house).disabled
    assert "Tạm dừng" in browser.get("/systems").text
    log = house.house.systems.notes.log  # type: ignore[union-attr]
    log.seal("2026-01-05", 100)  # type: ignore[attr-defined]
    told = [line.happening for line in log.lines() if line.happening.reason == "system disabled"]
    assert [(one.actor, one.told["why"]) for one in told] == [("x", "khóa bị lộ")]
    browser.post("/systems/dvc/resume", data={"csrf": token})
    assert not dvc(house).disabled


def test_a_new_secret_is_shown_once(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.ADMINISTRATOR)
    answer = browser.post("/systems/dvc/rotate", data={"csrf": token_of(browser)})
    assert re.search(r'one-time">[\w-]{43}<', answer.text)
    assert len(dvc(house).secrets) == 2
    assert "one-time" not in browser.get("/systems/dvc").text
