"""Texts that strangers wrote never become markup: names of files, words on paper, values, codes, drawings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline import archive, intake
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.people import Role
from pipeline.ports import IndexEntry
from tests.web_house import AT, WebHouse

EVIL = (
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% for x in ().__class__.__mro__ %}{% endfor %}",
    "</textarea></title><iframe src=//evil.example>",
    '" autofocus onfocus="alert(1)',
    "⟪<b>x</b>⟫",
)  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class Markup(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def foreign(page: str) -> list[object]:
    """Elements and attributes that none of our templates writes."""
    markup = Markup()
    markup.feed(page)
    found: list[object] = []
    for tag, attributes in markup.found:
        found += [tag] if tag in {"iframe", "svg", "b", "style", "object", "embed", "base"} else []
        found += [(tag, name) for name in attributes if name.startswith("on") or name in {"style", "srcdoc", "formaction"}]
        for name in ("src", "href", "action"):
            value = attributes.get(name)
            found += [(tag, value)] if value is not None and not value.startswith(("/", "#")) else []
    return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


def record(text: str) -> dict[str, object]:
    problem = {"code": text, "message": text, "field": text, "page": 1}
    value = {"value": text, "confidence": 0.4, "evidence": [{"page": text, "box": [1, 2, 3, 4]}], "problems": [problem]}
    listed = value | {"value": [text, text], "suggestions": [{"value": text, "source": text, "reason": text}]}
    rule = {"rule": text, "title": text, "outcome": "fail", "wanted": text, "found": text, "pages": [1], "point": text}
    return {
        "problems": [problem],
        "pdf": {"path": text},
        "fields": {text: value, "list": listed},
        "owners": [{"id12": text, "name": text, "birth_date": text}],
        "procedure": {"code": text, "name": text},
        "dossier_code": text,
        "components": [{"pages": [1], "document_type": {"code": text}}],
        "conformity": [{"basis": text, "rules": [rule | {"severity": "hint"}]}],
    }


def enter(house: WebHouse, text: str) -> None:
    source = Source(f"{text}.pdf", "0" * 64, 10, "application/pdf")
    house.catalogue.receive(Document("d1", text, source, Status.RECEIVED, QueueName.STATION, AT))
    prefix = "k"
    house.catalogue.index(
        IndexEntry(
            "d1", text, 1, text, Status.NEEDS_REVIEW, text, text, f"tìm thấy {text} ở đây", ((text, text),),
            f"{prefix}/record.json", "0" * 64, f"{prefix}/document.pdf", 1,
        )
    )  # fmt: skip
    house.catalogue.move("d1", Status.READING, actor=text, reason=text, at=AT)
    house.catalogue.move("d1", Status.NEEDS_REVIEW, actor=text, reason=text, at=AT)
    for name, content in (("record.json", json.dumps(record(text))), ("text.txt", text), ("alto.xml", SVG)):
        house.store.put_once(archive.revision_key(text, "d1", 1, name), content.encode())


@pytest.mark.parametrize("text", EVIL)
def test_no_text_of_a_paper_becomes_markup_on_any_page(house: WebHouse, text: str) -> None:
    enter(house, text)
    browser = house.signed_in("x", *Role)
    for path in ("/", "/state", "/documents/d1", "/find?q=tim thay"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert foreign(answer.text) == [], path
        assert "49{%" not in answer.text
    assert "d1" in browser.get("/find?q=tim thay").text
    dossier = browser.get("/dossier", params={"code": text})
    assert dossier.status_code == 200
    assert foreign(dossier.text) == []


@pytest.mark.parametrize("text", EVIL)
def test_nothing_that_is_asked_for_becomes_markup(house: WebHouse, text: str) -> None:
    browser = house.signed_in("x", *Role)
    for path in ("/find", "/sign-in", "/documents/x", "/", "/accounts/x"):
        for name in ("q", "to", "lang", "ticket", "dossier", "type", "code"):
            assert foreign(browser.get(path, params={name: text}).text) == []
            assert foreign(house.browser().get(path, params={name: text}).text) == []
    for path in (f"/documents/{text}", f"/accounts/{text}", f"/{text}"):
        answer = browser.get(path)
        assert answer.headers["content-type"].startswith("application/json") or foreign(answer.text) == []


@pytest.mark.parametrize("text", [one for one in EVIL if len(one) < 100])
def test_no_name_of_a_person_becomes_markup(house: WebHouse, text: str) -> None:
    house.house.accounts.add("evil", text, [Role.OPERATOR], ["*"], by=text)
    browser = house.signed_in("x", *Role)
    for path in ("/accounts", "/accounts/evil"):
        assert foreign(browser.get(path).text) == []


@pytest.mark.parametrize(
    ("name", "kind"), [("text.txt", "text/plain"), ("alto.xml", "application/xml"), ("record.json", "application/json")]
)
def test_files_are_never_taken_for_pages(house: WebHouse, name: str, kind: str) -> None:
    enter(house, "<script>alert(1)</script>")
    answer = house.signed_in("x", *Role).get(f"/documents/d1/{name}")
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize("name", ["ảnh.svg", "ảnh.png", "ảnh.pdf", "ảnh.html"])
@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n", "\ufeff<!-- %PDF-1.7 -->"])
def test_drawings_with_scripts_are_never_taken_in(tmp_path: Path, name: str, before: str) -> None:
    path = tmp_path / name
    path.write_text(before + SVG, encoding="utf-8")
    with pytest.raises(RejectedInputError):
        intake.inspect(path, name, intake.Bounds())


def test_every_template_is_escaped_and_none_says_that_a_text_is_safe(root: Path) -> None:
    folder = root / "pipeline" / "web" / "templates"
    templates = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
    assert len(templates) > 10
    for text in templates:
        for trick in ("|safe", "| safe", "Markup(", "autoescape false", " style=", "javascript:", "hx-on", "js:"):
            assert trick not in text


def test_no_script_of_ours_makes_code_or_markup_out_of_text(root: Path) -> None:
    for path in (root / "pipeline" / "web" / "static").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for trick in ("eval(", "new Function", "document.write", "insertAdjacentHTML", "outerHTML"):
            assert trick not in text, path.name
