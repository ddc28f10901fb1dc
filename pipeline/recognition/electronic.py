"""The printed traces of electronic signatures: who signed, for which office, when; small type in margins and beside seals.

Programs of VGCA, VNPT, Viettel and Adobe set the same few labels or, without any, a name, an address of e-mail and the
moment of signing. No paper of an office prints seconds and time zones by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.recognition.segments import Segment, group_near, usual_height

#: Labels that little else begins with, and those that letterheads and forms have too.
STRONG = (
    "ky boi",
    "nguoi ky",
    "thoi gian ky",
    "ngay ky",
    "gio ky",
    "duoc ky boi",
    "ky so boi",
    "da ky so boi",
    "ky dien tu boi",
    "digitally signed by",
    "signed by",
)
WEAK = (
    "co quan",
    "email",
    "e-mail",
    "to chuc",
    "don vi",
    "chuc vu",
    "ly do",
    "dia diem",
    "noi ky",
    "date",
    "reason",
    "location",
)
VERDICTS = ("signature not verified", "signature valid", "signature is valid", "chu ky hop le", "chu ky chua xac thuc")

#: How alike (0..100) a misread label is to the right one.
ALIKE = 80.0

#: Points from which on a group of segments is an electronic signature, and what a strong sign of one is worth.
ENOUGH, STRONG_POINTS = 3, 2

#: Type up to this share of the usual height is small; what belongs to a signature is at most this much higher than it.
SMALL, AS_HIGH = 0.82, 1.4

#: How far apart lines of one signature stand, in their heights, across and down.
ACROSS, DOWN = 1.5, 1.3

#: Above the head of the page, what is small, or read with less confidence than this, belongs to the nearest signature.
DOUBTFUL = 0.75

#: ... if it is at most so many usual heights beside it; six times as far where it is small.
BESIDE = 3.0

_MOMENT = re.compile(r"(?<!\d)\d{1,2}[:;]\d{2}[:;.]\d{2}(?!\d)")
_ZONE = re.compile(r"\+\s?0?7[:.;]?\s?00\b")
_ADDRESS = re.compile(r"@|\w\(?\w*\)?\w+\.gov|gov\.v|\.vn\b")
_COLON = re.compile(r"[:.;]")
_MOTTO = ("cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam")


def find_signatures(segments: Sequence[Segment], height: float) -> list[list[Segment]]:
    """Those of ``segments`` that are an electronic signature, signature by signature; ``height`` of the page."""
    usual = usual_height(segments)
    groups = _grow(segments, usual)
    found = [
        [segments[at] for at in group] for group in groups if _is_signature([segments[at] for at in group], usual, height)
    ]
    if found:
        found = _with_margin(found, segments, find_head(segments, height), usual)
    return found


def find_head(segments: Iterable[Segment], height: float) -> Box | None:
    """The box of the motto that every official paper begins with; None where it is not read."""
    for segment in segments:
        whole = segment.box.top < 0.45 * height and len(segment.plain) >= 15
        if whole and any(fuzz.partial_ratio(motto, segment.plain) >= 85 for motto in _MOTTO):
            return segment.box
    return None


def strong_signs(segment: Segment) -> int:
    """How many signs of an electronic signature a segment shows that hardly anything else does."""
    verdict = len(segment.plain) >= 12 and any(fuzz.partial_ratio(words, segment.plain) >= 90 for words in VERDICTS)
    return (_has_label(segment, STRONG) or verdict) + bool(_MOMENT.search(segment.text))


def points_of(segment: Segment) -> int:
    """How much a segment looks like a line of an electronic signature by what it says; strong signs count double."""
    weak = _has_label(segment, WEAK) + bool(_ADDRESS.search(segment.plain)) + bool(_ZONE.search(segment.text))
    return STRONG_POINTS * strong_signs(segment) + weak


def _has_label(segment: Segment, labels: Sequence[str]) -> bool:
    """Whether the segment begins with one of ``labels`` and a colon, both perhaps misread."""
    text = segment.plain.lstrip("'\"`‘’.,_-\\/| ")
    for label in labels:
        colon = _COLON.search(text[len(label) - 2 : len(label) + 3])
        if colon and fuzz.ratio(text[: len(label)], label) >= ALIKE:
            return True
    return False


def _grow(segments: Sequence[Segment], usual: float) -> list[list[int]]:
    """Groups of small segments that stand together and of which one at least shows a sign of a signature."""
    signs = {at for at, segment in enumerate(segments) if points_of(segment)}
    if not signs:
        return []
    small = [at for at, segment in enumerate(segments) if at in signs or segment.height <= SMALL * usual]
    by_height = max((segments[at].height for at in signs), default=usual)
    reach = min(by_height, usual)
    groups = group_near([segments[at].box for at in small], ACROSS * reach, DOWN * reach)
    return [[small[at] for at in group] for group in groups if any(small[at] in signs for at in group)]


def _is_signature(members: Sequence[Segment], usual: float, height: float) -> bool:
    points = [points_of(segment) for segment in members]
    signs = [segment for segment, found in zip(members, points, strict=True) if found]
    if not any(strong_signs(segment) for segment in signs):
        return False
    small = all(segment.height <= SMALL * usual for segment in signs)
    margin = all(segment.box.bottom < 0.08 * height for segment in signs)
    return sum(points) + small + margin >= ENOUGH


def _with_margin(
    found: list[list[Segment]], segments: Sequence[Segment], head: Box | None, usual: float
) -> list[list[Segment]]:
    """The signatures with what else stands above the head of the page: no paper's own text begins there."""
    taken = {id(segment) for members in found for segment in members}
    first = [members for members in found if head is not None and hull(one.box for one in members).bottom < head.bottom]
    if head is None or not first:
        return found
    limit = head.top + 0.3 * head.height
    left = [segment for segment in segments if id(segment) not in taken and segment.box.bottom <= limit]
    while left:
        spans = [(hull(one.box for one in members), members) for members in first]
        joining = [(segment, members) for segment in left for members in _owners(segment, spans, usual)[:1]]
        if not joining:
            return found
        for segment, members in joining:
            members.append(segment)
            left.remove(segment)
    return found


def _owners(segment: Segment, spans: Sequence[tuple[Box, list[Segment]]], usual: float) -> list[list[Segment]]:
    """The signatures that a segment above the head may belong to, the nearest one first."""
    small = points_of(segment) > 0 or segment.height <= SMALL * usual
    reach = BESIDE * usual * (6 if small else 1)
    near = [(max(segment.box.left - box.right, box.left - segment.box.right), members) for box, members in spans]
    if not small and segment.confidence >= DOUBTFUL:
        return []
    return [members for distance, members in sorted(near, key=lambda pair: pair[0]) if distance <= reach]
