"""How long a check takes over a catalogue of many documents, audit line included."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles

from sqlalchemy import insert

from pipeline.domain.documents import Document, Owner, QueueName, Source, Status
from pipeline.domain.findings import Validity
from pipeline.domain.holdings import OWNER_LINEAGE, Holding, id_key, name_key
from pipeline.domain.plain import plain
from pipeline.domain.releases import CheckQuestion, Entitlement, ReleaseForm, RightsList, System
from pipeline.domain.secret import Secret
from pipeline.ports.reuse import Posted
from pipeline.reuse.receipts import KIND
from pipeline.reuse_desk import Checks, ReusePorts, Terms
from storage.catalogue import SqlCatalogue
from storage.clocks import SystemClock
from storage.database import Database
from storage.document_rows import claim_of, values_of
from storage.memory import MemoryStore
from storage.receipt_keys import KeyedReceipts
from storage.reuse_tables import holding_owners, holdings
from storage.tables import documents

#: The papers of each person.
_KINDS = ("giay_khai_sinh", "giay_xac_nhan_hon_nhan", "can_cuoc_cong_dan", "giay_chung_nhan_ho_kinh_doanh")
_AGENCY, _PROCEDURE, _PURPOSE = "000.00.16.H05", "1.001193", "dang_ky_ket_hon"
_CHECKS, _THREADS, _BATCH = 1000, 4, 20_000


class Nobody:
    """Posts nothing."""

    def allows(self, url: str) -> str:
        """Nothing is allowed."""
        return "nothing is posted here"

    def post(self, url: str, body: bytes, headers: object) -> Posted:
        """Nothing is posted."""
        return Posted(0, "nothing is posted here")


def bench_reuse(count: int, folder: Path) -> None:
    """Print how long checks take over ``count`` documents, kept under ``folder`` for the next time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"reuse-{count}.sqlite"
    people = max(1, count // len(_KINDS))
    if not path.exists():
        _fill(path, people)
    with closing(SqlCatalogue(f"sqlite:///{path}")) as catalogue:
        lines = tuple(
            Entitlement(_AGENCY, _PROCEDURE, kind, _PURPOSE, ReleaseForm.PDF, "bench") for kind in (*_KINDS, "quyet_dinh")
        )
        catalogue.rights.keep(RightsList(lines, (), (1, 0)))
        receipts = KeyedReceipts(folder / "key.pem", kind=KIND, made=True)
        terms = Terms(master=Secret("bench"))
        checks = Checks(ReusePorts(MemoryStore(), catalogue, SystemClock(), receipts, Nobody(), terms))
        print(f"{count:,} documents of {people:,} people, {len(lines)} types asked for, {path.stat().st_size / 1e6:,.0f} MB\n")
        print("| who asks | checks | median ms | p95 ms | p99 ms | answers |\n|---|---|---|---|---|---|")
        for threads in (1, _THREADS):
            _measure(checks, people, threads)


def _measure(checks: Checks, people: int, threads: int) -> None:
    took: list[float] = []
    kinds: dict[str, int] = {}

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        caller = System(f"desk-{seed}", _AGENCY)
        for _ in range(_CHECKS // threads):
            owner = _person(chance.randrange(int(people * 1.1)))
            if chance.random() < 0.2:
                owner = Owner("", owner.name, owner.birth_date)
            begun = time.perf_counter()
            answer = checks.check(caller, CheckQuestion(owner, _PURPOSE, date(2026, 1, 5), _PROCEDURE))
            took.append(1000 * (time.perf_counter() - begun))
            for one in answer.components:
                kinds[one.held.value] = kinds.get(one.held.value, 0) + 1

    running = [threading.Thread(target=ask, args=(seed,)) for seed in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    cut = quantiles(took, n=100)
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    print(f"| {threads} at a time | {len(took):,} | {cut[49]:.1f} | {cut[94]:.1f} | {cut[98]:.1f} | {told} |")


def _fill(path: Path, people: int) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(Database(f"sqlite:///{part}")) as database:
        rows = _rows(people)
        while batch := list(islice(rows, _BATCH)):
            with database.write() as connection:
                connection.execute(insert(documents), [one[0] for one in batch])
                connection.execute(insert(holdings), [one[1] for one in batch])
                connection.execute(insert(holding_owners), [owned for one in batch for owned in one[2]])
        with database.write() as connection:
            connection.exec_driver_sql("ANALYZE")
    part.replace(path)


def _rows(people: int) -> Iterator[tuple[dict[str, object], dict[str, object], list[dict[str, object]]]]:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(people):
        owner = _person(number)
        for place, kind in enumerate(_KINDS):
            name = f"20250101-{number:08x}{place}"
            source = Source(f"{name}.pdf", f"{number:063x}{place}", 1, "application/pdf", 1)
            dossier = f"{_AGENCY}-250101-{number:06d}"
            document = Document(name, dossier, source, Status.APPROVED, QueueName.BATCH, at, 1, kind)
            issued = date(2025, 1, 1) + timedelta(days=number % 365)
            validity = Validity(issued=issued.isoformat(), until="" if place == 0 else "2026-03-01", unlimited=place == 0)
            lineage = OWNER_LINEAGE if place < 3 else f"{number:032x}"
            held = Holding(
                name,
                0,
                dossier,
                1,
                kind,
                (owner,),
                f"{number}",
                validity,
                f"{number:031x}{place}",
                lineage,
                1,
                record_key=f"dossiers/{dossier}/{name}/r0001/record.json",
                record_sha256="0" * 64,
                pdf_key=f"dossiers/{dossier}/{name}/r0001/document.pdf",
                pdf_sha256="0" * 64,
                pdf_bytes=1,
            )
            row = {
                "document": name,
                "part": 0,
                "revision": 1,
                "type": kind,
                "paper": held.paper,
                "lineage": None if lineage == OWNER_LINEAGE else lineage,
                "data": json.dumps(plain(held), ensure_ascii=False),
            }
            owned = [{"owner": key, "type": kind, "document": name, "part": 0} for key in (id_key(owner), name_key(owner))]
            yield values_of(document) | {"claim": claim_of(document)}, row, owned


def _person(number: int) -> Owner:
    """The person of this number; of every ten thousand some share name and birth date."""
    born = date(1950, 1, 1) + timedelta(days=number % 20_000)
    return Owner(f"{number:012d}", f"Nguyễn Văn {number // 20_000}", born.isoformat())
