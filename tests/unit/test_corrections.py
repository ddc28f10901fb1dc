"""``sohoa corrections``: counts by field, and the values to learn from."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import cli
from pipeline.commands import reviewing
from pipeline.domain.documents import Status
from pipeline.domain.reviews import StepKind
from pipeline.review_desk import Desk, Wish
from pipeline.review_desk.learning import learning_lines
from tests.reviewed_office import ID_KEY, birth_office, look_at_all, paper
from tests.scripted_office import Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with birth_office(tmp_path) as (made, desk):
        document = paper(made)
        desk.settle(document.id, 1, Wish(ID_KEY, StepKind.SET, "002315000128", 4.0), actor="hoa")
        look_at_all(desk, document, "hoa")
        desk.approve(document.id, 1, actor="hoa")
        services = SimpleNamespace(flow=made.ports, catalogue=made.catalogue)
        monkeypatch.setattr(reviewing, "open_services", lambda _settings: services)
        yield made


def test_fields_are_listed_with_how_often_they_were_wrong(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["corrections", "--from", "2026-01-01", "--to", "2026-12-31", "--json"]) == 0
    lines = {line["field"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert lines["so_dinh_danh"]["corrected"] == 1
    assert lines["gioi_tinh"]["confirmed"] == 1
    cli.main(["corrections", "--from", "2026-01-01", "--to", "2026-12-31"])
    assert "so_dinh_danh" in capsys.readouterr().out


def test_a_time_without_reviews_says_so(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["corrections", "--from", "2025-01-01", "--to", "2025-12-31"]) == 0
    assert "nothing was reviewed" in capsys.readouterr().out


def test_values_are_exported_for_their_owners_eyes_alone(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "corrections.jsonl"
    cli.main(["corrections", "--from", "2026-01-01", "--to", "2026-12-31", "--export", str(out)])
    lines = {line["field"]: line for line in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    line = lines["so_dinh_danh"]
    assert (line["read"], line["value"], line["verdict"]) == ("002315000123", "002315000128", "corrected")
    assert line["evidence"][0]["page"] == 1
    assert (line["engine"]["name"], line["made_with"]) == ("scripted", "scripted 1")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_nothing_is_learnt_from_what_was_erased(office: Office) -> None:
    document = office.catalogue.documents()[0]
    office.catalogue.move(document.id, Status.ERASED, actor="lan", reason="erased", at=office.clock.now())
    now = office.clock.now()
    assert list(learning_lines(office.ports, now.replace(year=2020), now.replace(year=2030))) == []
    assert Desk(office.ports).queue(None) == ()
