"""The public page: valid, revoked or unknown, and nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.web import checking
from tests.reuse_office import LAN, ReuseOffice, entitled
from tests.web_house import WebHouse


@pytest.fixture
def office(tmp_path: Path) -> ReuseOffice:
    office = ReuseOffice(tmp_path)
    office.allow(entitled())
    office.hold("A")
    return office


@pytest.fixture
def browser(tmp_path: Path, office: ReuseOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(checking, "_limiter", checking.Limiter())
    (tmp_path / "web").mkdir()
    with WebHouse(tmp_path / "web", reuse=office.ports) as web:
        yield web.client


def test_a_print_of_a_paper_that_holds_is_valid_in_both_languages(browser: TestClient, office: ReuseOffice) -> None:
    code = office.prints.make("A", actor="cán bộ A")
    answer = browser.get(f"/check/{code}")
    assert answer.status_code == 200
    assert "Còn giá trị" in answer.text and "Giấy khai sinh" in answer.text
    assert "Valid" in browser.get(f"/check/{code}?lang=en").text


def test_nothing_personal_stands_on_it(browser: TestClient, office: ReuseOffice) -> None:
    code = office.prints.make("A", actor="cán bộ A")
    text = browser.get(f"/check/{code}").text
    for secret in (LAN.name, LAN.id12, LAN.birth_date, "A/2020", "000.00.16.H05-260105-0001", "cán bộ A"):
        assert secret not in text


def test_revoked_papers_say_so_and_the_reason_stays_inside(browser: TestClient, office: ReuseOffice) -> None:
    code = office.prints.make("A", actor="cán bộ A")
    office.revocations.revoke("A", reason="Khai gian", basis="QĐ 12/QĐ-UBND", actor="cán bộ A")
    text = browser.get(f"/check/{code}").text
    assert "Không còn giá trị" in text
    assert "Khai gian" not in text and "QĐ 12" not in text


@pytest.mark.parametrize("code", ["0" * 26, "xyz", "%00", "A" * 99])
def test_what_is_no_code_of_ours_is_unknown(browser: TestClient, code: str) -> None:
    answer = browser.get(f"/check/{code}")
    assert answer.status_code == 200
    assert "Không xác nhận được" in answer.text


def test_codes_are_read_as_people_type_them(browser: TestClient, office: ReuseOffice) -> None:
    code = office.prints.make("A", actor="cán bộ A")
    typed = "-".join((code[:5], code[5:])).lower().replace("0", "o").replace("1", "l")
    assert "Còn giá trị" in browser.get("/check", params={"code": f" {typed} "}).text
    assert "Mã không đúng" in browser.get("/check", params={"code": "123"}).text


def test_who_asks_too_often_waits(browser: TestClient) -> None:
    answers = [browser.get(f"/check/{number:026d}") for number in range(checking.LOOKS + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_no_search_engine_lists_it(browser: TestClient) -> None:
    assert browser.get("/check").headers["X-Robots-Tag"] == "noindex"
