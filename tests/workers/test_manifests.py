"""Manifests of dossiers: one for each change, in a chain without holes, whoever writes and whoever is killed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.archive import manifest as module
from pipeline.custody.manifests import Manifests
from pipeline.domain.errors import StageError
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore
from tests.scripted_office import Killed, Office, ScriptedReader

PREFIX = archive.manifest_prefix("H05", "d1")


def entry(document: str, revision: int = 1) -> archive.ManifestEntry:
    digest = hashlib.sha256(f"{document} {revision}".encode()).hexdigest()
    return archive.ManifestEntry(document, revision, digest, "a" * 64, "b" * 64)


@pytest.fixture
def manifests() -> Manifests:
    return Manifests(MemoryStore(), FixedClock())


def chain(manifests: Manifests) -> list[archive.Manifest]:
    """All manifests, whose chain holds."""
    found, before = [], ""
    for number, info in enumerate(manifests.store.list(PREFIX), 1):
        data = manifests.store.get(info.key)
        made = archive.parse_manifest(data)
        assert (made.number, made.previous, info.key) == (number, before, archive.manifest_key(PREFIX, number))
        before = hashlib.sha256(data).hexdigest()
        found.append(made)
    return found


def test_each_change_is_a_manifest_that_lists_all_documents(manifests: Manifests) -> None:
    for one in (entry("d1"), entry("d2"), entry("d1"), entry("d1", 2)):
        manifests.enter("H05", one)
    made = chain(manifests)
    assert [sorted(one.entries) for one in made] == [["d1"], ["d1", "d2"], ["d1", "d2"]]
    assert [one.entries["d1"].revision for one in made] == [1, 1, 2]


def test_the_same_change_twice_in_a_row_is_written_once(manifests: Manifests) -> None:
    for _ in range(3):
        manifests.enter("H05", entry("d1"))
    assert len(chain(manifests)) == 1


def test_documents_finished_at_once_make_one_chain(manifests: Manifests) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: manifests.enter("H05", entry(f"d{number:02d}")), range(24)))
    made = chain(manifests)
    assert len(made) == 24
    assert len(made[-1].entries) == 24


def test_a_large_dossier_lists_what_changed_and_the_chain_tells_the_rest(
    manifests: Manifests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LISTED", 3)
    for number in range(6):
        manifests.enter("H05", entry(f"d{number}"))
    made = chain(manifests)
    assert [len(one.entries) for one in made] == [1, 2, 3, 1, 1, 1]
    assert [one.complete for one in made] == [True] * 3 + [False] * 3
    assert {document for one in made for document in one.entries} == {f"d{number}" for number in range(6)}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 9, 100])
def test_the_newest_is_found_whatever_their_number(manifests: Manifests, count: int) -> None:
    for number in range(1, count + 1):
        manifests.store.put(archive.manifest_key(PREFIX, number), b"")
    assert manifests.newest(PREFIX) == count


def test_a_document_without_a_dossier_has_a_manifest_of_its_own(manifests: Manifests) -> None:
    manifests.enter("", entry("d1"))
    assert [info.key for info in manifests.store.list("")] == ["dossiers/_/d1/manifest/m000001.json"]


def test_a_broken_manifest_stops_the_next_change_and_says_what_to_do(manifests: Manifests) -> None:
    manifests.store.put(archive.manifest_key(PREFIX, 1), b"{}")
    with pytest.raises(StageError) as caught:
        manifests.enter("H05", entry("d1"))
    assert caught.value.code == "manifest_broken"
    assert "sohoa verify" in caught.value.advice


class DyingStore(MemoryStore):
    """A store whose writer is killed before or after it writes a manifest."""

    def __init__(self, *, kept: bool) -> None:
        super().__init__()
        self.kept, self.dies = kept, True

    def put_once(self, key: str, data: bytes | Path, *, media_type: str = "") -> bool:
        if "/manifest/" in key and self.dies:
            self.dies = False
            if self.kept:
                super().put_once(key, data)
            raise Killed
        return super().put_once(key, data)


@pytest.fixture(params=[False, True])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue:
        made = Office(tmp_path, catalogue, ScriptedReader(pages=1))
        made.store = DyingStore(kept=request.param)
        made.ports = type(made.ports)(made.store, catalogue, made.dispatcher, made.clock, made.reader, tmp_path)
        yield made


def test_a_worker_killed_between_record_and_manifest_leaves_no_hole(office: Office) -> None:
    document = office.submit()
    with pytest.raises(Killed):
        office.work()
    for _ in range(3):
        office.sweep()
    assert office.catalogue.document(document.id).revision == 1
    office.ports.auditing.seal()
    assert list(verify(office.store, office.catalogue, office.folder, Report())) == []
