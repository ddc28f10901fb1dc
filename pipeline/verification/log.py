"""The audit log: line by line in the bucket, day by day by its anchors, and against the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from pipeline import archive
from pipeline.domain.audit import GENESIS, Action, Anchor, AuditLine, Head, Segment, anchored, is_sound
from pipeline.verification.damage import Damage, Finding
from pipeline.verification.scene import Findings, Scene

#: What the catalogue is called in messages.
_CATALOGUE = "the catalogue"


def check_log(scene: Scene) -> Findings:
    """What is wrong with the audit log; what it tells of documents becomes known to the witnesses."""
    anchors: dict[int, Segment] = {}
    yield from _check_anchors(scene, anchors)
    head: Head | None = Head()
    for info in scene.store.list(archive.SEGMENTS_PREFIX):
        expected = archive.segment_key(head.seq + 1) if head else info.key
        if info.key > expected and head:
            first = int(info.key.rpartition("/")[2].partition(".")[0] or 0)
            message = f"lines {head.seq + 1} to {first - 1} are not there; the log goes on with {info.key}"
            yield Finding(Damage.SEGMENT_MISSING, expected, message, lines=(head.seq + 1, first - 1))
            head = Head(first - 1, "")
        elif info.key < expected:
            yield Finding(Damage.OBJECT_EXTRA, info.key, "the log holds its lines elsewhere")
            continue
        assert head is not None
        found = [*_check_segment(info.key, head, anchors, scene)]
        yield from (one for one in found if isinstance(one, Finding))
        (head,) = (one for one in found if isinstance(one, Head))
    assert head is not None
    yield from _check_end(head, anchors, scene)


def _check_anchors(scene: Scene, known: dict[int, Segment]) -> Findings:
    before: Anchor | None = None
    for info in scene.store.list(archive.ANCHORS_PREFIX):
        try:
            anchor = archive.parse_anchor(scene.fixity.get(info.key))
        except ValueError as error:
            yield Finding(Damage.ANCHOR_REPLACED, info.key, str(error))
            before = None
            continue
        if anchored(anchor).hash != anchor.hash or archive.anchor_key(anchor.day) != info.key:
            yield Finding(Damage.ANCHOR_REPLACED, info.key, "what it says is not what its own hash covers")
        elif before is None and anchor.previous == GENESIS and anchor.first == 1:
            pass
        elif before is None or anchor.first > before.last + 1:
            message = f"it follows on another anchor than {before.day if before else 'none'}: one in between is not there"
            yield Finding(Damage.ANCHOR_MISSING, info.key, message)
        elif anchor.previous != before.hash:
            yield Finding(Damage.ANCHOR_REPLACED, archive.anchor_key(before.day), f"{info.key} names another hash of it")
        known.update({segment.first: segment for segment in anchor.segments})
        before = anchor
    if before:
        scene.report.anchor = f"{before.day} {before.hash}"


def _check_segment(key: str, head: Head, anchors: dict[int, Segment], scene: Scene) -> Iterator[Finding | Head]:
    """Findings about one segment, and the head behind it; an empty hash of a head is that of a line which is lost."""
    data = scene.fixity.get(key)
    anchor = anchors.pop(head.seq + 1, None)
    if anchor and hashlib.sha256(data).hexdigest() != anchor.sha256:
        message = f"the anchor of {anchor.day} names another sha256"
        yield Finding(Damage.SEGMENT_REPLACED, key, message, lines=(anchor.first, anchor.last))
    try:
        _, lines = archive.parse_segment(data)
    except ValueError as error:
        yield Finding(Damage.SEGMENT_REPLACED, key, str(error))
        last = anchor.last if anchor else head.seq + 1
        yield Head(last, "")
        return
    last = anchor.last if anchor else max(line.seq for line in lines)
    yield from check_lines(lines, head, last, key)
    _tell(lines, scene)
    own = [*scene.catalogue.audit.lines(head.seq + 1, last)]
    yield from compare_lines(own, sorted(lines, key=lambda line: line.seq), last, f"{_CATALOGUE}, beside {key}")
    yield Head(last, lines[-1].hash)


def check_lines(lines: Sequence[AuditLine], head: Head, last: int, place: str) -> Findings:
    """What is wrong with the lines of one place, that are to be those behind ``head`` up to the line ``last``, in order."""
    numbers = [line.seq for line in lines]
    wanted = list(range(head.seq + 1, last + 1))
    if numbers != wanted:
        if sorted(numbers) == wanted:
            moved = [line.seq for line, number in zip(lines, wanted, strict=True) if line.seq != number]
            yield from _runs(Damage.LINE_REORDERED, sorted(moved), place, "not in its place")
        yield from _runs(Damage.LINE_REMOVED, sorted(set(wanted) - set(numbers)), place, "not there")
        extra = [number for number in numbers if number not in wanted or numbers.count(number) > 1]
        yield from _runs(Damage.LINE_ADDED, sorted(set(extra)), place, "too many")
    yield from _runs(Damage.LINE_ALTERED, [line.seq for line in lines if not is_sound(line)], place, "says something else")
    broken = []
    for line in sorted(lines, key=lambda one: one.seq):
        if head.hash and line.seq == head.seq + 1 and line.previous != head.hash:
            broken.append(line.seq)
        head = Head(line.seq, line.hash)
    yield from _runs(Damage.CHAIN_BROKEN, broken, place, "does not follow on the line before")


def compare_lines(own: Sequence[AuditLine], true: Sequence[AuditLine], last: int, place: str) -> Findings:
    """What ``own`` lines differ in from the ``true`` ones of the bucket."""
    standing = {line.seq: line for line in own}
    uids = {line.happening.uid: line.seq for line in own}
    kinds: dict[Damage, list[int]] = {}
    for line in true:
        here = standing.get(line.seq)
        if here is None:
            kinds.setdefault(Damage.LINE_REMOVED, []).append(line.seq)
        elif here.happening.uid != line.happening.uid and line.happening.uid in uids:
            kinds.setdefault(Damage.LINE_REORDERED, []).append(line.seq)
        elif here != line or not is_sound(here):
            kinds.setdefault(Damage.LINE_ALTERED, []).append(line.seq)
    added = sorted(standing.keys() - {line.seq for line in true})
    for damage, words in ((Damage.LINE_REMOVED, "not there"), (Damage.LINE_REORDERED, "not in its place")):
        yield from _runs(damage, kinds.get(damage, []), place, words)
    yield from _runs(Damage.LINE_ALTERED, kinds.get(Damage.LINE_ALTERED, []), place, "says something else")
    yield from _runs(Damage.LINE_ADDED, added, place, "too many")


def _check_end(head: Head, anchors: dict[int, Segment], scene: Scene) -> Findings:
    """What stands behind the last segment: lines on their way, or lines that are no longer there."""
    lost = [segment for segment in anchors.values() if segment.first > head.seq]
    for segment in lost:
        key, message = archive.segment_key(segment.first), f"the anchor of {segment.day} names it"
        yield Finding(Damage.SEGMENT_MISSING, key, message, lines=(segment.first, segment.last))
    log = scene.catalogue.audit
    kept = {segment.first for segment in log.unkept()}
    rest = [*log.lines(head.seq + 1)]
    if rest and scene.store.stat(archive.segment_key(head.seq + 1)) is not None:
        rest = []
    if rest and rest[0].seq not in kept:
        message = f"{_CATALOGUE} holds lines up to {rest[-1].seq}"
        key = archive.segment_key(head.seq + 1)
        if not lost:
            yield Finding(Damage.SEGMENT_MISSING, key, message, lines=(head.seq + 1, rest[-1].seq))
        yield from check_lines(rest, head, rest[-1].seq, _CATALOGUE)
        _tell(rest, scene)
    waiting = log.waiting()[0] + (len(rest) if rest and rest[0].seq in kept else 0)
    if waiting:
        scene.report.note("happenings not sealed yet", waiting)


def _tell(lines: Iterable[AuditLine], scene: Scene) -> None:
    """Let the witnesses know what the log says was received and sealed."""
    for line in lines:
        scene.report.lines += 1
        one, told = line.happening, line.happening.told
        if "key" in told and "sha256" in told:
            scene.witnesses.tell("object", "told", told["key"], told["sha256"])
        for key, sha256 in told.get("erased", {}).items():
            scene.witnesses.tell("object", "found", key, sha256)
        if one.action == Action.STATUS and not one.before and "sha256" in told:
            scene.witnesses.tell("document", "told", f"{told.get('dossier', '')}\n{one.document}", told["sha256"])
        if "record_sha256" in told:
            scene.witnesses.tell("record", "told", f"{one.document} {told['revision']}", told["record_sha256"])


def _runs(damage: Damage, numbers: Sequence[int], place: str, words: str) -> Findings:
    """One finding for each run of lines in a row."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            first, last = numbers[start], numbers[at - 1]
            which = f"line {first}" if first == last else f"lines {first} to {last}"
            key = place if place.startswith("audit/") else ""
            yield Finding(damage, key, f"{which} of {place}: {words}", lines=(first, last))
            start = at
