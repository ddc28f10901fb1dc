"""The page of an owner: the groups of the rules, one's own offices alone, no id in any address, every look written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from pipeline.domain.audit import Action
from pipeline.domain.documents import Document, Owner, Status
from pipeline.domain.people import Role
from pipeline.people.sealing import LASTING, seal, unseal
from pipeline.repository import Shows, groups
from tests.figured_office import COMMUNE, PROVINCE, Paper, keep
from tests.scripted_office import Office
from tests.web_house import AT, WebHouse, token_of

ID = "002315000123"
BUOI = Owner(ID, "TRẦN THỊ BƯỞI", "2015-07-15")
NAMELESS = Owner("", "TRẦN THỊ BƯỞI", "2015-07-15")
OTHER = Owner("002315000999", "LÊ VĂN KHÁC", "1980-01-01")
DOSSIER = f"{PROVINCE}-250405-0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


def papers(house: WebHouse) -> list[Document]:
    office = SimpleNamespace(catalogue=house.catalogue, store=house.store, ports=house.flow, clock=house.clock)
    return keep(
        cast(Office, office),
        [
            Paper("can_cuoc_cong_dan", DOSSIER, "2025-04-05", owners=(BUOI,)),
            Paper("don_de_nghi", DOSSIER, "2025-04-05", owners=(BUOI,), procedure="1.001193"),
            Paper("giay_phep_xay_dung", DOSSIER, "2025-05-09", issued="2025-05-06", owners=(BUOI,)),
            Paper("don_de_nghi", f"{COMMUNE}-250410-0001", "2025-04-10", owners=(NAMELESS,)),
            Paper("don_de_nghi", DOSSIER, "2025-04-05", owners=(OTHER,)),
            Paper("giay_khai_sinh", DOSSIER, "2025-04-05", owners=(BUOI,), status=Status.NEEDS_REVIEW),
        ],
    )


def opened(browser: TestClient, **fields: str) -> tuple[str, str]:
    """The address of the owner's page, and its text."""
    answer = browser.post("/owners", data={"csrf": token_of(browser), **fields})
    return str(answer.url), answer.text


def group(page: str, shows: Shows) -> str:
    return page.partition(f'id="g-{shows}"')[2].partition('<section class="panel" aria-labelledby="g-')[0]


def test_everything_of_an_owner_stands_in_the_six_groups(house: WebHouse) -> None:
    card, application, permit, elsewhere, foreign, unread = papers(house)
    _, page = opened(house.signed_in("h", Role.RECORDS_OFFICER), id12=ID, name=BUOI.name, born=BUOI.birth_date)
    assert [one.shows for one in groups().listed] == list(Shows)
    assert re.findall(r'id="g-(\w+)"', page) == [shows.value for shows in Shows]
    assert card.id in group(page, Shows.IDENTITY)
    assert DOSSIER in group(page, Shows.DOSSIERS)
    assert permit.id in group(page, Shows.RESULTS)
    assert application.id in group(page, Shows.COPIES)
    assert elsewhere.id in group(page, Shows.COPIES)
    assert "Tìm theo họ tên và ngày sinh" in group(page, Shows.COPIES)
    assert foreign.id not in page
    assert OTHER.name not in page
    assert "Chưa duyệt" in page
    assert unread.id in page


def test_the_address_never_tells_whose_page_it_is(house: WebHouse) -> None:
    papers(house)
    address, page = opened(house.signed_in("h", Role.RECORDS_OFFICER), id12=ID)
    assert ID in page
    for told in (ID, "BƯỞI", "2015"):
        assert told not in unquote(address)
    assert not re.search(rf'(href|action|src)="[^"]*{ID}', page)


def test_the_address_is_worth_nothing_to_anybody_else_and_not_for_ever(house: WebHouse) -> None:
    papers(house)
    browser = house.signed_in("h", Role.RECORDS_OFFICER)
    address, _ = opened(browser, id12=ID)
    assert browser.get(address).status_code == 200
    assert house.signed_in("other", Role.RECORDS_OFFICER).get(address).status_code == 404
    assert browser.get("/owners/" + "A" * 120).status_code == 404
    sealed = seal("key", "text", AT)
    assert unseal("key", sealed, AT + LASTING - timedelta(minutes=1)) == "text"
    assert unseal("key", sealed, AT + LASTING + timedelta(minutes=1)) is None
    assert unseal("another", sealed, AT) is None
    assert unseal("key", sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB"), AT) is None


def test_papers_of_other_offices_are_as_if_they_were_not_there(house: WebHouse) -> None:
    *_, elsewhere, _, _ = papers(house)
    browser = house.signed_in("h", Role.RECORDS_OFFICER, offices=(PROVINCE,))
    _, page = opened(browser, id12=ID, name=BUOI.name, born=BUOI.birth_date)
    assert DOSSIER in page
    assert elsewhere.id not in page
    assert COMMUNE not in page
    strange = browser.post("/owners", data={"csrf": token_of(browser), "document": elsewhere.id})
    assert strange.status_code == 404


def test_every_look_is_in_the_audit_log_without_saying_whose_it_was(house: WebHouse) -> None:
    kept = papers(house)
    opened(house.signed_in("h", Role.RECORDS_OFFICER), id12=ID)
    (noted,) = (one for one in house.catalogue.audit.happenings("") if one.reason == "owner")
    assert (noted.actor, noted.action) == ("h", "view")
    assert kept[0].id in noted.told["documents"]
    assert ID not in noted.details
    _, nothing = opened(house.signed_in("i", Role.RECORDS_OFFICER), id12="001200000001")
    assert "Không có." in nothing
    assert [one.actor for one in house.catalogue.audit.happenings("") if one.reason == "owner"] == ["h", "i"]


def test_who_looked_at_a_paper_and_which_system_got_it_is_shown(house: WebHouse) -> None:
    card, *_ = papers(house)
    reader = house.signed_in("lan", Role.REVIEWER)
    reader.get(f"/documents/{card.id}")
    house.flow.auditing.note(
        Action.REUSE_RELEASE, actor="system-1", reason="released", document=card.id, agency="H06", purpose="TTHC"
    )
    _, page = opened(house.signed_in("h", Role.RECORDS_OFFICER), id12=ID)
    seen = page.partition("Ai đã xem, đã lấy")[2].partition("</table>")[0]
    for wanted in ("Lan", "xem", "cấp để dùng lại", "H06", "TTHC"):
        assert wanted in seen


def test_a_paper_leads_to_all_papers_of_its_owner(house: WebHouse) -> None:
    card, *_ = papers(house)
    browser = house.signed_in("h", Role.REVIEWER)
    page = browser.get(f"/documents/{card.id}").text
    assert "Mọi giấy tờ của người này" in page
    address, found = opened(browser, document=card.id, n="0")
    assert "/owners/" in address
    assert DOSSIER in found
    assert opened(browser, document=card.id, n="7")[1].count("Không mở được trang") > 0
    assert "Mọi giấy tờ của người này" not in house.signed_in("o", Role.OPERATOR).get(f"/documents/{card.id}").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id12": "12345"}, "đủ 12 chữ số"),
        ({"id12": "٠٠٢٣١٥٠٠٠١٢٣"}, "đủ 12 chữ số"),
        ({"name": "TRẦN THỊ BƯỞI"}, "cả họ tên và ngày sinh"),
        ({}, "Cần số định danh"),
    ],
)
def test_who_is_not_told_for_certain_is_asked_for_again(house: WebHouse, fields: dict[str, str], told: str) -> None:
    browser = house.signed_in("h", Role.RECORDS_OFFICER)
    answer = browser.post("/owners", data={"csrf": token_of(browser), **fields})
    assert answer.status_code == 422
    assert told in answer.text


def test_only_reviewers_and_records_officers_may_ask(house: WebHouse) -> None:
    for role in Role:
        allowed = role in {Role.REVIEWER, Role.RECORDS_OFFICER}
        assert (house.signed_in(role.value, role).get("/owners").status_code == 200) is allowed
