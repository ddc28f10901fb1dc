"""Every kind of damage to an archive is found and named; a sound one gives no finding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline import archive, flow
from pipeline.domain.audit import anchored, canonical
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.verification import Damage, Finding, Report, Scope, verify
from storage.catalogue import SqlCatalogue
from storage.database import Database
from tests.scripted_office import Office, ScriptedReader

Found = list[tuple[str, str]]


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Three documents in two dossiers and one in none, one of them of two revisions; sealed over two days.

    In memory and on SQLite, unless a test is marked with another place.
    """
    place = getattr(request, "param", "")
    url = request.getfixturevalue("postgresql_url") if place == "postgresql" else f"sqlite:///{tmp_path}/c.sqlite"
    with closing(SqlCatalogue(url)) as catalogue:
        made = Office(tmp_path, catalogue, ScriptedReader(pages=1))
        made.url = url  # type: ignore[attr-defined]
        if place == "s3":
            made.store = request.getfixturevalue("minio_store")
            made.ports = replace(made.ports, store=made.store)
        table = tmp_path / "thu-tuc.tsv"
        table.write_text("ma_thu_tuc\tten\n1.000123\tCấp bản sao trích lục\n", encoding="utf-8")
        made.ports.registers.import_procedures(table)
        first = made.submit(b"%PDF 1", "1.pdf", "H05")
        made.submit(b"%PDF 2", "2.pdf", "H05")
        made.submit(b"%PDF 1", "3.pdf", "H06")
        made.submit(b"%PDF 4", "4.pdf", "")
        made.work()
        made.ports.auditing.seal()
        made.clock.advance(timedelta(days=1))
        made.reader.texts = {"": "Một trang khác hẳn {}", "other": "Một trang khác hẳn {}"}
        flow.read_again(first.id, flow.Wish(QueueName.BATCH, "other"), made.ports)
        made.work()
        made.ports.auditing.seal()
        made.clock.advance(timedelta(days=1))
        made.ports.auditing.seal()
        yield made


ALL = Scope()


def examine(office: Office, scope: Scope = ALL) -> list[Finding]:
    return list(verify(office.ports.store, office.catalogue, office.folder, Report(), scope))


def found(office: Office, scope: Scope = ALL) -> Found:
    return sorted((finding.damage.value, finding.key) for finding in examine(office, scope))


def document(office: Office, name: str) -> Document:
    return next(one for one in office.catalogue.documents() if one.source.name == name)


def key_of(office: Office, name: str, revision: int, file: str) -> str:
    one = document(office, name)
    return archive.revision_key(one.dossier, one.id, revision, file)


def flip(office: Office, key: str) -> None:
    data = bytearray(office.store.get(key))
    data[len(data) // 2] ^= 1
    office.store.put(key, bytes(data))


def sql(office: Office, statement: str) -> None:
    with closing(Database(office.url)) as database, database.write() as connection:  # type: ignore[attr-defined]
        connection.execute(text(statement))


def test_a_sound_archive_gives_no_finding(office: Office) -> None:
    report = Report()
    assert list(verify(office.ports.store, office.catalogue, office.folder, report)) == []
    assert (report.documents, report.revisions, report.erased) == (4, 5, 0)
    assert report.lines == 15
    assert report.anchor.startswith("2026-01-06 ")
    assert report.objects >= 4 + 5 * 4 + 3
    assert examine(office, Scope(dossier="H05")) == []


@pytest.mark.parametrize("file", ["document.pdf", "text.txt", "alto.xml"])
def test_a_flipped_bit_of_an_object_is_found(office: Office, file: str) -> None:
    key = key_of(office, "1.pdf", 1, file)
    flip(office, key)
    assert found(office) == [("object_altered", key)]
    assert found(office, Scope(dossier="H05")) == [("object_altered", key)]
    assert found(office, Scope(dossier="H06")) == []


def test_a_flipped_bit_of_an_original_is_found(office: Office) -> None:
    key = archive.original_key(hashlib.sha256(b"%PDF 2").hexdigest())
    flip(office, key)
    assert found(office) == [("object_altered", key)]
    assert found(office, Scope(dossier="H05")) == [("object_altered", key)]


def test_a_missing_object_is_found(office: Office) -> None:
    keys = [key_of(office, "4.pdf", 1, "document.pdf"), archive.original_key(hashlib.sha256(b"%PDF 1").hexdigest())]
    for key in keys:
        office.store.remove(key)
    assert found(office) == [("object_missing", key) for key in sorted(keys)]


@pytest.mark.parametrize(
    "key",
    [
        "strange.txt",
        "audit/strange.txt",
        "dossiers/H05/strange.txt",
        "originals/strange.txt",
        "originals/" + "ab/" + "ab" * 32,
        "reference/strange.txt",
    ],
)
def test_an_added_object_is_found(office: Office, key: str) -> None:
    office.store.put(key, b"strange")
    assert ("object_extra", key) in found(office)


def test_an_object_added_to_a_revision_is_found(office: Office) -> None:
    key = key_of(office, "1.pdf", 1, "strange.txt")
    office.store.put(key, b"strange")
    unsealed = key_of(office, "2.pdf", 2, "document.pdf")
    office.store.put(unsealed, b"strange")
    assert found(office) == sorted([("object_extra", key), ("object_extra", unsealed)])


def test_a_replaced_record_is_found_be_it_the_newest_or_not(office: Office) -> None:
    for name, revision in (("1.pdf", 1), ("2.pdf", 1)):
        key = key_of(office, name, revision, "record.json")
        record = json.loads(office.store.get(key))
        record["profile"] = "other"
        office.store.put(key, json.dumps(record).encode())
    keys = [key_of(office, name, 1, "record.json") for name in ("1.pdf", "2.pdf")]
    assert found(office) == sorted(("record_replaced", key) for key in keys)


def test_a_record_replaced_together_with_its_manifest_is_found_by_the_audit_log(office: Office) -> None:
    one = document(office, "4.pdf")
    key, listed = key_of(office, "4.pdf", 1, "record.json"), f"{archive.manifest_prefix('', one.id)}m000001.json"
    record = json.loads(office.store.get(key))
    record["profile"] = "other"
    before = hashlib.sha256(office.store.get(key)).hexdigest()
    office.store.put(key, json.dumps(record).encode())
    after = hashlib.sha256(office.store.get(key)).hexdigest()
    office.store.put(listed, office.store.get(listed).replace(before.encode(), after.encode()))
    assert found(office) == [("record_replaced", key)]


def test_a_manifest_that_was_replaced_is_told_from_the_record_it_names(office: Office) -> None:
    key = f"{archive.manifest_prefix('H05', 'x')}m000003.json"
    true = hashlib.sha256(office.store.get(key_of(office, "1.pdf", 2, "record.json"))).hexdigest()
    office.store.put(key, office.store.get(key).replace(true.encode(), b"0" * 64))
    assert found(office) == [("manifest_replaced", key)]


def test_missing_records_and_manifests_are_found(office: Office) -> None:
    first, middle = key_of(office, "1.pdf", 1, "record.json"), f"{archive.manifest_prefix('H05', 'x')}m000002.json"
    office.store.remove(first)
    office.store.remove(middle)
    assert found(office) == [("manifest_missing", middle), ("record_missing", first)]


def test_a_newest_revision_taken_away_with_its_manifest_is_found(office: Office) -> None:
    one = document(office, "1.pdf")
    for info in [*office.store.list(f"{archive.document_prefix('H05', one.id)}r0002/")]:
        office.store.remove(info.key)
    office.store.remove(f"{archive.manifest_prefix('H05', 'x')}m000003.json")
    assert found(office) == [("record_missing", key_of(office, "1.pdf", 2, "record.json"))]


def test_a_whole_dossier_taken_away_is_found(office: Office) -> None:
    one = document(office, "3.pdf")
    for info in [*office.store.list("dossiers/H06/")]:
        office.store.remove(info.key)
    assert ("document_missing", archive.received_key("H06", one.id)) in found(office)
    assert ("document_missing", archive.received_key("H06", one.id)) in found(office, Scope(dossier="H06"))


def test_a_document_brought_in_from_outside_is_found(office: Office) -> None:
    one = document(office, "3.pdf")
    for info in [*office.store.list(archive.document_prefix("H06", one.id))]:
        copy = office.store.get(info.key).replace(one.id.encode(), b"20260105-ffffffffffff").replace(b'"H06"', b'"H07"')
        office.store.put(info.key.replace(one.id, "20260105-ffffffffffff").replace("/H06/", "/H07/"), copy)
    codes = {code for code, _ in found(office)}
    assert {"document_extra", "manifest_missing"} <= codes


def segment(office: Office, number: int = 0) -> tuple[str, list[str]]:
    key = [*office.store.list(archive.SEGMENTS_PREFIX)][number].key
    return key, office.store.get(key).decode().splitlines()


def rewrite(office: Office, key: str, rows: list[str]) -> None:
    office.store.put(key, "".join(f"{row}\n" for row in rows).encode())


Change = Callable[[list[str]], list[str]]
IN_SEGMENTS: dict[str, tuple[Change, tuple[int, int]]] = {
    "audit_line_reordered": (lambda rows: [*rows[:3], rows[4], rows[3], *rows[5:]], (3, 4)),
    "audit_line_removed": (lambda rows: [*rows[:3], *rows[4:]], (3, 3)),
    "audit_line_altered": (lambda rows: [*rows[:3], rows[3].replace('"actor":"', '"actor":"không phải '), *rows[4:]], (3, 3)),
    "audit_line_added": (lambda rows: [*rows[:4], rows[3], *rows[4:]], (3, 3)),
}


@pytest.mark.parametrize("code", IN_SEGMENTS)
def test_a_change_of_the_audit_log_in_the_bucket_is_found_to_the_line(office: Office, code: str) -> None:
    change, lines = IN_SEGMENTS[code]
    key, rows = segment(office)
    rewrite(office, key, change(rows))
    told = {(finding.damage.value, finding.key): finding.lines for finding in examine(office)}
    assert told[code, key] == lines
    assert ("audit_segment_replaced", key) in told


IN_CATALOGUE = {
    "audit_line_reordered": "UPDATE events SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4)",
    "audit_line_removed": "DELETE FROM events WHERE seq = 3",
    "audit_line_altered": "UPDATE events SET reason = 'không có gì' WHERE seq = 3",
}


@pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("code", IN_CATALOGUE)
def test_a_change_of_the_audit_log_in_the_catalogue_is_found_to_the_line(office: Office, code: str) -> None:
    sql(office, IN_CATALOGUE[code])
    sql(office, "UPDATE events SET seq = -seq WHERE seq < 0")
    (finding,) = examine(office)
    assert (finding.damage.value, finding.key, finding.lines) == (
        code,
        "",
        (3, 4) if code == "audit_line_reordered" else (3, 3),
    )


def test_a_log_rewritten_from_a_line_on_with_all_its_hashes_is_found(office: Office) -> None:
    key, rows = segment(office)
    previous, made = json.loads(rows[2])["hash"], rows[:3]
    for row in rows[3:]:
        line = {**json.loads(row), "actor": "ai đó", "previous": previous}
        del line["hash"]
        previous = hashlib.sha256(canonical(line).encode()).hexdigest()
        made.append(canonical({**line, "hash": previous}))
    rewrite(office, key, made)
    codes = {code for code, _ in found(office)}
    assert {"audit_segment_replaced", "audit_line_altered", "audit_chain_broken"} <= codes


def test_missing_segments_and_anchors_are_found(office: Office) -> None:
    key, _ = segment(office)
    office.store.remove(key)
    assert found(office) == [("audit_segment_missing", key)]
    last, _ = segment(office, -1)
    office.store.remove(last)
    assert found(office) == [("audit_segment_missing", key), ("audit_segment_missing", last)]


def test_an_anchor_that_was_replaced_or_taken_away_is_found(office: Office) -> None:
    first, second = (archive.anchor_key(day) for day in ("2026-01-05", "2026-01-06"))
    anchor = archive.parse_anchor(office.store.get(first))
    office.store.put(first, archive.render_anchor(anchored(replace(anchor, head="f" * 64))))
    assert found(office) == [("audit_anchor_replaced", first)]
    office.store.put(first, archive.render_anchor(replace(anchor, head="f" * 64)))
    assert ("audit_anchor_replaced", first) in found(office)
    office.store.remove(first)
    assert found(office) == [("audit_anchor_missing", second)]


def test_a_list_of_procedures_that_is_not_the_one_records_were_made_with_is_found(office: Office) -> None:
    key = archive.procedures_key(1)
    flip(office, key)
    assert found(office) == [("object_altered", key)]
    office.store.remove(key)
    assert found(office) == [("object_missing", key)]


def test_work_in_hand_is_no_damage(office: Office) -> None:
    one = document(office, "2.pdf")
    flow.read_again(one.id, flow.Wish(QueueName.BATCH), office.ports)
    office.store.put(key_of(office, "2.pdf", 2, "document.pdf"), b"%PDF half done")
    office.store.put(archive.page_key(one.id, 2, 1), b"{}")
    office.submit(b"%PDF new", "new.pdf", "H05")
    report = Report()
    assert list(verify(office.ports.store, office.catalogue, office.folder, report)) == []
    assert report.notes == {"happenings not sealed yet": 2, "objects in work": 1, "objects of revisions in work": 1}


def test_a_dossier_of_any_name_is_no_damage(office: Office) -> None:
    for name in ("hồ sơ 12/2024", "a\0b\udc80", ".", "..", " x "):
        office.submit(name.encode("utf-8", "replace"), "x.pdf", name)
    office.work()
    office.ports.auditing.seal()
    assert examine(office) == []
    assert examine(office, Scope(dossier="hồ sơ 12/2024")) == []


def test_a_decision_made_since_is_no_damage_once_it_is_sealed(office: Office) -> None:
    one = document(office, "2.pdf")
    now = office.clock.now()
    office.catalogue.move(one.id, Status.APPROVED, actor="cán bộ A", reason="đã đối chiếu", at=now)
    assert examine(office) == []
    office.ports.auditing.seal()
    assert examine(office) == []


@pytest.mark.parametrize("office", ["s3"], indirect=True)
def test_damage_on_a_real_server_is_found_and_what_is_old_may_be_left_alone(office: Office) -> None:
    assert examine(office) == []
    key, rows = segment(office)
    rewrite(office, key, [*rows[:3], rows[4], rows[3], *rows[5:]])
    assert ("audit_line_reordered", key) in found(office)
    rewrite(office, key, rows)
    record, pdf = key_of(office, "2.pdf", 1, "record.json"), key_of(office, "3.pdf", 1, "document.pdf")
    for one in (record, pdf):
        sound = office.store.get(one)
        flip(office, one)
        assert one in {place for _, place in found(office)}
        office.store.remove(one)
        assert [place for _, place in found(office)] == [one]
        office.store.put(one, sound)
    office.store.put("dossiers/H05/strange", b"x")
    assert found(office) == [("object_extra", "dossiers/H05/strange")]
    office.store.remove("dossiers/H05/strange")
    flip(office, key_of(office, "1.pdf", 1, "document.pdf"))
    written = max(info.modified for info in office.store.list("") if info.modified)
    assert [code for code, _ in found(office, Scope(since=written))] == ["object_altered"]
    report, scope = Report(), Scope(since=written + timedelta(days=1))
    assert list(verify(office.ports.store, office.catalogue, office.folder, report, scope)) == []
    assert report.notes["documents unchanged since"] == 4


def test_every_kind_of_damage_is_explained(root: Path) -> None:
    told = (root / "docs" / "provenance.md").read_text(encoding="utf-8")
    assert not [damage.value for damage in Damage if f"`{damage.value}`" not in told]


def test_every_kind_of_damage_says_what_to_do() -> None:
    for damage in Damage:
        assert damage.advice.endswith(".")
        assert Finding(damage, "k", "m").as_json()["advice"] == damage.advice
