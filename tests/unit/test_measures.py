"""How much one person may do: too many requests are refused, unusual looking is told, a day's handing in is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.people import News, Role
from pipeline.people.measures import HOUR, Looks, Measures
from pipeline.settings import Settings
from tests.browsing import DrawnViews
from tests.unit.test_web_review import hand_in
from tests.web_house import AT, WebHouse, token_of

DOSSIER = "000.00.16.H05-260105-0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    measures = Measures(requests=30, papers=3, files=2, size=1000)
    with WebHouse(tmp_path, views=DrawnViews(tmp_path, "một trang"), measures=measures) as made:
        made.reader.pages = 1
        made.person("boss", Role.ADMINISTRATOR)
        yield made


def told(house: WebHouse) -> list[tuple[News, str]]:
    return [(one.news, one.by) for one in house.catalogue.people.notices.of("boss")]


def audited(house: WebHouse, reason: str) -> list[str]:
    house.catalogue.audit.seal("2026-01-05", 1000)
    return [line.happening.actor for line in house.catalogue.audit.lines() if line.happening.reason == reason]


def test_who_asks_faster_than_anybody_works_is_refused_for_a_while_and_told_of_once(house: WebHouse) -> None:
    browser, other = house.signed_in("x", Role.REVIEWER), house.signed_in("y", Role.REVIEWER)
    answers = [browser.get("/review") for _ in range(33)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 3
    assert answers[-1].headers["retry-after"] == "2"
    assert "quá nhiều yêu cầu" in answers[-1].text
    assert other.get("/review").status_code == 200
    assert told(house) == [(News.MUCH_ASKED, "x")]
    assert audited(house, "too many requests") == ["x"]
    house.clock.advance(timedelta(seconds=2))
    assert browser.get("/review").status_code == 200


def test_who_looks_at_unusually_many_papers_is_told_of_and_goes_on(house: WebHouse) -> None:
    papers = [hand_in(house, f"{number}.pdf", dossier=DOSSIER) for number in range(4)]
    browser = house.signed_in("x", Role.REVIEWER)
    for paper in papers[:2] * 2:
        browser.get(f"/documents/{paper.id}")
    assert told(house) == []
    for paper in papers[2:]:
        assert browser.get(f"/documents/{paper.id}").status_code == 200
    assert told(house) == [(News.MUCH_READ, "x")]
    assert audited(house, "unusually many papers") == ["x"]


def test_papers_of_an_hour_ago_do_not_count() -> None:
    looks = Looks()
    assert [looks.reaches("x", str(number), 3, AT) for number in (1, 2, 2, 3, 4)] == [False, False, False, True, False]
    later = AT + HOUR + timedelta(seconds=1)
    assert [looks.reaches("x", str(number), 3, later) for number in (1, 2, 3)] == [False, False, True]


def test_nobody_hands_in_more_than_a_days_measure(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.OPERATOR)
    assert [hand(browser, size) for size in (100, 2000, 100, 100)] == [200, 403, 200, 403]
    assert hand(house.signed_in("y", Role.OPERATOR), 100) == 200
    house.clock.advance(timedelta(days=1))
    assert hand(house.signed_in("x2", Role.OPERATOR), 100) == 200
    people = house.catalogue.people
    today, tomorrow = AT.date(), AT.date() + timedelta(days=1)
    assert not people.hand_in("x", today, 1, 2, 1000)
    assert people.hand_in("x", tomorrow, 1, 2, 1000)


def hand(browser: object, size: int) -> int:
    files = [("files", ("đơn.pdf", b"%PDF" + b"a" * size, "application/pdf"))]
    form = {"csrf": token_of(browser, "/station"), "code": DOSSIER}
    return int(browser.post("/station/files", data=form, files=files).status_code)


def test_measures_are_settings() -> None:
    found = Settings.from_environment({"SOHOA_PERSON_REQUESTS": "5", "SOHOA_PERSON_MB": "7"}).web.measures
    assert (found.requests, found.size, found.papers) == (5, 7_000_000, Measures().papers)


@pytest.mark.parametrize(
    ("said", "origin", "roles"),
    [
        (None, "", set()),
        (None, "https://x.vn", {"administrator", "reviewer"}),
        ("none", "https://x.vn", set()),
        ("operator, administrator", "", {"operator", "administrator"}),
    ],
)
def test_who_needs_a_second_factor_is_a_setting(said: str | None, origin: str, roles: set[str]) -> None:
    env = {"SOHOA_WEB_ORIGIN": origin} | ({} if said is None else {"SOHOA_SECOND_FACTOR": said})
    assert Settings.from_environment(env).web.second_factor == roles
    with pytest.raises(ValueError, match="no clerk"):
        Settings.from_environment({"SOHOA_SECOND_FACTOR": "clerk"})
