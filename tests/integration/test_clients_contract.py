"""What keeps systems, assertions, answers and uploads must do, asked of SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.domain.clients import Client, ClientSecret, KeptAnswer, Scope, Upload, UploadState
from storage.catalogue import SqlCatalogue

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLIENT = Client("dvc", "Cổng dịch vụ công", "H05", frozenset({"H05", "000.00.16.H05"}), frozenset(Scope), NOW)
UPLOAD = Upload("u1", "dvc", "đơn.pdf", 5_000_000_000, "0" * 64, NOW, NOW + HOUR)


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    local = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else local
    with closing(SqlCatalogue(url)) as made:
        yield made


def test_a_system_comes_back_as_it_was_entered_and_changed_and_stays_through_a_reindex(catalogue: SqlCatalogue) -> None:
    secrets = (ClientSecret("h1"), ClientSecret("h0", NOW + HOUR))
    full = replace(CLIENT, secrets=secrets, keys='{"keys": []}', certificates=frozenset({"a", "b"}), rate=7, disabled=True)
    catalogue.clients.enter(full)
    catalogue.clients.enter(replace(CLIENT, id="a"))
    with pytest.raises(ValueError, match="already"):
        catalogue.clients.enter(CLIENT)
    catalogue.clear()
    assert [one.id for one in catalogue.clients.clients()] == ["a", "dvc"]
    assert catalogue.clients.client("dvc") == full
    catalogue.clients.keep(CLIENT)
    assert catalogue.clients.client("dvc") == CLIENT
    assert catalogue.clients.client("none") is None


def test_an_assertion_is_spent_once_even_by_many_at_once_until_it_is_over(catalogue: SqlCatalogue) -> None:
    with ThreadPoolExecutor(8) as pool:
        tries = list(pool.map(lambda _: catalogue.clients.spend("dvc", "j1", NOW + HOUR, NOW), range(16)))
    assert tries.count(True) == 1
    assert catalogue.clients.spend("other", "j1", NOW + HOUR, NOW)
    assert not catalogue.clients.spend("dvc", "j1", NOW + HOUR, NOW + HOUR)
    assert catalogue.clients.spend("dvc", "j1", NOW + 2 * HOUR, NOW + HOUR + timedelta(seconds=1))


def test_of_the_same_calls_at_once_one_is_made_and_the_others_get_its_answer(catalogue: SqlCatalogue) -> None:
    fresh = KeptAnswer("d", NOW)

    def claim(at: datetime = NOW) -> KeptAnswer | None:
        return catalogue.answers.claim("dvc", "k", replace(fresh, begun=at), at - 24 * HOUR, at - timedelta(minutes=5))

    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: claim(), range(16)))
    assert claims.count(None) == 1
    assert claims.count(fresh) == 15
    answered = KeptAnswer("d", NOW, 201, '{"etag": "x"}', b"\x00\xff body")
    catalogue.answers.keep("dvc", "k", answered)
    assert claim(NOW + HOUR) == answered
    assert claim(NOW + 25 * HOUR) is None
    catalogue.answers.release("dvc", "k")
    assert claim() is None


def test_a_call_that_never_ended_may_be_made_again(catalogue: SqlCatalogue) -> None:
    fresh = KeptAnswer("d", NOW)
    assert catalogue.answers.claim("dvc", "k", fresh, NOW - HOUR, NOW - HOUR) is None
    later = replace(fresh, begun=NOW + HOUR)
    assert catalogue.answers.claim("dvc", "k", later, NOW, NOW) == fresh
    assert catalogue.answers.claim("dvc", "k", later, NOW, NOW + timedelta(seconds=1)) is None


def test_an_upload_takes_each_piece_once_in_its_place(catalogue: SqlCatalogue) -> None:
    uploads = catalogue.uploads
    assert uploads.begin(UPLOAD, 1)
    assert not uploads.begin(replace(UPLOAD, id="u2"), 1)
    assert uploads.begin(replace(UPLOAD, id="u3", client="other", until=NOW + 9 * HOUR), 1)
    with ThreadPoolExecutor(4) as pool:
        tries = list(pool.map(lambda name: uploads.advance(UPLOAD, 10, name), "abcd"))
    assert tries.count(True) == 1
    now = uploads.find("u1")
    assert now is not None
    assert (now.received, len(now.pieces), now.state) == (10, 1, UploadState.OPEN)
    assert uploads.advance(now, 30, "e")
    uploads.assign("u1", "H05-1")
    uploads.assign("u1", "H05-2")
    uploads.settle("u1", UploadState.USED)
    assert uploads.find("u1") == replace(
        UPLOAD, received=30, pieces=(*now.pieces, "e"), state=UploadState.USED, dossier="H05-1"
    )
    assert not uploads.advance(replace(now, received=30), 40, "f")
    assert uploads.begin(replace(UPLOAD, id="u2"), 1)
    assert {one.id for one in uploads.over(NOW + HOUR + timedelta(seconds=1), 5)} == {"u1", "u2"}
    assert uploads.over(NOW + HOUR, 2) == ()
    uploads.remove("u1")
    uploads.remove("none")
    assert uploads.find("u1") is None
