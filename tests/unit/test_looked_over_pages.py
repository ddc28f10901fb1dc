"""Every page there is is looked over by axe, in both themes: a new one without it fails here.

The tests in a browser cost minutes; here their sources are asked which addresses they open where axe looks on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import compile_path

from tests.unit.test_web_rights import routes
from tests.web_house import WebHouse

#: Addresses that give no page of their own, and where axe sees what they give.
PARTS = {
    "/state": "part of /",
    "/healthz": "JSON",
    "/sign-in/openid": "leads elsewhere",
    "/sign-in/openid/callback": "goes on by itself at once",
    "/figures/export": "a table to keep",
    "/owners/{sealed}": "opened by the form of /owners, in the test of that page",
    "/review/lines": "part of /review/{document_id}",
    "/review/{document_id}/words": "part of /review/{document_id}",
    "/documents/{document_id}/{name}": "files",
    "/scans/{document_id}/{page}.webp": "a picture",
    "/station/events": "parts of /station/dossier",
    "/station/pages/{document_id}/{page}.webp": "a picture",
    "/station/feeder/{page}.webp": "a picture",
    "/station/procedures": "part of /station/dossier",
    "/check": "the form of /check/{code}",
    "/batches/{batch_id}/part": "part of /batches/{batch_id}",
    "/batches/{batch_id}/events": "parts of /batches/{batch_id}",
    "/batches/{batch_id}/report.{form}": "a table to keep",
}

#: What stands for a value in an address that a test puts together.
ANY = "anything"


@pytest.fixture
def opened(root: Path) -> set[str]:
    return {address for path in (root / "tests" / "acceptance").glob("test_*.py") for address in addresses(path)}


def addresses(path: Path) -> Iterator[str]:
    """The addresses in functions that have axe look at pages in both themes, and in the tables that they name."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    tables = {name.id: node.value for node in module.body if isinstance(node, ast.Assign) for name in node.targets
              if isinstance(name, ast.Name)}  # fmt: skip
    for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        if {"faults_of", "SCHEMES"} <= names:
            for part in (function, *(tables[name] for name in names & tables.keys())):
                yield from texts(part)


def texts(tree: ast.AST) -> Iterator[str]:
    """Addresses written in ``tree``, without what is asked behind a question mark."""
    pieces = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
    for node in (one for one in ast.walk(tree) if id(one) not in pieces):
        if isinstance(node, ast.JoinedStr):
            whole = "".join(str(one.value) if isinstance(one, ast.Constant) else ANY for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole = node.value
        else:
            continue
        if whole.startswith("/"):
            yield whole.partition("?")[0]


def test_every_page_is_looked_over_in_both_themes(opened: set[str], tmp_path: Path) -> None:
    with WebHouse(tmp_path) as house:
        gets = [route for route in routes(house) if "GET" in route.methods]
    assert {route.path for route in gets} >= PARTS.keys()
    assert not_opened({route.path for route in gets} - PARTS.keys(), opened) == []


def not_opened(paths: set[str], opened: set[str]) -> list[str]:
    """Those of ``paths`` that none of ``opened`` leads to; ``/accounts/new`` leads to no ``/accounts/{login}``."""
    asked = {path: compile_path(path)[0] for path in paths}
    return sorted(
        path
        for path, fits in asked.items()
        if not any(fits.match(one) and (one == path or one not in paths) for one in opened)
    )


def test_a_page_that_nobody_looked_over_is_found(tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    looked = (
        'PAGES = {"a": "/a", "new": "/b/new"}\ndef test_x():\n    for x in PAGES: faults_of(x, SCHEMES)\n    goto(f"/c/{d}?f")'
    )
    path.write_text(looked + '\ndef test_y():\n    goto("/d")\n    SCHEMES', encoding="utf-8")
    opened = set(addresses(path))
    assert opened == {"/a", "/b/new", f"/c/{ANY}"}
    assert not_opened({"/a", "/b/new", "/b/{login}", "/c/{batch_id}", "/d"}, opened) == ["/b/{login}", "/d"]
