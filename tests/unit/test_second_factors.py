"""The second factor: codes as the standard has them, each once, tries counted, recovery, keys outside the database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.custody.auditing import Notes
from pipeline.domain.errors import StageError
from pipeline.domain.people import Account, News, Role
from pipeline.domain.secret import Secret
from pipeline.people.accounts import Accounts
from pipeline.people.admission import PROOF, WAITING, Admission, NotAdmittedError
from pipeline.people.credentials import is_kept, keep_password
from pipeline.people.factors import RECOVERY_CODES, SecondFactors
from pipeline.people.news import place_of, unread
from pipeline.people.one_time_codes import SECONDS, address_of, code_at, make_secret, steps_of
from pipeline.people.vault import Vault
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.people_keys import PeopleKeys

GOOD = "một câu thật dễ nhớ 2026"
HERE = "10.0.0.1"


class Door:
    """Somebody with a password, and who lets them in; the clock stands."""

    def __init__(self, folder: Path, kept: str) -> None:
        self.keys = PeopleKeys(folder / "keys" / "people", made=True)
        self.catalogue = SqlCatalogue(f"sqlite:///{folder}/catalogue.sqlite")
        self.people = self.catalogue.people
        self.clock = FixedClock()
        notes, vault = Notes(self.catalogue.audit, self.clock), Vault(self.keys)
        self.accounts = Accounts(self.people, notes, self.clock, vault)
        self.admission = Admission(self.people, notes, self.clock, vault, frozenset({Role.ADMINISTRATOR}))
        self.factors = SecondFactors(self.people, notes, self.clock, vault)
        self.people.enter(Account("lan", "lan", "Lan", frozenset({Role.REVIEWER}), frozenset(), self.clock.now(), kept))
        self.secret = ""

    @property
    def lan(self) -> Account:
        found = self.people.account("lan")
        assert found
        return found

    def set_up(self) -> tuple[str, ...]:
        """Codes of recovery of a second factor; the step of its first code is used."""
        self.secret = self.factors.begin()
        codes = self.factors.confirm(self.lan, self.secret, self.code())
        self.clock.advance(timedelta(seconds=SECONDS))
        return codes

    def code(self, later: int = 0) -> str:
        return code_at(self.secret, self.clock.now() + timedelta(seconds=later))

    def key(self) -> str:
        """The key of who showed the right password; hashing it again and again would only take time."""
        return self.admission.open_waiting(self.lan, HERE)

    def sign_in(self) -> str:
        return self.admission.sign_in("lan", GOOD, HERE)

    def refusal(self, key: str, code: str) -> str:
        with pytest.raises(NotAdmittedError) as caught:
            self.admission.pass_on(key, code, HERE)
        return caught.value.code

    def told(self) -> list[str]:
        self.catalogue.audit.seal("2026-01-05", 1000)
        return [line.happening.reason for line in self.catalogue.audit.lines()]

    def news(self) -> set[News]:
        return {one.news for one in self.people.notices.of("lan")}


@pytest.fixture(scope="module")
def kept() -> str:
    return keep_password(GOOD, None)


@pytest.fixture
def door(tmp_path: Path, kept: str) -> Iterator[Door]:
    made = Door(tmp_path, kept)
    yield made
    made.catalogue.close()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1; the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_at(secret, datetime.fromtimestamp(seconds, UTC)) == code[2:]


def test_a_code_holds_for_one_step_to_either_side_and_no_longer() -> None:
    secret, now = make_secret(), datetime(2026, 1, 5, 8, 0, 10, tzinfo=UTC)
    assert len(secret) == 32
    for off, right in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = code_at(secret, now + timedelta(seconds=off * SECONDS))
        assert bool(steps_of(secret, f" {code[:3]} {code[3:]}", now)) is right, off
    assert steps_of(secret, "", now) == steps_of(secret, "１２３４５６", now) == ()


def test_what_an_app_is_told_names_us_and_the_person() -> None:
    assert address_of("ABC", "lan@sở").startswith("otpauth://totp/Sohoa:lan%40s%E1%BB%9F?secret=ABC&issuer=Sohoa")


def test_who_has_a_second_factor_is_let_in_with_both_and_with_nothing_less(door: Door) -> None:
    door.set_up()
    key = door.sign_in()
    assert door.admission.seat(key) is None
    assert door.admission.sessions(replace_seat(door)) == ()
    opened = door.admission.pass_on(key, door.code(), HERE)
    seat = door.admission.seat(opened)
    assert seat is not None and seat.proven == door.clock.now() and opened != key
    assert door.admission.seat(key) is None
    assert door.refusal(key, door.code()) == "too_late"


def replace_seat(door: Door) -> object:
    """A seat of the person, only for asking which sessions there are."""
    seat = door.admission.seat(door.admission.open(replace(door.lan, second_factor=None), HERE))
    assert seat is not None
    door.people.close_session(seat.key)
    return seat


def test_a_wrong_code_opens_nothing_and_a_second_factor_that_nobody_showed_is_none(door: Door) -> None:
    door.secret = door.factors.begin()
    wrong = f"{(int(door.code()) + 1) % 1_000_000:06}"
    assert door.factors.confirm(door.lan, door.secret, wrong) == ()
    assert door.lan.second_factor is None
    door.set_up()
    assert door.refusal(door.key(), "000000" if door.code() != "000000" else "000001") == "wrong_code"
    assert door.told()[-1] == "second factor failed"


def test_a_session_waits_for_some_minutes_only(door: Door) -> None:
    door.set_up()
    key = door.key()
    door.clock.advance(WAITING)
    assert door.admission.waiting(key) is not None
    door.clock.advance(timedelta(seconds=1))
    assert door.refusal(key, door.code()) == "too_late"


def test_a_code_is_good_for_once_and_who_repeats_it_is_told_of(door: Door) -> None:
    door.set_up()
    code = door.code()
    door.admission.pass_on(door.key(), code, HERE)
    assert door.refusal(door.key(), code) == "wrong_code"
    assert "one-time code used twice" in door.told()
    assert News.CODE_REPLAYED in door.news()
    earlier = door.code(-SECONDS)
    assert door.refusal(door.key(), earlier) == "wrong_code"


def test_of_many_who_show_the_same_code_at_once_one_alone_gets_in(door: Door) -> None:
    door.set_up()
    code, account = door.code(), door.lan
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda _: door.factors.is_right(account, code, HERE), range(6))) == 1


def test_tries_of_codes_count_with_those_of_the_password_and_a_right_one_does_not_clear_them(door: Door) -> None:
    door.set_up()
    key = door.sign_in()
    assert [door.refusal(key, "1") for _ in range(4)] == ["wrong_code"] * 4
    assert door.refusal(key, door.code()) == "locked_out"
    with pytest.raises(NotAdmittedError) as caught:
        door.sign_in()
    assert caught.value.code == "locked_out"
    assert News.LOCKED in door.news()
    door.clock.advance(timedelta(hours=2))
    assert door.admission.seat(door.admission.pass_on(door.key(), door.code(), HERE))
    assert door.people.tries("account lan", door.clock.now() - timedelta(days=1)) == (0, None)


def test_codes_of_recovery_work_once_each_however_they_are_typed(door: Door) -> None:
    codes = door.set_up()
    assert len(set(codes)) == RECOVERY_CODES
    typed = codes[3].upper().replace("-", " ")
    assert door.admission.pass_on(door.key(), typed, HERE)
    assert door.refusal(door.key(), typed) == "wrong_code"
    assert door.factors.left("lan") == RECOVERY_CODES - 1
    assert News.CODE_SPENT in door.news()
    renewed = door.factors.renew_codes(door.lan)
    door.clock.advance(timedelta(hours=2))
    assert door.refusal(door.key(), codes[0]) == "wrong_code"
    assert door.admission.pass_on(door.key(), renewed[0], HERE)


def test_codes_of_recovery_of_somebody_else_are_worth_nothing(door: Door) -> None:
    codes = door.set_up()
    other = replace(door.lan, id="minh", login="minh", second_factor=None)
    door.people.enter(other)
    door.factors.confirm(other, door.secret, door.code())
    assert not door.factors.is_right(other, codes[0], HERE)


def test_the_database_holds_neither_the_secret_nor_a_code(door: Door, tmp_path: Path) -> None:
    codes = door.set_up()
    door.admission.pass_on(door.key(), door.code(), HERE)
    door.told()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("catalogue.sqlite*"))
    for secret in (door.secret, *codes, codes[0].replace("-", ""), *(one.reveal() for one in door.keys())):  # noqa: SIM118 - a call that reads a file
        assert secret.encode() not in held


def test_who_lost_it_is_helped_by_an_administrator_and_all_sessions_end(door: Door) -> None:
    door.set_up()
    key = door.admission.pass_on(door.key(), door.code(), HERE)
    assert door.accounts.reset_second_factor("lan", by="root")
    assert door.admission.seat(key) is None
    assert door.lan.second_factor is None
    assert News.FACTOR_RESET in door.news()
    assert "second factor reset" in door.told()
    assert not door.accounts.reset_second_factor("lan", by="root")


def test_roles_that_need_one_are_led_to_set_one_up_and_those_of_a_provider_are_not(door: Door) -> None:
    door.people.keep(replace(door.lan, roles=frozenset({Role.ADMINISTRATOR})))
    seat = door.admission.seat(door.admission.open(door.lan, HERE))
    assert seat is not None and seat.lacking
    door.set_up()
    seat = door.admission.seat(door.admission.pass_on(door.key(), door.code(), HERE))
    assert seat is not None and not seat.lacking
    vouched = Account(
        "p", "p", "P", frozenset({Role.ADMINISTRATOR}), frozenset(), door.clock.now(), issuer="https://id", subject="1"
    )
    door.people.enter(vouched)
    seat = door.admission.seat(door.admission.open(vouched, HERE))
    assert seat is not None and not seat.lacking


def test_a_proof_is_made_anew_with_a_new_key(door: Door) -> None:
    door.set_up()
    key = door.admission.pass_on(door.key(), door.code(), HERE)
    door.clock.advance(PROOF)
    seat = door.admission.seat(key)
    assert seat is not None
    again = door.admission.prove(seat, door.code(), HERE)
    assert door.admission.seat(key) is None
    proven = door.admission.seat(again)
    assert proven is not None and proven.proven == door.clock.now() and proven.begun == seat.begun


def test_people_are_told_what_others_did_to_their_account_and_from_where_somebody_came(door: Door) -> None:
    door.accounts.add("boss", "Sếp", [Role.ADMINISTRATOR], ["*"], by="root")
    door.accounts.change("lan", "Lan", [Role.OPERATOR], ["H05"], by="boss")
    door.accounts.change("lan", "Lan Anh", [Role.OPERATOR], ["H05"], by="boss")
    door.accounts.disable("lan", by="boss")
    door.accounts.enable("lan", by="boss")
    door.accounts.reset_password("lan", by="boss")
    assert door.news() == {News.RIGHTS_CHANGED, News.DISABLED, News.ENABLED, News.PASSWORD_RESET}
    assert len(door.people.notices.of("lan")) == 4
    assert {one.by for one in unread(door.people, "lan")} == {"boss"}
    door.people.notices.mark_read("lan")
    for address in ("10.0.0.1", "10.0.0.77", "192.168.7.1", "10.0.0.3"):
        door.admission.open(door.lan, address)
    assert [(one.news, one.address) for one in unread(door.people, "lan")] == [(News.NEW_PLACE, "192.168.7.0/24")]
    assert place_of("2001:db8:1:2ff::1") == "2001:db8:1:200::/56"


def test_passwords_are_mixed_with_a_key_that_the_database_does_not_hold(door: Door) -> None:
    assert not door.lan.password.startswith("p1:")
    door.sign_in()
    mixed = door.lan.password
    assert mixed.startswith("p1:") and "$argon2id$" in mixed
    vault, other = Vault(door.keys), Vault(lambda: (Secret(secrets.token_urlsafe(32)),))
    assert is_kept(GOOD, mixed, vault)
    assert not is_kept(GOOD, mixed, other)
    assert not is_kept(GOOD, mixed.split(":", 2)[2], vault)


def test_keys_change_without_anybody_noticing_and_the_old_one_is_needed_no_more(door: Door) -> None:
    codes = door.set_up()
    door.sign_in()
    assert door.accounts.waiting_for_key() == 0
    assert door.accounts.rotate_keys(door.keys.add, by="root") == 1
    assert door.accounts.waiting_for_key() == 1
    assert door.admission.pass_on(door.sign_in(), door.code(), HERE)
    assert door.admission.pass_on(door.key(), codes[0], HERE)
    newest = Vault(lambda: door.keys()[:1])
    assert door.accounts.waiting_for_key() == 0
    assert is_kept(GOOD, door.lan.password, newest)
    factor = door.people.factors.factor("lan")
    assert factor is not None
    assert newest.unseal(factor.secret) == door.secret


def test_keys_lie_in_a_file_that_its_owner_alone_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "people"
    keys = PeopleKeys(path, made=True)
    assert len(keys()) == 1
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert keys()[0].reveal() == PeopleKeys(path)()[0].reveal()
    path.chmod(0o640)
    with pytest.raises(StageError, match="others may read"):
        PeopleKeys(path)()
    path.chmod(0o600)
    path.write_text("short\n", encoding="utf-8")
    with pytest.raises(StageError, match="32 letters"):
        keys()
    path.unlink()
    with pytest.raises(StageError, match="cannot be read"):
        PeopleKeys(path)()


def test_nothing_is_opened_that_another_installation_sealed() -> None:
    keys = [(Secret(secrets.token_urlsafe(32)),) for _ in range(2)]
    one, other = Vault(lambda: keys[0]), Vault(lambda: keys[1])
    with pytest.raises(StageError):
        other.unseal(one.seal("secret"))
    assert one.marks("x") != other.marks("x")
