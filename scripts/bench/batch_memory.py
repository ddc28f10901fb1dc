"""Memory of workers, web and servers while a batch of many pages goes through them, against the pages that are done (Linux).

Most pages are born digital, so that ten thousand of them end in bearable time: with a text layer, drawn anew for each, in
files of ``PAGES``; one page in ``SCANS`` is a scan that the engine reads. Children that read are recycled after some pages:
what is told holds for them, too, for each life is measured by itself.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from pipeline.domain.batches import BatchState
from scripts.bench.installations import Installation, installation
from scripts.bench.stacks import lay_stacks
from scripts.corpus import fonts, people, prose
from scripts.corpus.chance import Chance

#: Pages in a file that is born digital, and of how many pages one is a scan.
PAGES, SCANS = 20, 33
#: Seconds between two looks; without a page settled for so many the batch is thought to be stuck.
LOOK, PATIENCE = 3.0, 1800.0
#: Pages until everything has been loaded and made once, from where lives are looked at; and the share of all pages after
#: which what is taken together must grow no more: caches, pools of connections and of threads fill until then.
WARM, FILLED = 500, 0.5
#: A life of fewer samples than this says nothing of its slope.
FEWEST = 40
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process takes (resident bytes) when so many pages are done."""

    pages: int
    role: str
    pid: int
    bytes: int


def bench_batch_memory(out: Path, pages: int) -> None:
    """Run a batch of so many pages, print what each kind of process takes, draw it into ``out``."""
    scans = out / "scans"
    lay_pages(scans, pages)
    samples: list[Sample] = []
    with installation(out / "home") as made:
        begun = time.monotonic()
        process = made.begin("submit", str(scans), "--batch", "memory", "--split", "--wait")
        with (out / "samples.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            for sample in _watch(made, process.pid):
                samples.append(sample)
                table.writerow((sample.pages, sample.role, sample.pid, sample.bytes))
        process.wait()
        minutes = (time.monotonic() - begun) / 60
    print("\n".join(told(samples)) + f"\n{samples[-1].pages} pages in {minutes:.1f} min", flush=True)
    draw(samples, out / "memory.svg")


def lay_pages(folder: Path, pages: int) -> None:
    """Files of so many pages in all, born digital but for one scan in ``SCANS``; what is there is not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    stacks = list(lay_stacks(folder.with_name("stacks"), "trơn", pages // SCANS, separators=False, first=7001))
    count = max(1, (pages - sum(len(stack.sides) for stack in stacks)) // PAGES)
    for number in range(count):
        path = folder / f"{number:05d}.pdf"
        if not path.exists():
            _write(Chance(f"memory/{number}", "tune"), path)
    for number, stack in enumerate(stacks):
        place = folder / f"{number * count // len(stacks):05d} quét.pdf"
        if not place.exists():
            place.write_bytes(stack.path.read_bytes())


def _write(chance: Chance, path: Path) -> None:
    """A file of typed pages of A5, no two of them alike."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415  a development dependency that other benches do without
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415  as above
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415  as above

    family = next(name for name, files in fonts.families().items() if files[0].suffix == ".ttf")
    pdfmetrics.registerFont(TTFont("face", str(fonts.file_of(family))))
    part = path.with_suffix(".part")
    canvas = Canvas(str(part), pageCompression=1, invariant=1)
    on = date(2024, 3, 1)
    for number in range(1, PAGES + 1):
        canvas.setPageSize((420, 595))
        canvas.setFont("face", 11)
        words = " ".join(
            (f"{number}. {people.draw_name(chance, male=True)}.", *(prose.paragraph(chance, on) for _ in range(3)))
        )
        for row, line in enumerate(_lines(words)):
            canvas.drawString(50, 545 - 17 * row, line)
        canvas.showPage()
    canvas.save()
    part.replace(path)


def _lines(text: str) -> Iterator[str]:
    """Lines of at most 58 signs, 28 at most."""
    line: list[str] = []
    rows = 0
    for word in text.split():
        if sum(map(len, line)) + len(line) + len(word) > 58:
            yield " ".join(line)
            line, rows = [], rows + 1
        if rows == 28:
            return
        line.append(word)
    yield " ".join(line)


def _watch(made: Installation, submit: int) -> Iterator[Sample]:
    """Samples of all processes until the batch is done."""
    batches = made.services.catalogue.batches
    settled, moved = -1, time.monotonic()
    while True:
        found = batches.batches(limit=1)
        done = batches.tally(found[0].id).settled if found else 0
        settled, moved = (done, time.monotonic()) if done != settled else (settled, moved)
        heads = made.heads()
        with suppress(psutil.NoSuchProcess):
            heads["submit"] = psutil.Process(submit)
        for name, head in heads.items():
            yield from _of(name, head, done)
        if found and found[0].state is BatchState.DONE:
            return
        if time.monotonic() - moved > PATIENCE:
            raise SystemExit(f"nothing was settled for {PATIENCE:.0f} s; see {made.settings.home}/logs")
        time.sleep(LOOK)


def _of(name: str, head: psutil.Process, done: int) -> Iterator[Sample]:
    """A part and what it has below it: children that read, and engines that they hold."""
    with suppress(psutil.NoSuchProcess):
        yield Sample(done, name, head.pid, head.memory_info().rss)
    if name == "supervisor":
        return
    for child in _below(head):
        with suppress(psutil.NoSuchProcess):
            line, kind = " ".join(child.cmdline()), "child"
            if "resource_tracker" in line or not line:
                continue
            kind = "engine" if "forkserver" not in line else "child" if _forked(child) else "forkserver"
            yield Sample(done, f"{name}: {kind}", child.pid, child.memory_info().rss)


def _below(head: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return head.children(recursive=True)
    return []


def _forked(child: psutil.Process) -> bool:
    """Whether a process of the fork server is one of its children."""
    parent = child.parent()
    return parent is not None and "forkserver" in " ".join(parent.cmdline())


def told(samples: Sequence[Sample]) -> Iterator[str]:
    """A table by kind of process: all of a kind together, what the second half of the pages adds, what one life does."""
    last = samples[-1].pages
    middle = f"{FILLED * last / 1000:.0f},000 pages"
    yield f"| processes | lives | first 1,000 pages, MB | {middle} | last 1,000 | then MB per 1,000 pages | within a life |"
    yield "|---|---|---|---|---|---|---|"
    for role in dict.fromkeys(sample.role for sample in samples):
        mine = [sample for sample in samples if sample.role == role]
        together = _together(mine)
        early = [size for done, size in together if done <= 1000]
        half = [size for done, size in together if abs(done - FILLED * last) <= 500]
        late = [size for done, size in together if done >= last - 1000]
        warm = [(done, size) for done, size in together if done >= FILLED * last]
        lives = {sample.pid: [(one.pages, one.bytes) for one in mine if one.pid == sample.pid] for sample in mine}
        slopes = [_slope([point for point in life if point[0] >= WARM]) for life in lives.values() if len(life) >= FEWEST]
        cells = (_shown(early), _shown(half), _shown(late), f"{_slope(warm):+.2f}" if len(warm) > 2 else "–")
        within = f"{median(slopes):+.2f}" if slopes else "–"
        yield f"| {role} | {len(lives)} | {' | '.join(cells)} | {within} |"


def _together(samples: Sequence[Sample]) -> list[tuple[int, int]]:
    """Pages done and bytes of all processes of a kind, look by look."""
    looks: list[tuple[int, int]] = []
    seen: set[int] = set()
    for sample in samples:
        if sample.pid in seen or not looks or sample.pages != looks[-1][0]:
            looks.append((sample.pages, 0))
            seen.clear()
        seen.add(sample.pid)
        looks[-1] = sample.pages, looks[-1][1] + sample.bytes
    return looks


def _slope(points: Sequence[tuple[int, int]]) -> float:
    """Megabytes that a thousand pages add, by least squares; 0 where all points are of one page."""
    pages, sizes = (np.array(side, float) for side in zip(*points, strict=True)) if points else (np.zeros(0), np.zeros(0))
    if not len(pages) or float(np.ptp(pages)) == 0:
        return 0.0
    return float(np.polyfit(pages, sizes, 1)[0]) * 1000 / MEGABYTE


def _shown(sizes: Sequence[int]) -> str:
    return f"{median(sizes) / MEGABYTE:.0f}" if sizes else "–"


def draw(samples: Sequence[Sample], path: Path) -> None:
    """A line for each kind of process."""
    from matplotlib import colormaps  # noqa: PLC0415  as below
    from matplotlib.figure import Figure  # noqa: PLC0415  it loads slowly, and few benches draw

    figure = Figure(figsize=(10, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.set_prop_cycle(color=colormaps["tab20"].colors)  # type: ignore[attr-defined]
    for role in dict.fromkeys(sample.role for sample in samples):
        together = _together([sample for sample in samples if sample.role == role])
        axes.plot([done for done, _ in together], [size / MEGABYTE for _, size in together], label=role, linewidth=1)
    axes.set_xlabel("pages done")
    axes.set_ylabel("resident memory, MB")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize=8)
    figure.savefig(path)
    figure.savefig(path.with_suffix(".png"), dpi=110)
