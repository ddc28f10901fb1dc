"""Whoever fetched a paper that is then read otherwise: told once a person has approved what it reads now, not before."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.domain.documents import Status
from pipeline.domain.outbox import EventKind
from pipeline.domain.people import Role
from pipeline.domain.releases import System
from tests.reuse_office import ReuseOffice
from tests.unit.test_web_rereadings import mark_of, officer, post, rereadings_house, work
from tests.web_house import WebHouse

HOLDER, ITS_OWN, URL = System("dvc", "H05"), "H99", "https://holder.example.vn/hooks"


def approve(house: WebHouse, document: str) -> None:
    house.catalogue.move(document, Status.APPROVED, actor="cán bộ A", reason="reviewed", at=house.clock.now())


def test_who_holds_a_paper_hears_of_the_reading_that_a_person_accepted_and_approved(tmp_path: Path) -> None:
    with rereadings_house(tmp_path) as (house, documents):
        reuse = ReuseOffice(tmp_path, f"sqlite:///{tmp_path}/catalogue.sqlite", store=house.store, clock=house.clock)
        for document in documents:
            approve(house, document.id)
        reuse.events.deliver_due()
        reuse.subscriptions.add(HOLDER, URL, {EventKind.DOSSIER_DIGITISED}, (ITS_OWN,), actor="quản trị")
        browser, held = officer(house), documents[1]
        page = browser.get("/rereadings").text
        for document, told in ((documents[0], []), (held, [held.id])):
            post(browser, f"accept:{mark_of(page, document)}", page, told=told)
        work(house)
        waits = [house.catalogue.document(document.id) for document in documents[:2]]
        assert [(one.status, one.revision) for one in waits] == [(Status.NEEDS_REVIEW, 2)] * 2
        reuse.events.deliver_due()
        assert reuse.receivers.posted == []
        for document in waits:
            approve(house, document.id)
        reuse.events.deliver_due()
        (said,) = [json.loads(body) for _, body, _ in reuse.receivers.posted]
        assert (said["kind"], said["document"], said["revision"]) == ("document.revised", held.id, 2)
        reuse.catalogue.close()


def test_whoever_decides_is_told_on_the_first_page_how_many_wait_and_others_hold(tmp_path: Path) -> None:
    with rereadings_house(tmp_path) as (house, documents):
        browser = officer(house)
        house.house.notices.look()
        page = browser.get("/").text
        assert "chờ quyết định: 3; đang có nơi khác giữ giá trị cũ: 1" in page
        assert '<a href="/rereadings">' in page
        assert "chờ quyết định: 3" in browser.get("/state").text
        post(browser, f"leave:{mark_of(browser.get('/rereadings').text, documents[1])}", browser.get("/rereadings").text)
        house.house.notices.look()
        assert "chờ quyết định: 2</a>" in browser.get("/").text
        assert "chờ quyết định" not in house.signed_in("mai", Role.RECORDS_OFFICER, offices=("H06",)).get("/").text
        assert "chờ quyết định" not in house.signed_in("minh", Role.OPERATOR).get("/").text
