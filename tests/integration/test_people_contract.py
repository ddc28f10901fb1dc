"""What keeps accounts, sessions, tries and tickets must do, asked of SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.people import Account, Factor, News, Notice, Role, Session, Ticket
from pipeline.ports import IndexEntry, Narrowing
from storage.catalogue import SqlCatalogue

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    local = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else local
    with closing(SqlCatalogue(url)) as made:
        yield made


def make(name: str = "lan", **changes: object) -> Account:
    plain = Account(
        name, name, "Nguyễn Thị Lan", frozenset({Role.OPERATOR, Role.REVIEWER}), frozenset({"000.00.16.H05", "H05"}), NOW
    )
    return replace(plain, **changes)


def test_an_account_comes_back_as_it_was_entered_and_changed(catalogue: SqlCatalogue) -> None:
    people = catalogue.people
    first, second = make(), make("minh", issuer="https://id.example/a", subject="7 8", disabled=True)
    people.enter(second)
    people.enter(first)
    assert people.accounts() == (first, second)
    assert people.by_login("minh") == people.account("minh") == people.by_subject("https://id.example/a", "7 8")
    changed = replace(first, roles=frozenset(), offices=frozenset({"*"}), password="h", provisional=True, renewed=NOW)
    people.keep(changed)
    assert people.account("lan") == changed
    assert people.account("none") is people.by_login("none") is people.by_subject("https://id.example", "7") is None


@pytest.mark.parametrize(
    "other", [make("lan"), make("other", login="lan"), make("x", issuer="https://id.example", subject="7")]
)
def test_no_account_takes_the_place_of_another(catalogue: SqlCatalogue, other: Account) -> None:
    catalogue.people.enter(make())
    catalogue.people.enter(make("minh", issuer="https://id.example", subject="7"))
    with pytest.raises(ValueError, match="already"):
        catalogue.people.enter(other)
    assert catalogue.people.account("lan") == make()


def test_accounts_stay_when_the_index_is_built_anew(catalogue: SqlCatalogue) -> None:
    catalogue.people.enter(make())
    catalogue.clear()
    assert catalogue.people.account("lan") == make()


def test_sessions_are_held_until_they_are_closed(catalogue: SqlCatalogue) -> None:
    people = catalogue.people
    people.enter(make())
    people.enter(make("minh"))
    for key, account, begun in (("a", "lan", NOW), ("b", "lan", NOW + HOUR), ("c", "minh", NOW)):
        people.open_session(Session(key, account, begun, begun))
    people.touch_session("a", NOW + 2 * HOUR)
    found = people.session("a")
    assert found == (Session("a", "lan", NOW, NOW + 2 * HOUR), make())
    assert [session.key for session in people.sessions("lan")] == ["b", "a"]
    assert people.close_sessions("lan", but="a") == 1
    assert people.session("b") is None
    people.close_session("a")
    people.close_session("a")
    assert people.session("a") is None
    assert people.session("c") is not None
    people.drop_stale(NOW + HOUR, NOW)
    assert people.session("c") is None


def test_tries_count_up_until_they_are_forgotten(catalogue: SqlCatalogue) -> None:
    people = catalogue.people
    assert people.count_try("lan", NOW, NOW - HOUR) == (0, None)
    assert people.count_try("lan", NOW + HOUR, NOW) == (1, NOW)
    assert people.tries("lan", NOW) == (2, NOW + HOUR)
    assert people.tries("lan", NOW + 2 * HOUR) == (0, None)
    assert people.tries("minh", NOW) == (0, None)
    assert people.count_try("lan", NOW + 3 * HOUR, NOW + 2 * HOUR) == (0, None)
    people.clear_tries("lan")
    assert people.tries("lan", NOW) == (0, None)


def test_of_tries_at_once_each_sees_another_count(catalogue: SqlCatalogue) -> None:
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda _: catalogue.people.count_try("lan", NOW, NOW - HOUR)[0], range(12)))
    assert sorted(seen) == list(range(12))


def test_tickets_are_held_until_they_are_over(catalogue: SqlCatalogue) -> None:
    ticket = Ticket("k", "d1", "document.pdf", "root", NOW + HOUR)
    catalogue.people.give_ticket(ticket)
    assert catalogue.people.ticket("k") == ticket
    assert catalogue.people.ticket("x") is None
    catalogue.people.drop_stale(NOW, NOW + 2 * HOUR)
    assert catalogue.people.ticket("k") is None


DOSSIERS = (
    "H05",
    "H05-260105-0001",
    "H05.16-260105-0001",
    "h05-260105-0002",
    "H050-260105-0001",
    "H06-260105-0001",
    ".",
    "%-1",
)


def enter(catalogue: SqlCatalogue, number: int, dossier: str) -> None:
    source = Source("đơn.pdf", str(number).rjust(64, "0"), 10, "application/pdf")
    catalogue.receive(Document(f"d{number}", dossier, source, Status.RECEIVED, QueueName.BATCH, NOW + number * HOUR))
    entry = IndexEntry(
        f"d{number}", dossier, 1, "quyet_dinh", Status.APPROVED, "Về việc giao đất", f"{number}/QĐ-UBND",
        "Căn cứ quyết định về việc giao đất", (), "k", "0" * 64, "k", 1,
    )  # fmt: skip
    catalogue.index(entry)


@pytest.mark.parametrize(
    ("offices", "seen"),
    [
        (None, set(DOSSIERS)),
        ((), set()),
        (("H05",), {"H05", "H05-260105-0001"}),
        (("H05", "H06"), {"H05", "H05-260105-0001", "H06-260105-0001"}),
        (("H05.16",), {"H05.16-260105-0001"}),
        (("H0_",), set()),
        (("H0",), set()),
    ],
)
def test_documents_are_listed_and_found_in_ones_own_offices_alone(
    catalogue: SqlCatalogue, offices: tuple[str, ...] | None, seen: set[str]
) -> None:
    for number, dossier in enumerate(DOSSIERS):
        enter(catalogue, number, dossier)
    assert {document.dossier for document in catalogue.documents(offices=offices)} == seen
    for query in ("giao dat", "viec giao", "giao quyet"):
        assert {hit.dossier for hit in catalogue.search(query, offices=offices)} == seen
    for number in ("1/QĐ-UBND", "1"):
        found = {hit.dossier for hit in catalogue.search(number, offices=offices)}
        assert found <= seen
        assert ("H05-260105-0001" in found) is ("H05-260105-0001" in seen)


def test_many_documents_of_other_offices_do_not_hide_ones_own(catalogue: SqlCatalogue) -> None:
    enter(catalogue, 0, "H06-260105-0001")
    for number in range(1, 30):
        enter(catalogue, number, f"H05-260105-{number:04}")
    assert [hit.document for hit in catalogue.search("giao dat", limit=1, offices=("H06",))] == ["d0"]
    assert [one.id for one in catalogue.documents(limit=1, offices=("H06",))] == ["d0"]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        (Narrowing(), set()),
        (Narrowing(type="quyet_dinh"), {0, 1, 2, 3}),
        (Narrowing(type="thong_bao"), set()),
        (Narrowing(dossier="H05-"), {1}),
        (Narrowing(dossier="H05"), {0, 1, 2}),
        (Narrowing(status=Status.FAILED), {2}),
        (Narrowing(since=NOW + HOUR), {1, 2, 3}),
        (Narrowing(until=NOW + HOUR), {0}),
        (Narrowing(since=NOW + HOUR, until=NOW + 2 * HOUR, type="quyet_dinh"), {1}),
        (Narrowing(status=Status.FAILED, dossier="H05-"), set()),
    ],
)
def test_a_search_is_narrowed_by_type_dossier_status_and_day(
    catalogue: SqlCatalogue, narrowed: Narrowing, found: set[int]
) -> None:
    for number, dossier in enumerate(DOSSIERS[:4]):
        enter(catalogue, number, dossier)
    catalogue.move("d2", Status.FAILED, actor="sohoa", reason="x", at=NOW)
    names = {f"d{number}" for number in found}
    assert {hit.document for hit in catalogue.search("", narrowed=narrowed)} == names
    assert {hit.document for hit in catalogue.search("...", offices=("H05",), narrowed=narrowed)} == names & {"d0", "d1"}
    if not narrowed.is_any:
        for query in ("giao dat", "viec giao"):
            assert {hit.document for hit in catalogue.search(query, narrowed=narrowed)} == names
    assert catalogue.search("", offices=("H05",)) == ()


def test_what_is_listed_without_words_comes_the_newest_first(catalogue: SqlCatalogue) -> None:
    for number in range(5):
        enter(catalogue, number, "H05")
    listed = catalogue.search("", limit=3, narrowed=Narrowing(dossier="H05"))
    assert [hit.document for hit in listed] == ["d4", "d3", "d2"]
    assert listed[0].snippet.startswith("Căn cứ quyết định")


def test_a_second_factor_is_held_with_its_codes_each_of_which_is_used_once(catalogue: SqlCatalogue) -> None:
    people = catalogue.people
    people.enter(make())
    people.factors.set(Factor("lan", "sealed", NOW, 5), ["a", "b"])
    assert people.account("lan") == make(second_factor=NOW)
    assert people.factors.all() == (people.factors.factor("lan"),)
    assert [people.factors.use_step("lan", step) for step in (5, 6, 6, 4)] == [False, True, False, False]
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: people.factors.use_code("lan", "a"), range(4))) == 1
    assert people.factors.codes("lan") == ("b",)
    assert not people.factors.reseal("lan", "another", "x")
    assert people.factors.reseal("lan", "sealed", "anew")
    assert people.factors.factor("lan") == Factor("lan", "anew", NOW, 6)
    assert [people.factors.drop("lan"), people.factors.drop("lan")] == [True, False]
    assert people.factors.codes("lan") == ()
    assert people.account("lan") == make()


def test_sessions_tell_whether_they_wait_and_when_the_second_factor_was_shown(catalogue: SqlCatalogue) -> None:
    people = catalogue.people
    people.enter(make())
    held = Session("a", "lan", NOW, NOW, waiting=True), Session("b", "lan", NOW, NOW, proven=NOW + HOUR)
    for session in held:
        people.open_session(session)
    assert people.sessions("lan") == held


def test_people_are_told_things_until_they_have_read_them(catalogue: SqlCatalogue) -> None:
    notices = catalogue.people.notices
    told = [Notice(str(hour), "lan", NOW + hour * HOUR, News.FACTOR_SET, "boss", "10.0.0.0/24") for hour in range(3)]
    for one in (*told, Notice("x", "minh", NOW, News.LOCKED)):
        notices.tell(one)
    assert notices.of("lan", limit=2) == (told[2], told[1])
    notices.mark_read("lan")
    assert [one.read for one in notices.of("lan")] == [True] * 3
    assert not notices.of("minh")[0].read


def test_of_many_files_at_once_each_counts_for_the_day(catalogue: SqlCatalogue) -> None:
    day = NOW.date()
    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(lambda _: catalogue.people.hand_in("lan", day, 10, 5, 1000), range(8)))
    assert sum(counted) == 5
    assert catalogue.people.hand_in("minh", day, 1000, 5, 1000)
    assert not catalogue.people.hand_in("minh", day, 1, 5, 1000)
