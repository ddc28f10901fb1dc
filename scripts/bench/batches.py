"""The bench of batches: are stacks parted where separators lie, and does every page come through, whoever is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.batches.cutting import Cut, Faced, cut
from pipeline.batches.looks import PoolLooker
from pipeline.domain.batches import Handling, SideRole
from pipeline.settings import Settings
from pipeline.understanding import understand
from pipeline.workbench import build_pool
from scripts.bench.readings import read_documents
from scripts.bench.types import Bound, format_splitting
from scripts.corpus.stacks import KINDS, MadeStack, make_stack

#: Papers in a stack of the bench; each has about two pages, a separator, and every third stack backs.
PAPERS = 8
#: Times that the batch is killed while it is taken in and read.
KILLS = 3
#: Seconds that a batch may take in all.
PATIENCE = 7200


@dataclass(frozen=True, slots=True)
class Lane:
    """A stack in its file, with the truth about it."""

    path: Path
    made: MadeStack


def bench_batch(folder: Path, out: Path, pages: int, *, layout: bool) -> None:
    """Splitting by separators; by layout alone, where asked for; and a batch that is killed again and again."""
    with_sheets = list(_stacks(folder / "stacks", pages, separators=True))
    print("\n".join(measure_splitting(with_sheets)))
    if layout:
        bare = list(_stacks(folder / "bare", pages, separators=False))
        print(measure_layout(bare, out))
    print("\n".join(run_killed(folder, with_sheets)))


def _stacks(folder: Path, pages: int, *, separators: bool) -> Iterator[Lane]:
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    seed = 1
    while made < pages:
        stack = make_stack(PAPERS, seed, split="held_out", separators=separators)
        yield Lane(stack.save(folder / f"chồng {seed:03d}.pdf"), stack)
        made += len(stack.sides)
        seed += 1


def measure_splitting(lanes: Sequence[Lane]) -> Iterator[str]:
    """Boundaries and separators found, by kind of separator, and sides taken for what they are not."""
    handling = Handling(split=True)
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: list[str] = []
    boundaries, right, made_up, spent = 0, 0, 0, 0.0
    with build_pool(Settings.from_environment()) as pool:
        looker = PoolLooker(pool)
        for lane in lanes:
            begun = time.monotonic()
            looks = looker.look(lane.path, looker.inspect(lane.path, lane.path.name), handling)
            spent += time.monotonic() - begun
            cuts = cut((Faced(1, look) for look in looks), handling)
            begins = _begins(cuts)
            wanted = {at for at, side in enumerate(lane.made.sides) if side.begins}
            boundaries += len(wanted)
            right += len(wanted & begins)
            made_up += len(begins - wanted)
            for at, side in enumerate(lane.made.sides):
                there[side.kind or side.role] += 1
                same = cuts.sides[at].role.value == side.role
                found[side.kind or side.role] += same
                if not same:
                    wrong.append(f"{lane.path.stem} {at + 1}: {side.role} {side.kind} taken for {cuts.sides[at].role}")
    sides = sum(there.values())
    yield f"{len(lanes)} stacks, {sides} sides, {1000 * spent / sides:.0f} ms a side: of {boundaries} boundaries {right} "
    yield f"found ({right / boundaries:.4f}), {made_up} made up.\n"
    yield "| side | there | right |\n|---|---|---|"
    for kind in (*KINDS, "page", "blank"):
        if there[kind]:
            yield f"| {kind} | {there[kind]} | {found[kind]} |"
    yield from (f"- {one}" for one in wrong[:40])


def _begins(cuts: Cut) -> set[int]:
    """The sides (from 0) on which papers begin: the first page of each part."""
    first: dict[int, int] = {}
    for at, side in enumerate(cuts.sides):
        if side.role is SideRole.PAGE:
            first.setdefault(side.part, at)
    return set(first.values())


def measure_layout(lanes: Sequence[Lane], out: Path) -> str:
    """Boundaries found by what papers look like and say, without any separator."""
    read = read_documents([lane.path for lane in lanes], out)
    bounds = [
        Bound(
            lane.path.stem,
            read[lane.path],
            tuple(side.type for side in lane.made.sides if side.begins),
            tuple(at for at, side in enumerate(lane.made.sides, 1) if side.begins),
        )
        for lane in lanes
    ]
    return "\n" + format_splitting(
        "without separators", bounds, [understand(one.readings) for one in bounds], every_error=True
    )


def run_killed(folder: Path, lanes: Sequence[Lane]) -> Iterator[str]:
    """A batch over the real command line and servers: killed three times, gone on with, its page ledgers counted."""
    home, scans = folder / "home", lanes[0].path.parent
    wanted = sum(len(lane.made.sides) for lane in lanes)
    environment = {**os.environ, "SOHOA_HOME": str(home), "SOHOA_WEB_PORT": _free_port(), "OMP_THREAD_LIMIT": "1"}
    begun = time.monotonic()
    with _installation(environment):
        batch, kills = _take_in_killed(scans, environment)
        settled = _until_done(batch, environment, kills)
        lines = _run(("batch", "report", batch, "--format", "csv"), environment).decode("utf-8-sig")
        ledgers = _count_ledgers(home, environment)
    minutes = (time.monotonic() - begun) / 60
    yield f"\nA batch of {wanted} sides, killed {KILLS} times: {settled['state']}, "
    yield f"{settled['settled']} of {settled['pages']} sides "
    yield f"settled in {minutes:.1f} min; page ledgers of its documents hold {ledgers['sides']} sides, "
    yield f"{ledgers['separators']} of them separators, none twice: {ledgers['distinct'] == ledgers['sides']}; "
    yield f"report of {len(lines.splitlines()) - 1} lines."


def _free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@contextmanager
def _installation(environment: dict[str, str]) -> Iterator[None]:
    up = subprocess.Popen([sys.executable, "-m", "pipeline", "up"], env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while subprocess.run(
            [sys.executable, "-m", "pipeline", "batch", "list"], env=environment, capture_output=True, check=False
        ).returncode:
            if time.monotonic() > deadline:
                raise SystemExit("the installation does not start")
            time.sleep(1)
        yield
    finally:
        subprocess.run([sys.executable, "-m", "pipeline", "down"], env=environment, check=False, capture_output=True)
        up.wait(60)


def _take_in_killed(scans: Path, environment: dict[str, str]) -> tuple[str, int]:
    """The id of the batch, taken in by a command that was killed once half-way; and how many kills are left."""
    command = [sys.executable, "-m", "pipeline", "submit", str(scans), "--split", "--batch", "bench"]
    files = len(list(scans.iterdir()))
    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while first.poll() is None and _taken(environment) < max(1, files // 2):
        time.sleep(0.5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    _run(command[3:], environment)
    return str(_listed(environment)["batch"]), KILLS - 1


def _until_done(batch: str, environment: dict[str, str], kills: int) -> dict[str, object]:
    """Wait until the batch is done; meanwhile kill all workers ``kills`` times."""
    deadline = time.monotonic() + PATIENCE
    marks = [share / (kills + 1) for share in range(1, kills + 1)]
    while time.monotonic() < deadline:
        told = _listed(environment)
        if told["state"] == "done":
            return told
        if marks and int(str(told["settled"])) >= marks[0] * int(str(told["pages"])):
            _kill_workers(environment["SOHOA_HOME"])
            marks.pop(0)
        time.sleep(2)
    raise SystemExit(f"batch {batch} did not come to its end")


def _kill_workers(home: str) -> None:
    """SIGKILL for the workers of this installation, and for nobody else."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            ours = f"SOHOA_HOME={home}".encode() in (place / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if ours and b"worker" in words:
            os.kill(int(place.name), signal.SIGKILL)


def _count_ledgers(home: Path, environment: dict[str, str]) -> Counter[str]:
    """Sides in the page ledgers of all records, separators among them, and how many different ones there are."""
    from pipeline.bootstrap import build_services  # noqa: PLC0415

    os.environ["SOHOA_HOME"] = str(home)
    services = build_services(Settings.from_environment(environment))
    counted: Counter[str] = Counter()
    seen = set()
    try:
        for document in services.catalogue.walk(limit=100_000):
            if document.revision == 0:
                continue
            record = services.flow.ledgers.record(document)
            for side in record.ledger.sides if record and record.ledger else ():
                counted["sides"] += 1
                counted["separators"] += side.separator
                seen.add((side.file, side.page))
    finally:
        services.close()
    counted["distinct"] = len(seen)
    return counted


def _taken(environment: dict[str, str]) -> int:
    told = _listed(environment)
    files = told.get("files", {})
    return sum(files.values()) if isinstance(files, dict) else 0


def _listed(environment: dict[str, str]) -> dict[str, object]:
    lines = _run(("batch", "list", "--json"), environment).decode().splitlines()
    found: dict[str, object] = json.loads(lines[0]) if lines else {}
    return found


def _run(arguments: Sequence[str], environment: dict[str, str]) -> bytes:
    done = subprocess.run([sys.executable, "-m", "pipeline", *arguments], env=environment, capture_output=True, check=False)
    return done.stdout
