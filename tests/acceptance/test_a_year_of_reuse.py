"""A year of reuse: two agencies' systems ask, fetch and are told, while all that may go wrong does; then the books agree."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.client import make_key, verify_receipt
from pipeline.custody.audit_export import export_audit
from pipeline.domain.clients import Client, Scope
from pipeline.domain.documents import Owner, Status
from pipeline.domain.holdings import Exclusion, OwnerEvent, OwnerEventKind, State
from pipeline.domain.outbox import PUSHED, DeliveryState
from pipeline.domain.releases import ExcludedType, ReleaseForm, System
from pipeline.systems.registry import plan_of
from scripts import check_audit
from tests.api_server import held_port
from tests.reuse_office import AGENCY, BIRTH, MARITAL, OTHER_AGENCY, PERMIT, PROCEDURE, PURPOSE
from tests.reuse_year import Agency, Newer, Paper, ServedSohoa, Told, Truth, line, seconds, served_sohoa, status_of

SEED = "2026"
PDF, FIELDS = ReleaseForm.PDF, ReleaseForm.FIELDS
WORD = {"reason": "rà soát", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}
DOSSIERS = tuple(f"{code}-260105-0001" for code in (AGENCY, OTHER_AGENCY, "000.00.18.H05"))
SCOPES = (Scope.REUSE_CHECK, Scope.REUSE_REQUEST, Scope.EVENTS)
NAMES = ("Nguyễn Thị Lan", "Trần Văn Hùng", "Lê Thu Hà", "Phạm Quốc Bảo", "Vũ Minh Châu", "Đỗ Thanh Tùng")
OWNERS = tuple(Owner(f"00119000{number:04}", name, f"19{80 + number}-05-01") for number, name in enumerate(NAMES, 1))

#: Events that say whether a paper that was fetched may still be used.
ENDINGS = ("document.revoked", "document.superseded", "document.doubted", "document.restored")

#: Seconds by which the clock of each system is wrong.
SKEWS = {"mot-cua": 240, "ho-tich": -240}


class Year:
    """The year, day by day. ``released`` and ``refused`` are what the systems said came of their orders."""

    def __init__(self, root: Path, sohoa: ServedSohoa, agencies: tuple[Agency, ...]) -> None:
        self.root, self.sohoa, self.agencies = root, sohoa, agencies
        self.truth, self.chance = Truth(), random.Random(SEED)
        self.numbers = iter(range(1, 10_000))
        self.subscriptions: dict[str, str] = {}
        self.refused: Counter[tuple[str, str]] = Counter()
        self.checked = 0
        self.lost = 0

    @property
    def today(self) -> date:
        return self.sohoa.office.ports.today

    def pass_time(self, **span: float) -> None:
        now = self.sohoa.clock.advance(timedelta(**span))
        for agency in self.agencies:
            if agency.alive:
                agency.tell("time", now=seconds(now))

    def start(self, agency: Agency) -> None:
        agency.start(self.root)
        agency.tell("time", now=seconds(self.sohoa.clock.now()))

    # What happens in the office

    def hold(self, type_: str = "", owner: Owner | None = None, *, approved: bool = True, fresh: bool = False) -> str:
        """A paper comes in."""
        owner = owner or self.chance.choice(OWNERS)
        name = f"{self.today:%Y%m%d}-{next(self.numbers):012x}"
        type_ = type_ or self.chance.choice((BIRTH, MARITAL, MARITAL, PERMIT, PERMIT))
        issued = self.today - timedelta(days=0 if fresh else self.chance.randrange(1, 40))
        term = {BIRTH: 0, MARITAL: 180, PERMIT: self.chance.randrange(45, 300)}[type_]
        until = (issued + timedelta(days=term)).isoformat() if term else ""
        told = {"issued": issued.isoformat(), "until": until, "status": status_of(approved)}
        self.sohoa.office.hold(name, type_, owner, dossier=self.chance.choice(DOSSIERS), **told)
        self.truth.papers[name] = Paper(name, type_, owner, issued.isoformat(), until, approved)
        return name

    def something_happens(self) -> None:
        papers = list(self.truth.papers.values())
        paper, office = self.chance.choice(papers), self.sohoa.office.revocations
        match self.chance.randrange(12):
            case 0 | 1:
                self.hold(approved=self.chance.random() < 0.7)
            case 2:
                self.approve(self.chance.choice([one for one in papers if not one.approved] or [paper]))
            case 3 | 4:
                office.revoke(paper.name, **WORD)
                paper.revoked, paper.replaced = True, False
            case 5 | 6:
                self.restore(self.chance.choice([one for one in papers if one.revoked or one.replaced] or [paper]))
            case 7:
                other = self.chance.choice([one for one in papers if one is not paper])
                office.supersede(paper.name, other.name, **WORD)
                paper.replaced, paper.revoked = True, False
            case 8:
                office.exclude(paper.name, self.chance.choice(list(Exclusion)), **WORD)
                paper.excluded = True
            case 9:
                paper = self.chance.choice([one for one in papers if one.excluded] or [paper])
                office.include(paper.name, **WORD)
                paper.excluded = False
            case 10:
                (office.clear if paper.doubted else office.doubt)(paper.name, **WORD)
                paper.doubted = not paper.doubted
            case _:
                self.revise(paper)

    def approve(self, paper: Paper) -> None:
        if not paper.approved:
            now = self.sohoa.clock.now()
            self.sohoa.office.catalogue.move(paper.name, Status.APPROVED, actor="a", reason="reviewed", at=now)
            paper.approved = True

    def restore(self, paper: Paper) -> None:
        self.sohoa.office.revocations.restore(paper.name, **WORD)
        paper.revoked = paper.replaced = False

    def revise(self, paper: Paper) -> None:
        if paper.approved:
            told = {"owner": paper.owner, "issued": paper.issued, "until": paper.until}
            self.sohoa.office.revise(paper.name, kind=paper.type, **told)
            paper.revision += 1

    def befall(self, kind: OwnerEventKind, owner: Owner) -> None:
        """A register tells what happened to somebody the day before."""
        day = (self.today - timedelta(days=1)).isoformat()
        now = Owner(owner.id12, f"{owner.name} Anh", owner.birth_date) if kind is OwnerEventKind.RENAMED else None
        told = OwnerEvent(f"HT-{owner.id12}-{kind}", kind, owner, day, "HT 5/2026", "hộ tịch", self.sohoa.clock.now(), now)
        for _ in range(2):
            self.sohoa.office.revocations.befall(told)
        (self.truth.died if kind is OwnerEventKind.DIED else self.truth.renamed)[owner.id12] = day

    def entitle(self, *, later: bool = False) -> None:
        """The lists as at the beginning, or as they are after half a year."""
        self.truth.lines = [
            line(AGENCY, BIRTH, PDF),
            line(AGENCY, MARITAL, FIELDS),
            line(AGENCY, MARITAL, PDF, until="2026-08-31"),
            line(OTHER_AGENCY, BIRTH, FIELDS, since="2026-03-15"),
            line(OTHER_AGENCY, MARITAL, PDF, consent=True),
            line(OTHER_AGENCY if later else AGENCY, PERMIT, FIELDS),
        ]
        self.sohoa.office.allow(*self.truth.lines)

    def bar(self, *types: str) -> None:
        """Another database shares these types from now on."""
        self.truth.barred = {*types}
        self.sohoa.office.bar(*(ExcludedType(one, Exclusion.SHARED_ELSEWHERE, "QĐ 06", "CSDL") for one in types))

    # What the systems do

    def order(self, agency: Agency, name: str, form: str = "", consent: str = "", again: str = "") -> Told:
        """A system orders a paper; what comes of it is what the truth says, and a repetition changes nothing."""
        wanted = {"document": name} | ({"form": form} if form else {}) | ({"consent": consent} if consent else {})
        key = again or f"{agency.name}-{next(self.numbers):06}"
        answer = agency.tell("order", key=key, **wanted)
        self.expect(agency, name, form, consent, answer)
        if "released" in answer and self.chance.random() < 0.15:
            assert agency.tell("order", key=key, **wanted) == answer
        return answer

    def expect(self, agency: Agency, name: str, form: str, consent: str, answer: Told) -> None:
        paper = self.truth.papers[name]
        entitled = self.truth.entitled(agency.code, paper.type, form, consent, self.today)
        may = entitled and self.truth.may_leave(name, self.today)
        assert ("released" in answer) == may, (agency.name, self.today, paper, form, consent, answer)
        if may:
            assert (answer["document"], answer["judged"]) == (name, State.VALID)
        else:
            self.refused[agency.name, answer["refused"]] += 1

    def ask(self, agency: Agency) -> None:
        """A desk asks what is held of somebody, and fetches all that need not be asked for."""
        owner = self.chance.choice(OWNERS)
        found = agency.tell("check", owner={"id12": owner.id12}, types=[BIRTH, MARITAL, PERMIT])
        self.checked += 1
        for type_, held in found["answers"].items():
            entitled = self.truth.entitled(agency.code, type_, "", "yes", self.today)
            held_well = [one for one in self.of(owner, type_) if self.truth.may_leave(one.name, self.today)]
            assert (held == "not_entitled") == (not entitled)
            assert not entitled or (held == "held_reusable") == bool(held_well), (self.today, owner, type_, held, held_well)
        for name in found["reusable"]:
            self.order(agency, name, consent="ĐY-1")

    def of(self, owner: Owner, type_: str) -> list[Paper]:
        return [one for one in self.truth.papers.values() if (one.owner.id12, one.type) == (owner.id12, type_)]

    def good(self, agency: Agency, form: str = "") -> str:
        """A paper that the agency may have today; a new one where there is none."""
        types = [one for one in (BIRTH, MARITAL, PERMIT) if self.truth.entitled(agency.code, one, form, "ĐY-1", self.today)]
        papers = [one for one in self.truth.papers.values() if one.type in types]
        fit = [one.name for one in papers if self.truth.may_leave(one.name, self.today)]
        if fit:
            return self.chance.choice(fit)
        living = [one for one in OWNERS if one.id12 not in self.truth.died]
        return self.hold(types[0], self.chance.choice(living), fresh=True)

    def order_what_may_not_leave(self, agency: Agency) -> None:
        """A paper that nobody has let stand, and one that is secret: that it is held is told to nobody."""
        self.order(agency, self.hold(MARITAL, OWNERS[2], approved=False, fresh=True), consent="ĐY-7")
        name = self.good(agency)
        self.sohoa.office.revocations.exclude(name, Exclusion.CLASSIFIED, **WORD)
        self.truth.papers[name].excluded = True
        assert self.order(agency, name, consent="ĐY-8") == {"refused": "not_held"}

    def issue_anew(self, agency: Agency) -> None:
        """A paper that was fetched is issued anew: the newer one takes its place."""
        owner = OWNERS[4]
        self.order(agency, self.hold(BIRTH, owner, fresh=True))
        self.pass_time(days=1)
        newer = self.hold(BIRTH, owner, fresh=True)
        self.deliver()
        self.order(agency, newer)

    def deliver(self) -> None:
        """Workers send what is due, until nothing is due any more now."""
        while self.sohoa.office.events.deliver_due():
            pass

    def step(self) -> None:
        """Some days: things happen, systems ask, workers work."""
        self.pass_time(days=self.chance.randrange(6, 10), minutes=self.chance.randrange(600))
        for _ in range(self.chance.randrange(2, 5)):
            self.something_happens()
        for agency in self.agencies:
            if self.chance.random() < 0.6:
                self.ask(agency)
            name = self.chance.choice(list(self.truth.papers)[-25:])
            self.order(agency, name, self.chance.choice(("", "pdf", "fields")), self.chance.choice(("", "ĐY-2")))
        self.deliver()
        self.sohoa.office.receipts.keep()

    # What may go wrong

    def restart(self, *, new_receipt_key: bool = False) -> None:
        """Sohoa goes away in the middle of an order, and is started again."""
        name, agency = self.good(self.agencies[0]), self.agencies[0]
        self.sohoa.stop()
        assert set(agency.tell("order", key="away-0001" + name, document=name)) == {"unanswered"}
        if new_receipt_key:
            self.sohoa.change_receipt_key()
        self.sohoa.start()
        self.expect(agency, name, "", "", agency.tell("resume")["resumed"]["away-0001" + name])

    def die(self, agency: Agency, step: str) -> None:
        """A system is killed in the middle of an order, and goes on with it once it is started again."""
        name = self.good(agency)
        key = f"{agency.name}-died-{next(self.numbers)}"
        agency.die_of("order", key=key, document=name, consent="ĐY-3", dies=step)
        self.start(agency)
        self.expect(agency, name, "", "ĐY-3", agency.tell("resume")["resumed"][key])

    def change_in_between(self, agency: Agency) -> None:
        """What was opened is released by what holds then: not when it was revoked meanwhile, nor when half an hour is over."""
        name = self.good(agency)
        key = f"{agency.name}-revoked-{next(self.numbers)}"
        assert "request" in agency.tell("order", key=key, document=name, consent="ĐY-4", stops="request")
        self.sohoa.office.revocations.revoke(name, **WORD)
        self.truth.papers[name].revoked = True
        self.pass_time(minutes=5)
        assert agency.tell("order", key=key, document=name)["refused"] == "revoked"
        self.refused[agency.name, "revoked"] += 1
        self.restore(self.truth.papers[name])
        self.pass_time(minutes=26)
        assert agency.tell("order", key=key, document=name)["refused"] == "request_expired"
        self.refused[agency.name, "request_expired"] += 1

    def fetch_too_late(self, agency: Agency) -> None:
        """A PDF is there for half an hour."""
        request = self.order(agency, self.good(agency, "pdf"), "pdf", "ĐY-5")["released"]
        assert agency.tell("fetch_again", request=request)["bytes"]
        self.pass_time(minutes=31)
        assert agency.tell("fetch_again", request=request)["refused"] == "request_expired"
        self.refused[agency.name, "request_expired"] += 1

    def lose_a_system(self, agency: Agency, *, again: bool = False) -> None:
        """A system is away for so long that what it had to be told is given up.

        When it is back it asks for what it missed, or has it sent ``again``.
        """
        name = self.order(agency, self.good(agency), consent="ĐY-6")["document"]
        self.deliver()
        agency.kill()
        self.sohoa.office.revocations.revoke(name, **WORD)
        self.truth.papers[name].revoked = True
        for _ in range(20):
            self.pass_time(hours=6)
            self.deliver()
        self.start(agency)
        if again:
            assert agency.tell("have_tried_again")["letters"]
            self.deliver()
        else:
            self.lost += agency.tell("catch_up")["missed"]

    def replay(self, agency: Agency) -> None:
        """Somebody who heard a webhook posts it again an hour later: it is not believed."""
        url, body, headers = next(one for one in reversed(self.sohoa.posting.posted) if str(agency.port) in one[0])
        self.pass_time(hours=1)
        before = len(agency.tell("show_books")["seen"])
        answers = {self.sohoa.posting._sender.post(url, body, headers).status for _ in range(6)}
        assert 401 in answers and not {200, 204} & answers
        assert len(agency.tell("show_books")["seen"]) == before

    def change_keys_of_tokens(self) -> None:
        self.sohoa.desk.keyring.rotate()

    def change_secret(self) -> None:
        """The first system has a new secret: with the former one it is let in for a day still."""
        agency = self.agencies[0]
        secret = self.sohoa.desk.registry.rotate_secret(agency.name, by="quản trị")
        self.pass_time(hours=20)
        self.ask(agency)
        agency.tell("set", secret=secret)
        self.ask(agency)

    def change_keys(self) -> None:
        """The second system signs with a new key: both are registered for a while, then the new one alone."""
        agency, kid = self.agencies[1], f"key-{next(self.numbers)}"
        private, public = make_key(kid)
        client = self.sohoa.desk.registry.find(agency.name)
        new = json.loads(public)["keys"]
        for keys in (json.loads(client.keys)["keys"] + new, new):
            self.sohoa.desk.registry.change(_with_keys(client, json.dumps({"keys": keys})), by="quản trị")
            self.pass_time(minutes=11)
            if keys is new:
                assert agency.tell("check", owner={"id12": OWNERS[0].id12}, types=[BIRTH])["refused"] == "invalid_client"
                agency.tell("set", key=private, kid=kid)
            self.ask(agency)

    def disable(self, agency: Agency) -> None:
        """A system that is disabled is out at once, whatever token it has."""
        self.ask(agency)
        self.sohoa.desk.registry.disable(agency.name, by="quản trị")
        assert agency.tell("catch_up")["refused"] == "invalid_client"
        self.sohoa.desk.registry.enable(agency.name, by="quản trị")
        self.ask(agency)


def _with_keys(client: Client, keys: str) -> Client:
    return replace(client, keys=keys)


def open_year(year: Year, stack: ExitStack, folder: Path) -> None:
    """Register the systems, start them, and have them told of changes."""
    desk = year.sohoa.desk
    private, public = make_key("key-1")
    for agency in year.agencies:
        plan = plan_of(agency.name, agency.name, agency.code, (), SCOPES)
        keyed = agency is year.agencies[1]
        secret = desk.registry.add(_with_keys(plan, public if keyed else ""), by="quản trị", with_secret=not keyed)
        stack.callback(agency.kill)
        year.start(agency)
        proof = {"key": private, "kid": "key-1"} if keyed else {"secret": secret}
        told = {"origin": year.sohoa.origin, "client": agency.name, "purpose": PURPOSE, "procedure": PROCEDURE}
        agency.tell("set", skew=SKEWS[agency.name], **told, **proof)
        url = f"http://127.0.0.1:{agency.port}/su-kien"
        system = System(agency.name, agency.code)
        made, webhook_secret = year.sohoa.office.subscriptions.add(system, url, PUSHED, {agency.code}, actor="quản trị")
        agency.tell("be_told", subscription=made.id, secrets={f"{made.id}.{made.key}": webhook_secret})
        year.subscriptions[agency.name] = made.id
    year.entitle()
    for _ in range(14):
        year.hold()


def play(year: Year) -> None:
    """The year: what happens by the day, and what goes wrong in which step."""
    first, second = year.agencies
    wrong: dict[int, Callable[[], object]] = {
        2: lambda: year.die(first, "release"),
        3: year.change_keys,
        5: year.change_keys_of_tokens,
        7: lambda: year.befall(OwnerEventKind.RENAMED, OWNERS[0]),
        9: year.change_secret,
        10: year.restart,
        12: lambda: year.replay(first),
        14: lambda: second.tell("change_webhook_secret"),
        16: lambda: year.change_in_between(first),
        17: lambda: year.lose_a_system(second),
        19: lambda: year.befall(OwnerEventKind.DIED, OWNERS[1]),
        21: lambda: year.entitle(later=True),
        23: lambda: year.die(second, "end"),
        24: lambda: year.restart(new_receipt_key=True),
        26: lambda: year.fetch_too_late(first),
        27: lambda: year.issue_anew(second),
        28: lambda: year.bar(PERMIT),
        30: year.change_keys,
        31: lambda: year.disable(second),
        33: year.bar,
        35: lambda: year.lose_a_system(first, again=True),
        37: lambda: year.change_in_between(second),
        38: year.change_secret,
        39: lambda: year.issue_anew(first),
        40: lambda: year.order_what_may_not_leave(first),
    }
    begun, steps = year.today, 0
    while year.today < begun + timedelta(days=365):
        year.step()
        steps += 1
        wrong.pop(steps, lambda: None)()
    assert not wrong, steps


def close_year(year: Year) -> None:
    """Nothing is left open: doubts are settled, what waits is told, who missed something asks for it."""
    for paper in year.truth.papers.values():
        year.approve(paper)
        if paper.doubted:
            year.sohoa.office.revocations.clear(paper.name, **WORD)
            paper.doubted = False
    for _ in range(18):
        year.deliver()
        year.pass_time(hours=6)
    for agency in year.agencies:
        year.lost += agency.tell("catch_up")["missed"]
    year.sohoa.office.receipts.keep()
    year.sohoa.office.ports.auditing.seal()


@pytest.fixture(scope="module")
def year(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The year, played."""
    folder = tmp_path_factory.mktemp("year")
    with ExitStack() as stack:
        sohoa = stack.enter_context(served_sohoa(folder, SEED))
        codes = {"mot-cua": AGENCY, "ho-tich": OTHER_AGENCY}
        agencies = tuple(
            Agency(name, code, folder, stack.enter_context(held_port()), f"{SEED} {name}") for name, code in codes.items()
        )
        made = Year(root, sohoa, agencies)
        open_year(made, stack, folder)
        play(made)
        close_year(made)
        yield made


def books_of(agency: Agency) -> Told:
    return agency.tell("show_books")


def believes(books: Told, document: str) -> str:
    """What a system holds a paper to be, by what it was told: ``good``, or the kind of what ended it."""
    told = sorted((one["seq"], one["kind"]) for one in books["events"].values() if one["document"] == document)
    words = [kind for _, kind in told if kind in ENDINGS]
    return "good" if not words or words[-1] == "document.restored" else words[-1]


def test_what_the_systems_hold_is_what_was_released_and_every_receipt_proves_it(year: Year) -> None:
    keys = year.sohoa.office.ports.receipts.keys()
    assert len(keys["keys"]) == 2
    for agency in year.agencies:
        papers = books_of(agency)["papers"]
        given = [one for name in year.truth.papers for one in year.sohoa.office.requests.released(name)]
        own = {one.id: one for one in given if one.system == agency.name}
        assert papers.keys() == own.keys()
        assert len(papers) > 20
        for request, paper in papers.items():
            claims = verify_receipt(paper["receipt"], keys, client=agency.name)
            known = own[request]
            assert paper["receipt"] == known.jws
            assert (claims["jti"], claims["sha256"], claims["agency"]) == (request, known.sha256, agency.code)
            assert (paper["document"], paper["revision"]) == (known.document, known.revision)
            assert claims["valid_on"] <= claims.get("valid_until", "9999")


def test_what_the_systems_believe_of_each_paper_is_what_it_is(year: Year) -> None:
    beliefs: Counter[str] = Counter()
    compared = 0
    for agency in year.agencies:
        books = books_of(agency)
        for paper in books["papers"].values():
            known, name = year.truth.papers[paper["document"]], paper["document"]
            believed = believes(books, name)
            expired = bool(paper["until"]) and paper["until"] < year.today.isoformat()
            judged = year.sohoa.office.judging.judge(name).state
            good = believed == "good" and not expired
            beliefs.update([believed, "expired" if expired else "in force"])
            if judged is State.DOUBTFUL and year.truth.has_newer(known, year.today) is Newer.UNSOUND:
                continue
            assert good == (judged is State.VALID) == year.truth.may_leave(name, year.today), (agency.name, known, believed)
            compared += 1
            told = [one["revision"] for one in books["events"].values() if one["document"] == name]
            assert max(told, default=paper["revision"]) <= known.revision
            assert paper["revision"] == known.revision or max(told) == known.revision
    assert {"good", "expired", "in force", "document.revoked", "document.superseded"} <= beliefs.keys(), beliefs
    assert compared > 30


def test_every_event_was_told_or_stands_among_the_dead_letters(year: Year) -> None:
    outbox = year.sohoa.office.catalogue.outbox
    for agency in year.agencies:
        books, subscription = books_of(agency), year.subscriptions[agency.name]
        deliveries = outbox.deliveries(subscription=subscription, limit=10_000)
        by_state = {state: {one.id for one in deliveries if one.state is state} for state in DeliveryState}
        assert not by_state[DeliveryState.WAITING]
        assert by_state[DeliveryState.DONE] <= {*books["seen"]}
        assert {one.delivery.id for one in year.sohoa.office.letters.walk(agency.name)} == by_state[DeliveryState.DEAD]
        assert by_state[DeliveryState.DEAD] - {*books["seen"]} or agency is year.agencies[0]
        assert {one.event.id for one in deliveries} <= books["events"].keys()
        assert len(books["seen"]) == len({*books["seen"]}) < len(year.sohoa.posting.posted)
        assert books["unproven"] >= (agency is year.agencies[0])
    assert year.lost


def test_the_audit_log_names_every_release_and_every_refusal_and_its_chain_is_whole(year: Year, tmp_path: Path) -> None:
    lines = [one.happening for one in year.sohoa.office.catalogue.audit.lines()]
    given = {one.told["request"]: one for one in lines if one.action == "reuse_release"}
    papers = {key: paper for agency in year.agencies for key, paper in books_of(agency)["papers"].items()}
    assert given.keys() == papers.keys()
    for request, paper in papers.items():
        assert given[request].told["receipt"] == hashlib.sha256(paper["receipt"].encode()).hexdigest()
        assert given[request].document == paper["document"]
    refused = Counter((one.actor, _told_as(one.reason)) for one in lines if one.action == "reuse_refusal")
    assert not year.refused - refused
    assert (refused - year.refused).total() <= year.sohoa.lost_answers
    codes = {code for _, code in year.refused}
    wanted = {"expired", "revoked", "superseded", "needs_review", "not_entitled", "consent_missing", "not_held", "doubted"}
    assert wanted <= codes, codes
    assert sum(one.action == "check" for one in lines) >= year.checked
    dead = {one.told["delivery"] for one in lines if one.action == "delivery_dead"}
    assert dead >= {one.delivery.id for agency in year.agencies for one in year.sohoa.office.letters.walk(agency.name)}
    out = tmp_path / "audit.jsonl"
    export = export_audit(year.sohoa.office.ports.auditing, "2026-01-05", year.today.isoformat(), out)
    assert check_audit.main([str(out), "--anchors", str(export.anchors_file)]) == 0


def _told_as(code: str) -> str:
    """That a secret paper is held is told to nobody."""
    return "not_held" if code == Exclusion.CLASSIFIED else code
