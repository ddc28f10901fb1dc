"""``sohoa digitise``: the same steps as the workers', in one pool of local processes, without any server.

Pages of all documents share the pool, so that a long document keeps every core busy. What is finished stands whole in
the output folder; what is not finished leaves nothing there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from pipeline import archive, intake, reading
from pipeline.archive.signatures import signed_parts
from pipeline.console import PageProgress, print_summary, summary_row
from pipeline.domain.documents import Source, Status
from pipeline.domain.errors import RejectedInputError, SohoaError
from pipeline.domain.findings import Problem
from pipeline.domain.pages import PageReading
from pipeline.isolation import PagePool, inspected, lost_page, read_here
from pipeline.ports.signing import Signer
from pipeline.registers import ProcedureFile
from pipeline.revisions import sha256_of
from pipeline.rooms import room_in
from pipeline.settings import Settings
from pipeline.signing.steps import as_signed
from pipeline.workbench import build_pool, build_rule_sets, build_signers

#: Documents opened ahead of the pages being read, so that the bar knows the total.
OPENED_AHEAD = 256


@dataclass(frozen=True, slots=True)
class Target:
    """Where the results of a document go: ``<folder>/<stem>.pdf``, ``.json`` and ``.txt``, under ``out``."""

    out: Path
    dossier: str
    stem: str

    def file(self, suffix: str) -> Path:
        """The result with this suffix."""
        return self.out / self.dossier / f"{self.stem}{suffix}"


@dataclass(slots=True)
class _Job:
    """A document on its way through the pool."""

    submission: intake.Submission
    target: Target
    source: Source
    readings: dict[int, PageReading] = field(default_factory=dict)
    asked: int = 0


@dataclass(frozen=True, slots=True)
class _Terms:
    """How all documents of a run are digitised; ``digitiser`` signs them, None where nobody does."""

    profile: str
    law: reading.Law
    digitiser: Signer | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a document ended; ``raw`` is its record as JSON values, ``skipped`` when an earlier run had done it."""

    target: Target
    raw: dict[str, Any]
    skipped: bool = False

    @property
    def status(self) -> Status:
        """The status in its record."""
        return Status(self.raw["status"])


def digitise(paths: Sequence[Path], out: Path, settings: Settings, *, profile: str, jobs: int, as_json: bool) -> list[Outcome]:
    """Digitise files and folders into ``out``, tell the terminal about it, and return how each document ended.

    Raises ``ValueError`` where the table of procedures or a rule set in the settings cannot be read.
    """
    outcomes: list[Outcome] = []
    law = reading.Law(_procedures(settings.procedures), build_rule_sets(settings))
    out.mkdir(parents=True, exist_ok=True)
    with (
        room_in(settings.scratch, "digitise") as scratch,
        build_pool(settings, jobs, profile) as pool,
        PageProgress() as progress,
    ):
        submissions = intake.gather(paths, settings.bounds, scratch / "unpacked")
        run = _Run(pool, scratch, out, progress, _Terms(profile, law, build_signers(settings).digitiser))
        for outcome in run.outcomes(submissions):
            outcomes.append(outcome)
            if as_json:
                print(json.dumps(_line(outcome), ensure_ascii=False), flush=True)  # noqa: T201 - the contract of --json
    if not as_json:
        print_summary(summary_row(o.raw, *(["already done"] if o.skipped else [])) for o in outcomes)
    return outcomes


def _line(outcome: Outcome) -> dict[str, Any]:
    """The record with its paths relative to the output folder."""
    line = dict(outcome.raw)
    folder = "" if outcome.target.dossier == "." else f"{outcome.target.dossier}/"
    if line["pdf"]:
        line["pdf"] = {**line["pdf"], "path": folder + line["pdf"]["path"]}
    return {**line, "record": f"{folder}{outcome.target.stem}.json", "skipped": outcome.skipped}


class _Run:
    """One run over all submissions: a window of work in the pool, results as they come."""

    def __init__(
        self,
        pool: PagePool,
        scratch: Path,
        out: Path,
        progress: PageProgress,
        terms: _Terms,
    ) -> None:
        self._pool = pool
        self._digitiser = terms.digitiser
        self._signing = ThreadPoolExecutor(1, thread_name_prefix="signing")
        self._law = terms.law
        self._window = pool.jobs * 3
        self._scratch = scratch
        self._out = out
        self._profile = terms.profile
        self._progress = progress
        self._opening: dict[Future[Any], Callable[[], None]] = {}
        self._working: dict[Future[Any], Callable[[], None]] = {}
        self._open: deque[_Job] = deque()
        self._done: deque[Outcome] = deque()
        self._names: dict[str, set[str]] = {}

    def outcomes(self, submissions: Iterable[intake.Submission]) -> Iterator[Outcome]:
        """Each document as it ends."""
        coming = iter(submissions)
        more = True
        while more or self._opening or self._working or self._open or self._done:
            if more:
                more = self._open_more(coming)
            self._ask_for_pages()
            waiting = {**self._opening, **self._working}
            if waiting and not self._done:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    self._opening.pop(future, None)
                    self._working.pop(future, None)
                    waiting[future]()
            while self._done:
                yield self._done.popleft()

    def _open_more(self, coming: Iterator[intake.Submission]) -> bool:
        """Keep files being opened; False once there are no more submissions."""
        while len(self._opening) < self._window and len(self._open) < OPENED_AHEAD:
            submission = next(coming, None)
            if submission is None:
                return False
            self._begin(submission)
        return True

    def _ask_for_pages(self) -> None:
        """Keep pages being read."""
        while len(self._working) < self._window and self._open:
            self._ask_next_page(self._open[0])

    def _begin(self, submission: intake.Submission) -> None:
        target = self._target(submission)
        source = _plain_source(submission)
        if submission.error is not None:
            self._finish_without(source, target, submission.dossier, submission.error)
            return
        known = _already_done(target, source.sha256, self._profile, self._pool)
        if known is not None and (self._digitiser is None or not known["pdf"] or known["pdf"]["signed"]):
            self._done.append(Outcome(target, known, skipped=True))
            return
        future = self._pool.start_inspecting(submission.path, submission.name)
        self._opening[future] = lambda: self._opened(future, _Job(submission, target, source))

    def _target(self, submission: intake.Submission) -> Target:
        """A name of its own for every document: the stem, or the whole name where the stem is taken."""
        taken = self._names.setdefault(submission.dossier, set())
        more = (f"{submission.name}-{number}" for number in count(2))
        stem = next(name for name in chain((Path(submission.name).stem, submission.name), more) if name and name not in taken)
        taken.add(stem)
        return Target(self._out, submission.dossier, stem)

    def _opened(self, future: Future[Source], job: _Job) -> None:
        try:
            job.source = inspected(future, job.submission.name)
        except SohoaError as error:
            self._finish_without(job.source, job.target, job.submission.dossier, error)
            return
        self._progress.plan(job.source.pages)
        self._open.append(job)

    def _ask_next_page(self, job: _Job) -> None:
        job.asked += 1
        if job.asked >= job.source.pages:
            self._open.popleft()
        number = job.asked
        picture = self._picture(job, number)
        future = self._pool.submit(_read_aside, job.submission.path, job.source.media_type, number, picture)
        self._working[future] = lambda: self._page_read(future, job, number)

    def _page_read(self, future: Future[PageReading], job: _Job, number: int) -> None:
        error = future.exception()
        if error is None:
            job.readings[number] = future.result()
        else:
            lost = lost_page(error, number)
            self._picture(job, number).write_bytes(archive.encode_picture(lost.picture))
            job.readings[number] = lost.reading
        self._progress.advance(1, job.submission.name)
        if len(job.readings) == job.source.pages:
            self._assemble(job)

    def _picture(self, job: _Job, number: int) -> Path:
        return self._scratch / f"{id(job)}-{number}.picture"

    def _assemble(self, job: _Job) -> None:
        readings = tuple(job.readings[number] for number in sorted(job.readings))
        pictures = tuple(self._picture(job, reading.number) for reading in readings)
        draft = replace(self._draft(job.source, job.submission.dossier, Status.FAILED), readings=readings)
        seconds = 60.0 + 5.0 * len(readings)
        sealed = self._digitiser is None
        future = self._pool.submit(_assemble_aside, draft, pictures, job.target, self._law, sealed, seconds=seconds)
        self._working[future] = lambda: self._assembled(future, job) if sealed else self._sign(future, job)

    def _sign(self, composed: Future[Any], job: _Job) -> None:
        """Have what was composed signed, beside the reading of other pages and in no process that opens foreign files."""
        signer = self._digitiser
        if composed.exception() is not None or signer is None:
            self._assembled(composed, job)
            return
        future = self._signing.submit(_sign_aside, composed.result(), job.target, signer, self._law)
        self._working[future] = lambda: self._assembled(future, job)

    def _draft(self, source: Source, dossier: str, status: Status) -> archive.Record:
        """A record without pages, fields and PDF."""
        return archive.Record(
            source=source,
            status=status,
            engine=self._pool.engine,
            document=source.sha256[:16],
            dossier=dossier,
            received_at=_now(),
            created_at=_now(),
            queue="batch",
            profile=self._profile,
        )

    def _assembled(self, future: Future[Any], job: _Job) -> None:
        try:
            self._done.append(Outcome(job.target, future.result()))
        except SohoaError as error:
            self._finish_without(job.source, job.target, job.submission.dossier, error)
        except Exception as error:  # one document's end must not take the batch along
            lost = SohoaError(f"{job.submission.name}: {type(error).__name__}: {error}", code="composition_failed")
            self._finish_without(job.source, job.target, job.submission.dossier, lost)

    def _finish_without(self, source: Source, target: Target, dossier: str, error: SohoaError) -> None:
        """Record a document that yields no PDF."""
        status = Status.REJECTED if isinstance(error, RejectedInputError) else Status.FAILED
        problem = Problem(error.code, error.advice or error.message)
        record = replace(self._draft(source, dossier, status), problems=(problem,))
        _write_whole(target.file(".json"), archive.render_record(record))
        self._done.append(Outcome(target, archive.record_as_json(record)))


def _read_aside(path: Path, media_type: str, number: int, picture: Path) -> PageReading:
    """Read a page in a child and leave its picture in a file, out of the parent's memory."""
    result = read_here(path, media_type, number)
    picture.write_bytes(archive.encode_picture(result.picture))
    return result.reading


def _procedures(path: Path | None) -> ProcedureFile | None:
    """The table of procedures, read once so that a faulty one is told before anything is done."""
    if path is None:
        return None
    try:
        ProcedureFile(path).procedures()
    except (RejectedInputError, OSError) as error:
        raise ValueError(str(error)) from error
    return ProcedureFile(path)


def _assemble_aside(
    draft: archive.Record, pictures: tuple[Path, ...], target: Target, law: reading.Law, sealed: bool
) -> dict[str, Any]:
    """Put a document together in a child; its files appear whole, the record last, and only where it is to be ``sealed``."""
    pdf = target.file(".pdf")
    pdf.parent.mkdir(parents=True, exist_ok=True)
    part = pdf.with_name(f".{pdf.name}.part")
    try:
        made, kept = reading.put_together(
            draft.source,
            draft.readings,
            (archive.decode_picture(path.read_bytes()) for path in pictures),
            received_at=datetime.fromisoformat(draft.received_at),
            pdf=part,
            procedures=law.procedures,
        )
        entry = archive.PdfEntry(pdf.name, sha256_of(part), part.stat().st_size)
        part.replace(pdf)
    finally:
        part.unlink(missing_ok=True)
        for path in pictures:
            path.unlink(missing_ok=True)
    _write_whole(target.file(".txt"), made.text.encode())
    conformity = reading.conform(draft.source, draft.readings, kept, made.findings, entry, law.rule_sets)
    record = replace(
        draft, status=made.status, problems=made.problems, findings=made.findings, pdf=entry, conformity=conformity
    )
    if sealed:
        _write_whole(target.file(".json"), archive.render_record(record))
    return archive.record_as_json(record)


def _sign_aside(raw: dict[str, Any], target: Target, signer: Signer, law: reading.Law) -> dict[str, Any]:
    """Sign what was composed and write its record; where that fails, nothing of it stays."""
    pdf = target.file(".pdf")
    signed = pdf.with_name(f".{pdf.name}.signed")
    try:
        signatures = signer.sign(pdf, signed, at=datetime.now(UTC))
        entry = archive.PdfEntry(pdf.name, sha256_of(signed), signed.stat().st_size, signed=True)
        signed.replace(pdf)
    except SohoaError:
        for suffix in (".pdf", ".txt", ".json"):
            target.file(suffix).unlink(missing_ok=True)
        raise
    raw = {**raw, **signed_parts(raw, as_signed(entry, signatures, law.rule_sets))}
    _write_whole(target.file(".json"), (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode())
    return raw


def _already_done(target: Target, sha256: str, profile: str, pool: PagePool) -> dict[str, Any] | None:
    """The record of an earlier run over the same bytes with the same engine and profile, if its files still stand."""
    try:
        data = target.file(".json").read_bytes()
        summary = archive.parse_record(data)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    same = summary.source.sha256 == sha256 and summary.profile == profile
    same = same and summary.engine == pool.engine
    if not same or summary.status is Status.FAILED:
        return None
    if summary.pdf is not None:
        pdf = target.file(".pdf")
        if not pdf.is_file() or not target.file(".txt").is_file() or sha256_of(pdf) != summary.pdf.sha256:
            return None
    raw: dict[str, Any] = json.loads(data)
    return raw


def _plain_source(submission: intake.Submission) -> Source:
    path = submission.path
    if path.is_file():
        return Source(submission.name, sha256_of(path), path.stat().st_size, "")
    return Source(submission.name, hashlib.sha256().hexdigest(), 0, "")


def _write_whole(path: Path, data: bytes) -> None:
    """Write ``path`` so that it is either the whole new file or what stood there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
