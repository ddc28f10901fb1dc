"""Passwords, signing in, sessions, accounts, tickets."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.custody.auditing import Notes
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Account, Person, Role, office_of
from pipeline.people import admission
from pipeline.people.accounts import FIRST_LOGIN, Accounts
from pipeline.people.admission import Admission, NotAdmittedError
from pipeline.people.keys import is_token, kept_of, make_key, token_of
from pipeline.people.passwords import LONGEST, faults_of, hash_password, is_outdated, is_password, make_password
from pipeline.people.tickets import Tickets
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock

GOOD = "một câu thật dễ nhớ 2026"


class Door:
    """Accounts and who lets them in, with a clock that stands."""

    def __init__(self, folder: Path) -> None:
        self.catalogue = SqlCatalogue(f"sqlite:///{folder}/catalogue.sqlite")
        self.people = self.catalogue.people
        self.clock = FixedClock()
        notes = Notes(self.catalogue.audit, self.clock)
        self.accounts = Accounts(self.people, notes, self.clock)
        self.admission = Admission(self.people, notes, self.clock)
        self.tickets = Tickets(self.people, self.clock)

    def make(self, login: str = "lan", password: str = GOOD, **changes: object) -> Account:
        made = Account(
            login,
            login,
            login.title(),
            frozenset({Role.REVIEWER}),
            frozenset({"H05"}),
            self.clock.now(),
            hash_password(password),
        )
        made = replace(made, **changes)
        self.people.enter(made)
        return made

    def fail(self, times: int, login: str = "lan", address: str = "10.0.0.1") -> list[str]:
        return [self.refusal(login, "not the password", address).code for _ in range(times)]

    def refusal(self, login: str, password: str, address: str = "10.0.0.1") -> NotAdmittedError:
        with pytest.raises(NotAdmittedError) as caught:
            self.admission.sign_in(login, password, address)
        return caught.value

    def told(self) -> list[tuple[str, str]]:
        self.catalogue.audit.seal("2026-01-05", 1000)
        return [(line.happening.actor, line.happening.reason) for line in self.catalogue.audit.lines()]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    yield made
    made.catalogue.close()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        (GOOD, ""),
        ("correct horse battery", ""),
        ("e" + "é" * 11, "simple"),
        ("ngắn quá", "short"),
        ("ngắn        quá", "short"),
        ("dài quá " * 20, "long"),
        ("lan nguyễn đi làm", "name"),
        ("matkhau12345", "common"),
        ("Mật khẩu 2026!!", "common"),
        ("P@ssw0rd2026", "common"),
        ("qwertyqwerty", "common"),
        ("123456789012", "simple"),
        ("zyxwvutsrqpo", "simple"),
    ],
)
def test_a_good_password_is_long_and_not_what_everybody_takes(password: str, fault: str) -> None:
    assert faults_of(password, "lan") == fault


def test_every_letter_of_a_password_counts_up_to_the_longest() -> None:
    long = "ư" * (LONGEST - 1) + "a"
    assert faults_of("".join(chr(0x1EA0 + n % 80) for n in range(LONGEST)), "lan") == ""
    hashed = hash_password(long)
    assert is_password(long, hashed)
    assert not is_password(long[:-1] + "b", hashed)


def test_a_password_is_the_same_however_a_keyboard_writes_its_marks() -> None:
    assert is_password("mật khẩu của tôi", hash_password("mật khẩu của tôi"))


def test_passwords_are_kept_as_argon2id_with_a_salt() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert is_outdated("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA")
    assert not is_outdated(first)


def test_one_time_passwords_are_good_ones_and_never_twice_the_same() -> None:
    made = {make_password() for _ in range(200)}
    assert len(made) == 200
    assert {faults_of(one, "") for one in made} == {""}


def test_whoever_has_no_password_comes_in_with_none(door: Door) -> None:
    door.make("vouched", issuer="https://id.example", subject="1", password="")
    door.people.keep(replace(door.people.by_login("vouched"), password=""))
    for password in ("", "x", GOOD):
        assert door.refusal("vouched", password).code == "wrong_password"


def test_unknown_people_and_wrong_passwords_are_refused_in_the_same_words(door: Door) -> None:
    door.make()
    door.make("off", disabled=True)
    errors = [door.refusal("nobody", GOOD), door.refusal("lan", "not the password"), door.refusal("off", GOOD)]
    assert len({(error.code, error.message, error.advice) for error in errors}) == 1


def test_after_five_failures_there_is_a_delay_that_doubles_even_for_the_right_password(door: Door) -> None:
    door.make()
    assert door.fail(5) == ["wrong_password"] * 5
    waits = []
    for _ in range(4):
        error = door.refusal("lan", GOOD, address="10.0.0.2")
        assert (error.code, error.until is not None) == ("locked_out", True)
        waits.append(error.until - door.clock.now())
        door.clock.advance(waits[-1])
        assert door.refusal("lan", "not the password").code == "wrong_password"
    assert waits == [admission.FIRST_DELAY * 2**n for n in range(4)]
    door.clock.advance(admission.FIRST_DELAY * 16)
    assert door.admission.sign_in("LAN ", GOOD, "10.0.0.1")
    assert door.fail(5) == ["wrong_password"] * 5


def test_fewer_than_a_hundred_tries_an_hour_are_possible_on_one_account(door: Door) -> None:
    door.make()
    begun, tried = door.clock.now(), 0
    while door.clock.now() - begun < timedelta(hours=1):
        error = door.refusal("lan", "not the password", address=f"10.0.{tried}.1")
        if error.until is None:
            tried += 1
        else:
            door.clock.advance(error.until - door.clock.now())
    assert tried < 20


def test_one_address_cannot_try_many_accounts(door: Door) -> None:
    codes = [door.refusal(f"login{n}", "not the password", "10.6.6.6").code for n in range(40)]
    assert codes == ["wrong_password"] * 30 + ["locked_out"] * 10
    door.make()
    assert door.admission.sign_in("lan", GOOD, "10.0.0.1")


def test_of_many_tries_at_once_no_more_are_looked_at_than_of_one_after_another(tmp_path: Path) -> None:
    door = Door(tmp_path)
    door.make()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: door.refusal("lan", f"guess {n}", f"10.0.0.{n}").code, range(16)))
    door.catalogue.close()
    assert codes.count("wrong_password") == 5


def test_the_audit_log_tells_who_came_and_who_failed_but_never_what_was_typed(door: Door) -> None:
    door.make()
    door.refusal("lan", "my secret")
    door.refusal("my secret in the wrong field", "x")
    door.admission.sign_in("lan", GOOD, "10.0.0.1")
    assert door.told() == [("lan", "sign-in failed"), ("", "sign-in failed"), ("lan", "signed in")]
    assert "secret" not in str(list(door.catalogue.audit.lines()))


def test_a_session_ends_when_it_is_not_used_and_when_it_is_old(door: Door) -> None:
    door.make()
    idle = door.admission.sign_in("lan", GOOD, "")
    door.clock.advance(admission.IDLE)
    assert door.admission.seat(idle)
    door.clock.advance(admission.IDLE)
    assert door.admission.seat(idle, background=True)
    door.clock.advance(timedelta(seconds=1))
    assert door.admission.seat(idle) is None
    used = door.admission.sign_in("lan", GOOD, "")
    for _ in range(24):
        assert door.admission.seat(used)
        door.clock.advance(timedelta(minutes=30))
    assert door.admission.seat(used)
    door.clock.advance(timedelta(seconds=1))
    assert door.admission.seat(used) is None


def test_the_database_holds_no_key_that_lets_anybody_in(door: Door) -> None:
    door.make()
    key = door.admission.sign_in("lan", GOOD, "")
    (session,) = door.people.sessions("lan")
    assert session.key == kept_of(key) != key
    assert door.admission.seat(session.key) is None
    assert len({make_key() for _ in range(100)}) == 100


def test_rights_count_as_they_are_now_and_a_disabled_account_is_out_at_once(door: Door) -> None:
    door.make()
    door.make("chief", roles=frozenset({Role.ADMINISTRATOR}))
    key = door.admission.sign_in("lan", GOOD, "")
    door.accounts.change("lan", "Lan", [Role.MANAGER], ["H06"], by="chief")
    seat = door.admission.seat(key)
    assert (seat.person.roles, seat.person.offices) == ({Role.MANAGER}, {"H06"})
    door.accounts.disable("lan", by="chief")
    assert door.admission.seat(key) is None


def test_signing_out_everywhere_ends_all_sessions_of_oneself_alone(door: Door) -> None:
    door.make()
    door.make("minh")
    keys = [door.admission.sign_in("lan", GOOD, "") for _ in range(3)]
    other = door.admission.sign_in("minh", GOOD, "")
    door.admission.sign_out(door.admission.seat(keys[0]), everywhere=True)
    assert [door.admission.seat(key) for key in keys] == [None] * 3
    assert door.admission.seat(other)


def test_nobody_ends_the_session_of_another(door: Door) -> None:
    door.make()
    door.make("minh")
    mine, other = door.admission.sign_in("lan", GOOD, ""), door.admission.sign_in("minh", GOOD, "")
    door.admission.end(door.admission.seat(mine), kept_of(other))
    assert door.admission.seat(other)
    door.admission.end(door.admission.seat(mine), kept_of(mine))
    assert door.admission.seat(mine) is None


def test_a_changed_password_ends_all_other_sessions(door: Door) -> None:
    door.make()
    mine, other = door.admission.sign_in("lan", GOOD, ""), door.admission.sign_in("lan", GOOD, "")
    seat = door.admission.seat(mine)
    new = "một câu khác cũng dễ nhớ"
    assert door.admission.change_password(seat, "not the password", new) == "wrong"
    assert door.admission.change_password(seat, GOOD, GOOD) == "same"
    assert door.admission.change_password(seat, GOOD, "ngắn") == "short"
    assert door.admission.change_password(seat, GOOD, new) == ""
    assert door.admission.seat(mine)
    assert door.admission.seat(other) is None
    assert door.refusal("lan", GOOD).code == "wrong_password"
    renewed = door.admission.renew(door.admission.seat(mine))
    assert door.admission.seat(mine) is None
    assert door.admission.seat(renewed).begun == seat.begun


def test_the_old_password_cannot_be_guessed_at_while_changing_it(door: Door) -> None:
    door.make()
    seat = door.admission.seat(door.admission.sign_in("lan", GOOD, ""))
    for _ in range(5):
        assert door.admission.change_password(seat, "not the password", "một câu khác") == "wrong"
    with pytest.raises(NotAdmittedError, match="too many"):
        door.admission.change_password(seat, GOOD, "một câu khác cũng dễ nhớ")


def test_a_one_time_password_must_be_changed_and_is_over_after_a_week(door: Door) -> None:
    password = door.accounts.add("lan", "Lan", [Role.OPERATOR], ["000.00.16.H05"], by="test")
    seat = door.admission.seat(door.admission.sign_in("lan", password, ""))
    assert seat.provisional
    assert door.admission.change_password(seat, password, GOOD) == ""
    assert not door.admission.seat(door.admission.sign_in("lan", GOOD, "")).provisional
    again = door.accounts.reset_password("lan", by="test")
    assert door.refusal("lan", GOOD).code == "wrong_password"
    door.clock.advance(admission.PROVISIONAL + timedelta(seconds=1))
    assert door.refusal("lan", again).code == "password_over"


def test_a_new_password_takes_a_lock_out_away(door: Door) -> None:
    door.make()
    door.fail(5)
    password = door.accounts.reset_password("lan", by="test")
    assert door.admission.sign_in("lan", password, "")


def test_the_first_account_is_made_once(door: Door) -> None:
    password = door.accounts.add_first()
    assert password is not None
    assert door.accounts.add_first() is None
    (first,) = door.accounts.all()
    assert (first.login, first.roles, first.provisional) == (FIRST_LOGIN, frozenset(Role), True)


def test_somebody_always_stays_who_looks_after_accounts(door: Door) -> None:
    door.accounts.add_first()
    for change in (
        lambda: door.accounts.disable(FIRST_LOGIN, by="x"),
        lambda: door.accounts.change(FIRST_LOGIN, "x", [Role.OPERATOR], ["*"], by="x"),
    ):
        with pytest.raises(ValueError, match="looks after accounts"):
            change()
    door.make("chief", roles=frozenset({Role.ADMINISTRATOR}))
    assert door.accounts.disable(FIRST_LOGIN, by="x").disabled
    assert not door.accounts.enable(FIRST_LOGIN, by="x").disabled


@pytest.mark.parametrize(
    ("login", "name", "offices"),
    [
        ("x", "Lan", []),
        ("có dấu", "Lan", []),
        ("../x", "Lan", []),
        ("lan", "", []),
        ("lan", "L" * 101, []),
        ("lan", "Lan\u202e", []),
        ("lan", "Lan", ["phòng tư pháp"]),
        ("lan", "Lan", ["H05-260105"]),
        ("lan", "Lan", ["%"]),
    ],
)
def test_an_account_needs_a_login_a_name_and_real_offices(door: Door, login: str, name: str, offices: list[str]) -> None:
    with pytest.raises(ValueError, match=r"login|name|office"):
        door.accounts.add(login, name, [Role.OPERATOR], offices, by="x")


def test_a_login_is_taken_once_however_it_is_written(door: Door) -> None:
    door.accounts.add("Lan.Nguyen", "Lan", [], [], by="x")
    with pytest.raises(ValueError, match="already"):
        door.accounts.add(" lan.nguyen ", "Lan", [], [], by="x")
    with pytest.raises(NotFoundError):
        door.accounts.find("minh")


@pytest.mark.parametrize(
    ("dossier", "office"),
    [
        ("000.00.16.H05-260105-0001", "000.00.16.H05"),
        ("H05.16-260105-0001", "H05.16"),
        ("H05", "H05"),
        (".", ""),
        ("", ""),
        ("hồ sơ 12", ""),
        ("000.00.16.H05", "000.00.16.H05"),
        ("h05-260105-0001", ""),
        ("xH05-260105-0001", ""),
    ],
)
def test_the_office_is_the_agency_code_that_a_dossier_begins_with(dossier: str, office: str) -> None:
    assert office_of(dossier) == office
    assert Person("a", "A", offices=frozenset({"000.00.16.H05", "H05", "H05.16"})).sees(dossier) is bool(office)
    assert Person("a", "A", offices=frozenset({"*"})).sees(dossier)
    assert not Person("a", "A", offices=frozenset({"H06"})).sees(dossier)


def test_a_ticket_is_for_one_file_and_some_minutes(door: Door) -> None:
    key = door.tickets.give("d1", "document.pdf", giver="root")
    assert door.tickets.take(key, "d1", "document.pdf").giver == "root"
    assert door.tickets.take(key, "d1", "document.pdf")
    for wrong in (
        (key, "d2", "document.pdf"),
        (key, "d1", "text.txt"),
        ("", "d1", "document.pdf"),
        ("x", "d1", "document.pdf"),
    ):
        assert door.tickets.take(*wrong) is None
    door.clock.advance(timedelta(minutes=15))
    assert door.tickets.take(key, "d1", "document.pdf") is None


def test_what_nobody_can_use_any_more_is_forgotten(door: Door) -> None:
    door.make()
    old = door.admission.sign_in("lan", GOOD, "")
    ticket = door.tickets.give("d1", "document.pdf", giver="root")
    door.clock.advance(timedelta(hours=13))
    door.admission.sign_in("lan", GOOD, "")
    assert door.people.session(kept_of(old)) is None
    assert door.people.ticket(kept_of(ticket)) is None


def test_a_token_is_of_one_key_alone() -> None:
    key = make_key()
    assert is_token(token_of(key), key)
    for token, holder in (("", key), (token_of(make_key()), key), (token_of(key), make_key()), ("", ""), (token_of(""), "")):
        assert not is_token(token, holder)
