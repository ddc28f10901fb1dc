"""Both databases count alike: what is digitised, handed in, waiting, reviewed and reported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.figures import DocumentTally, Level, Month, PaperKind, PaperTally, Period, ReportedFigures
from storage.catalogue import SqlCatalogue
from tests.figured_office import COMMUNE, keep, many, review
from tests.scripted_office import Office, ScriptedReader

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
MAY = Period(date(2025, 5, 1), date(2025, 5, 31))
ROW = ReportedFigures(
    Month(2025, 5), COMMUNE, Level.COMMUNE, 20, 18, "Xã Vạn Ninh", "", 3, None, 17, 5, None, date(2025, 6, 9), 2
)


def filled(folder: Path, url: str) -> Iterator[Office]:
    folder.mkdir()
    with closing(SqlCatalogue(url)) as catalogue:
        office = Office(folder, catalogue, ScriptedReader())
        review(office, keep(office, many(37, 60)), ["hoa", "lan"])
        catalogue.figures.keep_reported(1, [ROW], date(2025, 6, 12))
        yield office


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Office]:
    yield from filled(tmp_path / "small", f"sqlite:///{tmp_path}/catalogue.sqlite")


@pytest.fixture
def large(tmp_path: Path, postgresql_url: str) -> Iterator[Office]:
    yield from filled(tmp_path / "large", postgresql_url)


def test_both_databases_count_the_same(small: Office, large: Office) -> None:
    one, other = small.catalogue.figures, large.catalogue.figures
    for period in (YEAR, MAY):
        for offices in (None, (COMMUNE,), ()):
            for kind in PaperKind:
                assert set(one.digitised(kind, period, offices)) == set(other.digitised(kind, period, offices))
            assert one.loose(period, offices) == other.loose(period, offices)
            assert one.types(period, offices) == other.types(period, offices)
            assert sorted(one.handed_in(period, offices)) == sorted(other.handed_in(period, offices))
            assert one.desks(period, offices) == other.desks(period, offices)
            assert one.people(period, offices) == other.people(period, offices)
            assert one.corrections(period, offices) == other.corrections(period, offices)
            assert one.in_hand(offices) == other.in_hand(offices)
    assert len(one.digitised(PaperKind.COMPONENT, YEAR, None)) > 10
    assert one.desks(YEAR, None)
    assert one.people(YEAR, None)


def test_an_older_revision_that_comes_late_changes_nothing(small: Office) -> None:
    figures = small.catalogue.figures
    paper = PaperTally(1, "don_de_nghi", PaperKind.COMPONENT, date(2025, 5, 2))
    (one, *_) = figures.digitised(PaperKind.COMPONENT, YEAR, None)
    document = small.catalogue.documents(dossier=one.dossier)[0]
    figures.enter(DocumentTally(document.id, 3, document.dossier, 7, papers=(paper,)))
    before = figures.digitised(PaperKind.COMPONENT, YEAR, None)
    figures.enter(DocumentTally(document.id, 2, document.dossier, 1))
    assert figures.digitised(PaperKind.COMPONENT, YEAR, None) == before


@pytest.mark.parametrize("which", ["small", "large"])
def test_reported_rows_are_held_once_and_keep_their_first_delivery(which: str, request: pytest.FixtureRequest) -> None:
    office: Office = request.getfixturevalue(which)
    figures = office.catalogue.figures
    assert figures.reported("2025-05", "2025-05") == (ROW,)
    assert figures.reported("2025-06", "2025-12") == ()
    later = ReportedFigures(Month(2025, 5), COMMUNE, Level.COMMUNE, 21, 18, delivered=date(2025, 7, 1))
    figures.keep_reported(2, [later], date(2025, 7, 1))
    (held,) = figures.reported("2025-05", "2025-05")
    assert (held.received, held.delivered, held.on_time) == (21, date(2025, 6, 9), None)
    assert figures.reported_held() == 2
