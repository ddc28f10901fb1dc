"""The words of the pages, Vietnamese first; a module for each family of pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.web.words import (
    batches,
    checking,
    documents,
    figures,
    finding,
    frame,
    happenings,
    letters,
    owners,
    people,
    rereadings,
    review,
    state,
    station,
    systems,
)

#: Languages by code, each named in itself, the first one being that of the house.
LANGUAGES = MappingProxyType({"vi": "Tiếng Việt", "en": "English"})

#: The families; no key stands in two of them.
FAMILIES: tuple[Mapping[str, tuple[str, str]], ...] = (
    frame.WORDS,
    state.WORDS,
    finding.WORDS,
    figures.WORDS,
    owners.WORDS,
    documents.WORDS,
    people.WORDS,
    review.WORDS,
    rereadings.WORDS,
    station.WORDS,
    batches.WORDS,
    checking.WORDS,
    happenings.WORDS,
    systems.WORDS,
    letters.WORDS,
)


def _in(language: int) -> Mapping[str, str]:
    return MappingProxyType({key: pair[language] for family in FAMILIES for key, pair in family.items()})


#: All words by language and key.
WORDS = MappingProxyType({code: _in(place) for place, code in enumerate(LANGUAGES)})
