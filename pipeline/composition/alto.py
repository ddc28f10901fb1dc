"""ALTO 4 (Library of Congress, https://www.loc.gov/standards/alto/): words, boxes and confidences as XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from pipeline.composition.metadata import PRODUCER, printable
from pipeline.domain.documents import Source
from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, LineRole, PageCode, PageReading, UnreadPage, Word

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>{name}</fileName><fileIdentifier>sha256:{sha256}</fileIdentifier></sourceImageInformation>
<Processing ID="P1"><processingSoftware><softwareCreator>{producer}</softwareCreator>\
<softwareName>{engines}</softwareName></processingSoftware></Processing>
</Description>
{tags}<Layout>
"""

_TAGS = "".join(
    f'<LayoutTag ID="{role.value}" TYPE="overlay" LABEL={quoteattr(role.heading)}/>\n'
    for role in LineRole
    if role is not LineRole.BODY
)


def to_alto(readings: Iterable[PageReading], source: Source) -> bytes:
    """The readings as ALTO 4, UTF-8; all positions in pixels of the scan as submitted.

    Blocks that lie over the document's own text refer to a ``LayoutTag`` that says what they are, barcodes and QR codes are
    illustrations that refer to an ``OtherTag`` with what they say.

    ``PAGECLASS`` tells pages that are ``blank`` or ``unread`` (with the reason) from those with text. ``ALTERNATIVE`` holds
    what the engine read where the language model made something else of it.
    """
    pages = tuple(readings)
    tags = _TAGS if any(reading.text.overlays for reading in pages) else ""
    tags += "".join(_code_tag(f"p{page.number}c{place}", code) for page in pages for place, code in enumerate(page.codes, 1))
    engines = dict.fromkeys(reading.text.engine for reading in pages if reading.text.engine)
    head = _HEAD.format(
        name=escape(printable(source.name)),
        sha256=escape(source.sha256),
        producer=PRODUCER,
        engines=escape(printable(", ".join(engines))),
        tags=f"<Tags>\n{tags}</Tags>\n" if tags else "",
    )
    body = "".join(part for reading in pages for part in _page(reading))
    return f"{head}{body}</Layout>\n</alto>\n".encode()


def _page(reading: PageReading) -> Iterator[str]:
    number, sides = reading.number, f'WIDTH="{reading.width}" HEIGHT="{reading.height}"'
    yield f'<Page ID="p{number}" PHYSICAL_IMG_NR="{number}" {sides}{_page_class(reading)} PC="{reading.confidence:.4f}">\n'
    yield f'<PrintSpace HPOS="0" VPOS="0" {sides}>\n'
    turn = f' ROTATION="{reading.rotation}"' if reading.rotation else ""
    blocks = groupby(enumerate(reading.text.lines, 1), key=lambda numbered: (numbered[1].block, numbered[1].role))
    for place, ((_, role), members) in enumerate(blocks, 1):
        lines = tuple(members)
        tag = "" if role is LineRole.BODY else f' TAGREFS="{role.value}"'
        yield f'<TextBlock ID="p{number}b{place}" {_position(hull(line.box for _, line in lines))}{turn}{tag}>\n'
        for row, line in lines:
            yield _line(f"p{number}l{row}", line)
        yield "</TextBlock>\n"
    for place, code in enumerate(reading.codes, 1):
        name = f"p{number}c{place}"
        yield f'<Illustration ID="{name}" {_position(code.box)} TYPE="{code.format.value}" TAGREFS="{name}t"/>\n'
    yield "</PrintSpace>\n</Page>\n"


def _code_tag(name: str, code: PageCode) -> str:
    return f'<OtherTag ID="{name}t" TYPE="code" LABEL="{code.format.value}" DESCRIPTION={quoteattr(printable(code.text))}/>\n'


def _page_class(reading: PageReading) -> str:
    if isinstance(reading.content, UnreadPage):
        return f" PAGECLASS={quoteattr(printable('unread: ' + reading.content.reason))}"
    return ' PAGECLASS="blank"' if reading.blank else ""


def _line(name: str, line: Line) -> str:
    words = "<SP/>".join(_string(f"{name}w{place}", word) for place, word in enumerate(line.words, 1))
    return f'<TextLine ID="{name}" {_position(line.box)}>{words}</TextLine>\n'


def _string(name: str, word: Word) -> str:
    sure = min(1.0, max(0.0, word.confidence))
    head = f'<String ID="{name}" CONTENT={quoteattr(printable(word.text))} {_position(word.box)} WC="{sure:.4f}"'
    return f"{head}><ALTERNATIVE>{escape(printable(word.read))}</ALTERNATIVE></String>" if word.read else f"{head}/>"


def _position(box: Box) -> str:
    return f'HPOS="{box.left:.1f}" VPOS="{box.top:.1f}" WIDTH="{box.width:.1f}" HEIGHT="{box.height:.1f}"'
