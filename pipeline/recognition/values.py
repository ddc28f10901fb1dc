"""Where a page bears what is filed of it: head, title, labelled values, recipients; the rest is prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.domain.pages import Line
from pipeline.domain.syllables import bare
from pipeline.recognition.letterheads import is_motto, is_shouted, take_foot, take_head

#: So many lines below a head are title and subject, unless one goes on to the right edge of the page's lines, that far from it
#: in its own height; or one opens as prose does.
TITLE, EDGE = 7, 2.0
_OPENINGS = {("can", "cu"), ("dieu", "1"), ("theo", "de"), ("thuc", "hien"), ("hom", "nay"), ("ngay", "hom")}

#: A label has so many words, a line of nothing but capitals so many, and a line that goes on a value.
LABEL, CAPITALS, REST = 7, 8, 9

_EDGES = ".,;:-–()/"


def find_values(lines: Sequence[Line]) -> frozenset[int]:
    """The places in ``lines`` (a page's own text in reading order) of those that may bear the value of a field."""
    places = {id(line): at for at, line in enumerate(lines)}
    head, beneath = take_head(lines)
    foot, _ = take_foot(lines)
    parts = {id(word) for line in (*head, *foot) for word in line.words}
    found = {at for at, line in enumerate(lines) if any(id(word) in parts for word in line.words)}
    found.update(places[id(line)] for line in (_title(beneath) if head else ()) if id(line) in places)
    found.update(_labelled(lines))
    found.update(at for at, line in enumerate(lines) if len(line.words) <= CAPITALS and is_shouted(line.words))
    return frozenset(at for at in found if not is_motto(lines[at]))


def _title(beneath: Sequence[Line]) -> Iterator[Line]:
    """The first of the lines ``beneath`` a head, as far as they are set in the middle."""
    right = max((line.box.right for line in beneath), default=0.0)
    for line in beneath[:TITLE]:
        box = line.box
        if tuple(bare(word.text.strip(_EDGES)) for word in line.words[:2]) in _OPENINGS:
            return
        yield line
        if right - box.right < EDGE * box.height:
            return


def _labelled(lines: Sequence[Line]) -> Iterator[int]:
    """Lines with a label, and those that go on its value: short, and without a label of their own."""
    before = False
    for at, line in enumerate(lines):
        colons = [place for place, word in enumerate(line.words[: LABEL + 1]) if word.text.endswith(":")]
        numbered = bare(line.words[0].text) == "so" and len(line.words) <= REST
        label = numbered or bool(colons and len(line.words) > colons[0] + 1)
        if label or (before and len(line.words) <= REST):
            yield at
        before = label
