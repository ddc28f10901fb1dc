"""Stamps on copies (Decrees 30/2020 and 23/2015): SAO Y; CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH, number, day, signer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.domain.geometry import hull
from pipeline.recognition.segments import Segment

#: Words that stand alone in capitals on a copy.
LONE = ("sao y", "sao y ban chinh", "sao luc", "trich sao", "ban sao y", "scan", "da scan")

#: What the certificate on a copy says first.
CERTIFICATE = ("chung thuc ban sao dung voi ban chinh", "ban sao dung voi ban chinh", "chung thuc ban sao dung ban chinh")

#: How alike (0..100) a misread line is to one of these.
ALIKE = 85.0

#: The lines of a certificate stand at most this far below each other, and its name behind a signature, in inches.
LINE_GAP, SIGNATURE_GAP, SIDEWAYS = 0.35, 1.5, 0.4

_ENTRY = re.compile(r"so chung thuc|quyen so|sct ?/ ?bs|\bngay\b.*\bthang\b")


def is_copy_mark(segment: Segment) -> bool:
    """Whether a segment is nothing but SAO Y, SAO LỤC, SCAN or the like, in capitals."""
    text = segment.plain.strip(" .,:;-'\"|[]()")
    return segment.text == segment.text.upper() and len(segment.words) <= 4 and text in LONE


def find_copies(segments: Sequence[Segment], dpi: float) -> list[list[Segment]]:
    """Those of ``segments`` that are stamps of copies, stamp by stamp."""
    found = [[segment] for segment in segments if is_copy_mark(segment)]
    for segment in segments:
        if _begins_certificate(segment):
            members = _certificate(segment, segments, dpi)
            if len(members) > 1:
                found.append(members)
            break
    return found


def _begins_certificate(segment: Segment) -> bool:
    alike = any(fuzz.ratio(segment.plain[: len(text) + 6], text) >= ALIKE for text in CERTIFICATE)
    return alike and len(segment.words) <= 10


def _certificate(first: Segment, segments: Sequence[Segment], dpi: float) -> list[Segment]:
    """The certificate that ``first`` begins, down to its signer; ``first`` alone where no entry of a register follows."""
    members = [first]
    below = sorted((one for one in segments if one.box.top > first.box.centre[1]), key=lambda one: one.box.top)
    for segment in below:
        around = hull(one.box for one in members)
        gap = SIGNATURE_GAP if len(members) > 2 else LINE_GAP
        beside = segment.box.left > around.left - SIDEWAYS * dpi and segment.box.right < around.right + SIDEWAYS * dpi
        if beside and segment.box.top - around.bottom <= gap * dpi:
            members.append(segment)
    return members if any(_ENTRY.search(one.plain) for one in members[1:3]) else [first]
