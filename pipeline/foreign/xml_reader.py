"""Foreign XML into a tree, or not at all: no DTD, no entities, nothing fetched, bounds on size, depth and elements."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pipeline.foreign import refusals

MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS = 40_000_000, 200, 2_000_000
_PIECE = 1 << 16


class _TooDeepError(Exception):
    pass


class _TooManyError(Exception):
    pass


class _Bounded(TreeBuilder):
    """Builds no tree that is deeper or larger than documents are."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[Any, Any], /) -> Any:  # noqa: ANN401 - as its base class has it
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH:
            raise _TooDeepError
        if self._count > MOST_ELEMENTS:
            raise _TooManyError
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def read_xml(data: bytes, name: str) -> Element:
    """The root of the document in ``data``; raises ``RejectedInputError`` that says what is wrong with the file ``name``."""
    if len(data) > MOST_BYTES:
        raise refusals.too_large(name, MOST_BYTES)
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        for at in range(0, len(data), _PIECE):
            parser.feed(data[at : at + _PIECE])
        root = parser.close()
    except DefusedXmlException as error:
        raise refusals.hostile(name, f"a DTD or entities ({type(error).__name__})") from error
    except _TooDeepError as error:
        raise refusals.hostile(name, f"more than {MOST_DEPTH} elements inside each other") from error
    except _TooManyError as error:
        raise refusals.too_large(name, MOST_BYTES) from error
    except (ParseError, ValueError, LookupError) as error:
        raise refusals.broken(name, str(error)) from error
    if not isinstance(root, Element):
        raise refusals.broken(name, "it has no element")
    return root


def parted(tag: str) -> tuple[str, str]:
    """The namespace and the name of a tag."""
    space, mark, name = tag.removeprefix("{").partition("}")
    return (space, name) if mark else ("", tag)
