"""The commands of reuse, over an office in memory."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.cli import main
from pipeline.commands import lists, reusing, telling
from pipeline.commands.arguments import FAILURE, OK, REJECTED, USAGE
from pipeline.domain.outbox import EventKind
from pipeline.domain.releases import Wanted
from pipeline.ports.reuse import Posted
from pipeline.reuse.webhooks import TRIES, pause_after
from tests.reuse_office import AGENCY, DESK, LAN, PROCEDURE, PURPOSE, ReuseOffice, entitled

ANSWER = ("--reason", "cấp sai", "--basis", "QĐ 12/QĐ-UBND", "--by", "Lê Văn An")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReuseOffice:
    office = ReuseOffice(tmp_path)
    office.allow(entitled())
    office.hold("A")
    for family in (reusing, telling):
        monkeypatch.setattr(family, "_open", lambda _: office.ports)
    services = SimpleNamespace(store=office.store, catalogue=office.catalogue, clock=office.clock)
    monkeypatch.setattr(lists, "open_services", lambda _: services)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    return office


def test_a_revocation_tells_who_fetched_the_paper(office: ReuseOffice, capsys: pytest.CaptureFixture[str]) -> None:
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A"))
    office.requests.release(DESK, request.id)
    assert main(["revoke", "A", *ANSWER]) == OK
    assert "fetched by one-stop" in capsys.readouterr().out
    assert main(["worth", "A", "--json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["reasons"][0]["code"], told["fetched"][0]["system"]) == ("revoked", "revoked", DESK.id)
    assert main(["reinstate", "A", *ANSWER]) == OK
    capsys.readouterr()
    assert main(["worth", "A", "--on", "2026-02-01"]) == OK
    assert "A on 2026-02-01: valid" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (["exclude", "A", "--as", "secret"], "excluded"),
        (["doubt", "A"], "doubtful"),
        (["clear", "A"], "valid"),
        (["include", "A"], "valid"),
        (["revoke", "A", "--since", "2027-01-01"], "valid"),
    ],
)
def test_every_word_can_be_said(office: ReuseOffice, said: list[str], state: str) -> None:
    assert main([*said, *ANSWER]) == OK
    assert office.judging.judge("A").state == state


def test_what_makes_no_sense_is_refused(office: ReuseOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["revoke", "nothing", *ANSWER]) == FAILURE
    assert main(["supersede", "A", "A", *ANSWER]) == REJECTED
    assert main(["revoke", "A", "--since", "mai", *ANSWER]) == REJECTED
    assert "2026-01-31" in capsys.readouterr().err


def test_a_register_tells_of_an_owner_once(office: ReuseOffice, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--id", LAN.id12, "--day", "2026-01-02", "--basis", "KT 5", "--by", "hộ tịch"]
    assert main(["owner-event", "died", "KS-1", *told]) == OK
    assert main(["owner-event", "died", "KS-1", *told]) == OK
    assert capsys.readouterr().out.splitlines() == ["taken in", "told before; nothing changes"]
    assert main(["owner-event", "id_changed", "CA-1", *told, "--now-id", "001190000077"]) == OK
    assert main(["owner-event", "died", "KS-2", "--day", "2026-01-02", "--basis", "KT", "--by", "x"]) == REJECTED


def test_a_code_comes_with_its_address_and_its_qr(
    office: ReuseOffice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "ma.svg"
    assert main(["check-code", "A", "--qr", str(picture)]) == OK
    shown, address = capsys.readouterr().out.split()
    assert address.endswith(f"/check/{shown.replace('-', '')}")
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    assert main(["check-code", "A", "--qr", "ma.txt"]) == USAGE


def test_webhooks_are_looked_after(office: ReuseOffice, capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://desk.example.vn/hooks"
    assert main(["webhooks", "add", DESK.id, "--agency", AGENCY, "--url", url, "--office", "*"]) == OK
    first, secret = capsys.readouterr().out.splitlines()
    made = first.split()[0]
    assert secret.startswith(f"secret of key {made}.1: ")
    assert main(["webhooks", "rotate", made]) == OK
    assert f"{made}.2: " in capsys.readouterr().out
    assert main(["webhooks", "list", "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["url"] == url
    assert main(["webhooks", "dead"]) == OK
    assert main(["webhooks", "retry", "nothing"]) == FAILURE
    assert main(["webhooks", "end", made]) == OK
    assert main(["webhooks", "end", made]) == FAILURE


def test_what_was_given_up_is_tried_again_or_dropped(office: ReuseOffice, capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://desk.example.vn/hooks"
    to, _ = office.subscriptions.add(DESK, url, {EventKind.DOCUMENT_APPROVED}, (AGENCY,))
    office.hold("B", number="b/2020")
    office.receivers.answers[url] = Posted(500, "the receiver answered 500")
    for number in range(1, TRIES + 1):
        office.events.deliver_due()
        office.clock.advance(pause_after(number))
    assert main(["webhooks", "dead", "--system", "nobody"]) == OK
    assert capsys.readouterr().out == ""
    assert main(["webhooks", "dead", "--system", DESK.id]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert [f"{DESK.id}  " in line and f"{TRIES} tries" in line for line in lines] == [True, True]
    first, second = (line.split()[0] for line in lines)
    assert main(["webhooks", "drop", first, "--reason", " "]) == REJECTED
    assert main(["webhooks", "drop", first, "--reason", "đã báo bằng công văn"]) == OK
    assert main(["webhooks", "drop", first, "--reason", "đã báo bằng công văn"]) == FAILURE
    capsys.readouterr()
    assert main(["webhooks", "dead", "--dropped"]) == OK
    assert "đã báo bằng công văn" in capsys.readouterr().out
    assert main(["webhooks", "dead", "--dropped", "--json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["state"], told["dropped"]["why"]) == (first, "dropped", "đã báo bằng công văn")
    assert main(["webhooks", "dead", "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["id"] == second
    assert main(["webhooks", "retry", first]) == OK
    assert main(["webhooks", "retry", "--system", DESK.id]) == OK
    assert capsys.readouterr().out.splitlines() == [f"{first} is due now", "1 are due now"]
    for unclear in (["drop", first], ["retry"], ["retry", first, "--system", DESK.id]):
        with pytest.raises(SystemExit) as ended:
            main(["webhooks", *unclear])
        assert ended.value.code == USAGE
    assert main(["webhooks", "end", to.id]) == OK
    office.events.deliver_due()
    assert main(["webhooks", "retry", first]) == REJECTED


def test_lists_of_rights_are_taken_in(office: ReuseOffice, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "loai-tru.csv"
    table.write_text("type,exclusion,basis\ngiay_khai_sinh,show_only,TT 01\n", encoding="utf-8")
    assert main(["import", "exclusions", str(table), "--json"]) == OK
    assert json.loads(capsys.readouterr().out) == {"file": "loai-tru.csv", "lines": 1, "changed": True}
    table.write_text("type,exclusion\n", encoding="utf-8")
    assert main(["import", "exclusions", str(table)]) == REJECTED
    assert main(["import", "exclusions", str(table), "--partial"]) == USAGE
