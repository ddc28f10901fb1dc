"""Search and export for other systems: among their offices' documents alone, by layouts that are data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.domain.audit import Action
from pipeline.domain.documents import Status
from pipeline.systems.exporting import load_layouts, parse_layout, shipped_layouts
from pipeline.understanding import document_types
from tests.api_house import PURPOSE, ApiHouse, hand_in, uploaded, work


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path)
    with made.web:
        yield made


@pytest.fixture
def caller(house: ApiHouse) -> TestClient:
    return house.caller(house.system())


def enter(house: ApiHouse, caller: TestClient, *contents: bytes, code: str = "000.00.16.H05-260105-0007") -> list[str]:
    for one in contents:
        hand_in(caller, uploaded(caller, one), code=code)
    work(house)
    found = [one["id"] for one in caller.get(f"/v1/dossiers/{code}").json()["documents"]]
    for one in found:
        if house.web.catalogue.document(one).status is Status.NEEDS_REVIEW:
            house.web.catalogue.move(one, Status.APPROVED, actor="x", reason="y", at=house.web.clock.now())
    return sorted(found)


def lines_of(caller: TestClient, path: str) -> tuple[list[dict[str, object]], str]:
    answer = caller.get(path, headers=PURPOSE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jsonl")
    link = answer.headers.get("link", "")
    return [json.loads(line) for line in answer.text.splitlines()], link.partition(">")[0].lstrip("<")


def test_finished_documents_of_the_offices_are_exported_in_pieces_that_follow_each_other(
    house: ApiHouse, caller: TestClient
) -> None:
    documents = enter(house, caller, b"1", b"2", b"3")
    stranger = house.caller(house.system("h06", offices=frozenset({"H06"})))
    foreign = enter(house, stranger, b"4", code="H06-260105-0001")
    hand_in(caller, uploaded(caller, b"not read"))
    seen: list[object] = []
    path = "/v1/exports/sohoa?limit=2"
    while path:
        lines, path = lines_of(caller, path)
        seen += [line["document"] for line in lines]
    assert seen == documents
    assert len(lines_of(caller, "/v1/exports/sohoa?since=2026-01-05")[0]) == 3
    assert lines_of(caller, "/v1/exports/sohoa?since=2026-01-06") == ([], "")
    assert [line["MaTaiLieu"] for line in lines_of(stranger, "/v1/exports/dvcqg")[0]] == foreign


def test_a_line_has_the_columns_of_its_target(house: ApiHouse, caller: TestClient) -> None:
    (document,) = enter(house, caller, b"1")
    ((line,), _) = lines_of(caller, "/v1/exports/dvcqg")
    (told,) = [one for one in caller.get("/v1/exports").json()["targets"] if one["name"] == "dvcqg"]
    assert list(line) == told["columns"]
    assert (line["MaTaiLieu"], line["TrangThai"], line["SoTrang"]) == (document, "DA_DUYET", 3)
    assert line["CoQuan"] == "000.00.16.H05"


def test_an_export_is_in_the_audit_log_with_how_much_left(house: ApiHouse, caller: TestClient) -> None:
    enter(house, caller, b"1", b"2")
    lines_of(caller, "/v1/exports/sohoa")
    house.web.flow.auditing.seal()
    (told,) = [one.happening for one in house.web.catalogue.audit.lines() if one.happening.action == Action.EXPORT]
    assert (told.actor, told.reason, told.told["documents"]) == ("system dvc", "giai_quyet_tthc", 2)


def test_an_unknown_target_is_not_there(caller: TestClient) -> None:
    assert caller.get("/v1/exports/nowhere", headers=PURPOSE).status_code == 404


def test_search_finds_with_and_without_tone_marks_and_only_what_is_of_the_offices(house: ApiHouse, caller: TestClient) -> None:
    documents = enter(house, caller, b"1")
    stranger = house.caller(house.system("h06", offices=frozenset({"H06"})))
    for query in ("trang số", "trang so"):
        found = caller.post("/v1/search", json={"query": query}, headers=PURPOSE).json()["found"]
        assert [one["document"] for one in found] == documents
        assert stranger.post("/v1/search", json={"query": query}, headers=PURPOSE).json()["found"] == []
    narrowed = {"query": "trang", "since": "2027-01-01T00:00:00Z"}
    assert caller.post("/v1/search", json=narrowed, headers=PURPOSE).json()["found"] == []


def test_every_layout_that_comes_along_names_fields_that_there_are() -> None:
    fields = {f"fields.{field.key}" for kind in document_types() for field in kind.fields}
    for layout in shipped_layouts().values():
        named = {one.source for one in layout.columns if one.source.startswith("fields.")}
        assert named <= fields


@pytest.mark.parametrize(
    "text",
    [
        "x",
        'title = "x"',
        'title = "x"\nversion = "1"\ncolumn = []',
        'title = "x"\nversion = "1"\n[[column]]\nname = "a"\nfrom = "secret"',
        'title = "x"\nversion = "1"\n[[column]]\nname = "a"\nfrom = "type"\n[[column]]\nname = "a"\nfrom = "type"',
    ],
)
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="layout"):
        parse_layout("own", text)


def test_a_layout_of_the_installation_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "sohoa.toml").write_text('title = "Own"\nversion = "2"\n[[column]]\nname = "id"\nfrom = "document"\n')
    assert {name: layout.title for name, layout in load_layouts(tmp_path).items()}["sohoa"] == "Own"
    assert load_layouts(None) == shipped_layouts()
