"""The page of later readings: who sees what would change, accepts it or leaves it, and who is told of whom beforehand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline import archive, flow
from pipeline.console import PageProgress
from pipeline.custody.erasing import Erasing
from pipeline.domain.documents import Document, QueueName
from pipeline.domain.geometry import Box
from pipeline.domain.people import Role
from pipeline.domain.releases import Released, ReleaseForm
from pipeline.rereading import keep_previews, preview
from pipeline.rereading_desk import Asked, Desk, Preview, Previews, Why, desk
from pipeline.rereading_desk.previews import parse_preview, render_preview
from pipeline.scan_views import ScanViewer
from pipeline.web.rereading_views import strip_of
from tests.reviewed_office import BIRTH, DOSSIER
from tests.unit.test_rereading import ScriptedPool
from tests.unit.test_web_markup import EVIL, foreign
from tests.unit.test_web_review import hand_in
from tests.web_house import AT, WebHouse, token_of

BEFORE, AFTER = "002315000123", "002315000128"
KIND, ELSEWHERE = "giay_khai_sinh", "H06-260105-0001"


def look(house: WebHouse, *documents: Document) -> None:
    """What the command does: previews by another engine, kept where the page finds them."""
    services: Any = SimpleNamespace(flow=house.flow, catalogue=house.catalogue, store=house.store)
    pool: Any = ScriptedPool(house.reader)
    list(keep_previews(preview(documents, "better", services, pool, PageProgress()), services))


def release(house: WebHouse, document: Document, system: str = "dvc") -> None:
    told = Released(
        f"R-{system}", system, "H05", document.id, 1, 1, "giay_khai_sinh", "cap_lai", ReleaseForm.PDF, "", AT, "", ""
    )
    house.catalogue.releases.restore(told)


@contextmanager
def rereadings_house(tmp_path: Path, views: ScanViewer | None = None) -> Iterator[tuple[WebHouse, list[Document]]]:
    """A house of which one number reads otherwise today in the first of three papers; the second one was fetched."""
    with WebHouse(tmp_path, views=views) as house:
        house.reader.pages = 1
        house.reader.texts = {"scripted": BIRTH, "better": BIRTH.replace(BEFORE, AFTER)}
        documents = [hand_in(house, "khai sinh 1.pdf"), hand_in(house, "khai sinh 2.pdf")]
        house.reader.texts["scripted"] = BIRTH.replace(BEFORE, AFTER).replace("Độc lập", "Độc lạp")
        documents.append(hand_in(house, "chỉ khác chữ.pdf"))
        release(house, documents[1])
        look(house, *documents)
        yield house, documents


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[WebHouse, list[Document]]]:
    with rereadings_house(tmp_path) as found:
        yield found


def officer(house: WebHouse, *offices: str) -> TestClient:
    return house.signed_in("lan", Role.RECORDS_OFFICER, offices=offices or ("*",))


def marks(page: str) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', page)


def mark_of(page: str, document: Document) -> str:
    return next(one for one in marks(page) if one.startswith(f"{document.id}~"))


def post(browser: TestClient, act: str, page: str, **values: object) -> Any:
    form = {"csrf": token_of(browser), "act": act, "shown": marks(page), **values}
    return browser.post("/rereadings", data=form, follow_redirects=False)


def is_read_again(house: WebHouse, document: Document) -> bool:
    return house.catalogue.document(document.id).reading == 2


def test_values_are_shown_as_they_were_and_would_be(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    page = officer(house).get("/rereadings").text
    assert len(marks(page)) == 3
    assert page.index(BEFORE) < page.index(AFTER)
    assert "Số, mã định danh" in page
    assert all(one.source.name in page for one in documents)
    told = [line.happening for line in sealed(house) if line.happening.reason == "rereadings"]
    assert sorted(told[0].told["documents"]) == sorted(one.id for one in documents)


def sealed(house: WebHouse) -> list[Any]:
    house.catalogue.audit.seal("2026-01-05", 1000)
    return list(house.catalogue.audit.lines())


def test_who_fetched_a_paper_is_told_before_it_is_accepted_and_only_then_it_is(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    browser = officer(house)
    page = browser.get("/rereadings").text
    held = page[page.index(documents[1].source.name) :]
    assert "dvc (H05)" in held
    assert page.count("dvc (H05)") == 1
    act = f"accept:{mark_of(page, documents[1])}"
    refused = post(browser, act, page)
    assert refused.status_code == 422
    assert "hãy đánh dấu là bạn đã biết" in refused.text
    assert not is_read_again(house, documents[1])
    assert post(browser, act, page, told=[documents[1].id]).headers["location"] == "/rereadings?accepted=1"
    assert is_read_again(house, documents[1])


def test_a_paper_that_was_fetched_while_somebody_looked_is_not_accepted_unseen(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    browser = officer(house)
    page = browser.get("/rereadings").text
    release(house, documents[0], "other")
    answer = post(browser, f"accept:{mark_of(page, documents[0])}", page)
    assert answer.status_code == 422
    assert "other (H05)" in answer.text
    assert not is_read_again(house, documents[0])


def test_what_is_accepted_becomes_the_revision_that_was_shown(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    browser = officer(house)
    page = browser.get("/rereadings").text
    shown = Previews(house.store, house.clock).find(documents[0].id)
    post(browser, f"accept:{mark_of(page, documents[0])}", page)
    work(house)
    now = house.catalogue.document(documents[0].id)
    assert (now.revision, now.engine) == (2, "better")
    record = archive.parse_record(house.store.get(archive.revision_key(DOSSIER, now.id, 2, "record.json")))
    (change,) = [one for one in shown.preview.change["fields"] if one["key"] == "so_dinh_danh"] if shown else []
    assert dict(record.fields)["so_dinh_danh"] == change["after"]["value"] == AFTER
    assert len(marks(browser.get("/rereadings").text)) == 2
    noted = [one for one in house.catalogue.audit.happenings(now.id) if one.action == "rereading"]
    assert [(one.actor, one.reason, one.told["revision"]) for one in noted] == [("lan", "accepted", 1)]


def work(house: WebHouse) -> None:
    hand_in(house, "thêm.pdf")


def test_several_and_all_of_a_page_are_decided_at_once(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    browser = officer(house)
    page = browser.get("/rereadings").text
    assert post(browser, "accept", page).status_code == 422
    picked = post(browser, "leave", page, pick=[mark_of(page, documents[2])])
    assert picked.headers["location"] == "/rereadings?let=1"
    page = browser.get("/rereadings").text
    assert len(marks(page)) == 2
    assert post(browser, "accept:all", page).status_code == 422
    assert [is_read_again(house, one) for one in documents] == [True, False, False]
    assert post(browser, "nothing:all", page).status_code == 404


def test_what_was_left_is_not_asked_about_again_until_something_else_would_change(
    made: tuple[WebHouse, list[Document]],
) -> None:
    house, documents = made
    browser = officer(house)
    page = browser.get("/rereadings").text
    post(browser, f"leave:{mark_of(page, documents[0])}", page)
    look(house, *documents)
    assert documents[0].id not in browser.get("/rereadings").text
    left = browser.get("/rereadings?state=left").text
    assert "Để nguyên bởi Lan" in left
    house.reader.texts["better"] = BIRTH.replace(BEFORE, "002315000199")
    look(house, documents[0])
    assert documents[0].id in browser.get("/rereadings").text
    assert post(browser, f"accept:{mark_of(left, documents[0])}", left).status_code == 422
    assert not is_read_again(house, documents[0])


def test_the_software_must_still_be_what_the_preview_was_made_by(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    browser = officer(house)
    page = browser.get("/rereadings").text
    house.reader.edition = "2"
    answer = post(browser, f"accept:{mark_of(page, documents[0])}", page)
    assert answer.status_code == 422
    assert "sohoa reread --diff" in answer.text
    assert not is_read_again(house, documents[0])


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("", [0, 1, 2]),
        ("only=ids", [0, 1]),
        ("only=held", [1]),
        ("only=both", [1]),
        ("type=giay_khai_sinh", [0, 1, 2]),
        ("type=quyet_dinh", []),
        ("state=left", []),
    ],
)
def test_some_kinds_alone_may_be_looked_at(made: tuple[WebHouse, list[Document]], asked: str, wanted: list[int]) -> None:
    house, documents = made
    page = officer(house).get(f"/rereadings?{asked}").text
    assert [one.partition("~")[0] for one in marks(page)] == sorted(documents[number].id for number in wanted)


@pytest.mark.parametrize("asked", ["state=x", "only=x", "behind=../x", "type=" + "x" * 100])
def test_what_cannot_be_asked_for_is_refused(made: tuple[WebHouse, list[Document]], asked: str) -> None:
    assert officer(made[0]).get(f"/rereadings?{asked}").status_code == 422


def test_one_page_follows_another_to_the_last(made: tuple[WebHouse, list[Document]], monkeypatch: pytest.MonkeyPatch) -> None:
    house, documents = made
    monkeypatch.setattr(desk, "ON_PAGE", 2)
    browser = officer(house)
    first = browser.get("/rereadings").text
    assert 'rel="next"' in first
    more = re.search(r'href="([^"]+)" rel="next"', first)
    second = browser.get(more[1].replace("&amp;", "&")).text if more else ""
    assert 'rel="next"' not in second
    assert sorted(one.partition("~")[0] for one in (*marks(first), *marks(second))) == sorted(one.id for one in documents)
    monkeypatch.setattr(desk, "LOOKED_AT", 1)
    assert "xem tiếp trang sau" in browser.get("/rereadings?type=quyet_dinh").text


def test_only_papers_of_ones_own_offices_are_seen_and_decided_about(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    other = hand_in(house, "nơi khác.pdf", dossier=ELSEWHERE)
    house.reader.texts["better"] = BIRTH
    look(house, other)
    everything = officer(house).get("/rereadings").text
    browser = house.signed_in("mai", Role.RECORDS_OFFICER, offices=("H06",))
    page = browser.get("/rereadings").text
    assert [one.partition("~")[0] for one in marks(page)] == [other.id]
    foreign = mark_of(everything, documents[0])
    assert post(browser, f"accept:{foreign}", page, shown=[mark_of(page, other), foreign]).status_code == 404
    assert post(browser, "accept:all", page, shown=[mark_of(page, other), foreign]).status_code == 404
    assert not any(is_read_again(house, one) for one in (*documents, other))


def test_what_became_of_a_paper_otherwise_is_no_longer_asked(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    flow.read_again(documents[0].id, flow.Wish(QueueName.BATCH, "better"), house.flow)
    found = Desk(house.flow)
    assert len(found.page(Asked(), lambda _: True).waiting) == 2
    work(house)
    assert documents[0].id not in {one.document.id for one in found.page(Asked(), lambda _: True).waiting}
    assert found.previews.find(documents[0].id) is None
    spared = found.accept(house.catalogue.document(documents[0].id), "0" * 64, actor="x", knows_holders=True)
    assert spared is not None
    assert spared.why is Why.CHANGED_SINCE


def test_a_preview_outlives_its_way_through_the_bucket(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    key = f"working/rereadings/{documents[0].id}.json"
    kept = parse_preview(house.store.get(key))
    assert kept.document == documents[0].id
    assert parse_preview(render_preview(kept)) == kept
    assert kept.spots["so_dinh_danh"][0][0] == 1
    with pytest.raises(ValueError, match="not a sohoa"):
        parse_preview(b'{"schema": "sohoa.other/1"}')


def odd(document: Document, text: str) -> Preview:
    """A preview in which everything that may differ does, with ``text`` wherever strangers have a say."""
    value = {"value": [text, text], "confidence": 0.5, "origin": "ocr"}
    problem = {"code": text, "field": text, "page": 1}
    change = {
        "type": {"before": {"code": text, "confidence": 0.5}, "after": None},
        "status": {"before": "approved", "after": "needs_review"},
        "fields": [
            {"key": text, "change": "added", "before": None, "after": value},
            {"key": "so", "change": "lost", "before": value, "after": None},
        ],
        "problems_added": [problem],
        "problems_gone": [problem | {"field": None}],
        "words": {"changed": 1, "total": 2},
        "procedure": {"before": None, "after": text},
        "codes_changed": True,
        "text_diff": [f"- {text}"],
        "text_diff_left_out": 3,
    }
    return Preview(document.id, 1, text, "better 1", AT, change, {})


@pytest.mark.parametrize("text", EVIL)
def test_whatever_differs_is_shown_and_no_text_of_a_paper_becomes_markup(
    made: tuple[WebHouse, list[Document]], text: str
) -> None:
    house, documents = made
    release(house, documents[0], text)
    Previews(house.store, house.clock).keep(odd(documents[0], text))
    for language in ("vi", "en"):
        page = officer(house) if language == "vi" else house.signed_in("mai", Role.RECORDS_OFFICER)
        answer = page.get(f"/rereadings?lang={language}")
        assert answer.status_code == 200
        assert len(marks(answer.text)) == 3
        assert foreign(answer.text) == []
        assert text in html.unescape(answer.text)


def test_an_erased_paper_leaves_nothing_of_what_would_have_changed(made: tuple[WebHouse, list[Document]]) -> None:
    house, documents = made
    erasing = Erasing(house.store, house.catalogue, house.clock, archive.shipped_retention())
    erasing.erase(documents[0].id, actor="lan", reason="hết hạn", order="Quyết định số 1")
    assert Previews(house.store, house.clock).find(documents[0].id) is None


def test_a_strip_shows_the_value_with_what_stands_around_it_and_stays_on_the_page() -> None:
    page = {"number": 2, "width": 1000, "height": 500, "rotation": 90, "quality": {"verdict": "good", "reasons": []}}
    strip = strip_of(((2, 100.0, 200.0, 120.0, 400.0), (3, 0.0, 0.0, 1.0, 1.0)), {2: page})
    assert strip is not None
    assert (strip.page, strip.sheet) == (2, (500, 1000))
    (left, top, width, height) = strip.part
    ((x, y, across, down),) = strip.marks
    assert Box(x, y, x + across, y + down).intersection(Box(left, top, left + width, top + height)).area == across * down
    assert left >= 0 and left + width <= 500 and top >= 0 and top + height <= 1000
    assert strip_of((), {2: page}) is None
    assert strip_of(((9, 0.0, 0.0, 1.0, 1.0),), {2: page}) is None


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    with WebHouse(tmp_path) as house:
        browser = officer(house)
        assert "Không có thay đổi nào chờ quyết định." in browser.get("/rereadings").text
        assert "Nothing was left" in browser.get("/rereadings?state=left&lang=en").text
