"""What stands in ``alto.xml`` of a revision, read back: lines and words with boxes and confidence, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from xml.etree import ElementTree

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PageText, Word

_URI = b"http://www.loc.gov/standards/alto/ns-v4#"
_NS = f"{{{_URI.decode()}}}"
#: How a page begins; nothing within one does so, for what was read is escaped.
_PAGE = b"<Page "


def parse_alto(data: bytes, only: Collection[int] | None = None) -> tuple[PageText, ...]:
    """The words of every page, or of those numbered in ``only``, in page order; those of blank and unread pages are none.

    ``data`` is what this product wrote and sealed by its hash. Raises ``ValueError`` for bytes that are no ALTO.
    """
    head, *pages = data.split(_PAGE)
    name = _parsed(b"%s<Layout/></alto>" % head.partition(b"<Layout>")[0]).findtext(f".//{_NS}softwareName") or ""
    found = (_parsed(b'<alto xmlns="%s">%s%s</alto>' % (_URI, _PAGE, _up_to_its_end(page))) for page in _wanted(pages, only))
    return tuple(_page(page, name) for root in found for page in root.iter(f"{_NS}Page"))


def _wanted(pages: list[bytes], only: Collection[int] | None) -> Iterator[bytes]:
    for page in pages:
        number = page.partition(b'PHYSICAL_IMG_NR="')[2].partition(b'"')[0]
        if only is None or (number.isdigit() and int(number) in only):
            yield page


def _up_to_its_end(page: bytes) -> bytes:
    inside, end, _ = page.partition(b"</Page>")
    return inside + end


def _parsed(data: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(data)  # noqa: S314  (our own file, never a foreign one)
    except ElementTree.ParseError as error:
        raise ValueError(f"not ALTO: {error}") from error


def _page(page: ElementTree.Element, engine: str) -> PageText:
    lines = tuple(line for place, block in enumerate(page.iter(f"{_NS}TextBlock")) for line in _lines(block, place))
    return PageText(int(page.get("PHYSICAL_IMG_NR", "0")), lines, engine)


def _lines(block: ElementTree.Element, place: int) -> Iterator[Line]:
    role = LineRole(block.get("TAGREFS") or LineRole.BODY.value)
    for line in block.iter(f"{_NS}TextLine"):
        words = tuple(map(_word, line.iter(f"{_NS}String")))
        if words:
            yield Line(words, place, role)


def _word(string: ElementTree.Element) -> Word:
    left, top, width, height = (float(string.get(name, "0")) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    box = Box(left, top, left + width, top + height)
    read = string.findtext(f"{_NS}ALTERNATIVE") or ""
    return Word(string.get("CONTENT", ""), box, float(string.get("WC", "0")), read)
