"""What a paper was declared to be at the counter stands in its record, and keeps copies from being reused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient

from pipeline import archive
from pipeline.domain.documents import Document
from pipeline.domain.holdings import Exclusion, Kept, ReasonCode, State
from pipeline.domain.natures import EXCLUDED, Nature
from pipeline.domain.people import Role
from pipeline.flow import reindex
from pipeline.reuse.judgement import judge
from pipeline.review_desk import Desk
from pipeline.station.scanner import Ending
from tests.reuse_office import open_reuse
from tests.reviewed_office import DOSSIER, look_at_all
from tests.scripted_scanner import ScriptedScanner
from tests.unit.test_web_station import papers, post, settled, station_house, until, work
from tests.web_house import WebHouse

TODAY = date(2026, 1, 5)
COPIES = [nature for nature in Nature if nature is not Nature.ORIGINAL]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with station_house(tmp_path, scanner=ScriptedScanner((2, Ending.JAMMED), (1, Ending.DONE))) as made:
        open_reuse(made, tmp_path)
        yield made


def hand_as(house: WebHouse, browser: TestClient, nature: str, content: bytes = b"%PDF one") -> Document:
    """A paper handed in as of this nature, and read."""
    pdf = [("files", ("đơn.pdf", content, "application/pdf"))]
    (taken,) = post(browser, "/station/files", pdf, code=DOSSIER, nature=nature).json()["taken"]
    work(house)
    return house.catalogue.document(taken)


def record_of(house: WebHouse, document: Document) -> dict[str, object]:
    current = house.catalogue.document(document.id)
    key = archive.revision_key(current.dossier, current.id, current.revision, "record.json")
    raw: dict[str, object] = json.loads(house.store.get(key))
    return raw


def kept(house: WebHouse, document: Document) -> tuple[Kept, ...]:
    """The papers that the file of the document holds."""
    found = house.catalogue.holdings.of_document(document.id)
    assert found
    return found


def worth(house: WebHouse, document: Document) -> set[State]:
    return {judge(one, TODAY, ()).state for one in kept(house, document)}


@pytest.mark.parametrize("nature", COPIES)
def test_a_copy_is_taken_in_for_its_dossier_and_never_reused_whatever_becomes_of_it(house: WebHouse, nature: Nature) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document = hand_as(house, browser, nature.value)
    schema = json.loads(files("pipeline.archive").joinpath("record.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(record_of(house, document), schema)
    assert record_of(house, document)["nature"] == nature.value
    page = house.signed_in("mai", Role.RECORDS_OFFICER).get(f"/documents/{document.id}").text
    assert "không dùng lại cho hồ sơ khác" in page
    assert "15/07/2015" in page, "days stand as people write them"
    desk = Desk(house.flow)
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    assert record_of(house, document)["nature"] == nature.value, "approval changes nothing about it"
    reindex(house.flow)
    assert worth(house, document) == {State.EXCLUDED}
    reasons = {why.code for one in kept(house, document) for why in judge(one, TODAY, ()).reasons}
    assert ReasonCode(EXCLUDED[nature].value) in reasons


def test_what_nobody_declares_is_an_original(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document = settled(house, browser)
    assert record_of(house, document)["nature"] == "original"
    assert not any(one.holding.marks for one in kept(house, document))
    assert papers(browser)["đơn.pdf"]["nature_said"] == "Bản chính"
    pdf = [("files", ("x.pdf", b"%PDF x", "application/pdf"))]
    assert post(browser, "/station/files", pdf, code=DOSSIER, nature="giả").status_code == 422


def test_papers_from_the_scanner_are_what_was_declared_when_it_began(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    post(browser, "/station/scan", code=DOSSIER, feeder="true", nature="photocopy")
    assert house.house.feeder is not None
    until(house, lambda: house.house.feeder.waits_for == DOSSIER)
    post(browser, "/station/scan/go_on", code=DOSSIER)
    until(house, lambda: house.house.feeder.feeding(DOSSIER) is None)
    work(house)
    (document,) = house.catalogue.documents()
    assert record_of(house, document)["nature"] == "photocopy"


def test_pages_of_a_copy_stay_those_of_a_copy_when_it_is_parted(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document = hand_as(house, browser, "photocopy")
    post(browser, f"/station/split/{document.id}", page=2, reason="Hai giấy tờ", version="1.1")
    work(house)
    part = next(one for one in house.catalogue.documents() if one.id != document.id)
    assert record_of(house, part)["nature"] == "photocopy"
    original = hand_as(house, browser, "original", b"%PDF two")
    versions = {one["id"]: one["version"] for one in post(browser, "/station/files", code=DOSSIER, files=[
        ("files", ("rỗng.pdf", b"", "application/pdf"))]).json()["state"]["papers"]}  # fmt: skip
    fields = {"other": part.id, "reason": "gộp", "version": versions[original.id], "other_version": versions[part.id]}
    refused = post(browser, f"/station/merge/{original.id}", **fields)
    assert (refused.status_code, refused.json()["code"]) == (409, "other_nature")


def test_an_original_that_turns_out_to_be_none_is_put_right_at_the_counter_and_no_further(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document = hand_as(house, browser, "original")
    said = post(browser, f"/station/nature/{document.id}", nature="certified_copy").json()["state"]["papers"][0]
    assert (said["nature"], said["nature_said"]) == ("photocopy", "Bản sao, bản chụp")
    assert worth(house, document) == {State.EXCLUDED}
    (word,) = house.catalogue.holdings.standings(document.id)
    assert (word.actor, word.other, word.reason) == ("tam", Exclusion.PHOTOCOPY, "khai tại quầy: bản sao chứng thực")
    assert post(browser, f"/station/nature/{document.id}", nature="original").status_code == 422
    slip = browser.get(f"/station/slip?code={DOSSIER}").text
    assert "Bản sao, bản chụp" in slip
