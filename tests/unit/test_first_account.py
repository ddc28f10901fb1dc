"""How a new installation is opened, the commands that look after accounts, and links to single files."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import stack
from pipeline.bootstrap import build_accounts
from pipeline.cli import FAILURE, OK, USAGE, main
from pipeline.domain.people import Role
from pipeline.settings import OpenIdSettings, Settings, WebSettings
from pipeline.stack import first_sign_in
from pipeline.stack.processes import ProcessId, StackState


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    return Settings.from_environment()


def test_the_first_password_is_told_once_and_kept_where_its_owner_alone_reads_it(settings: Settings) -> None:
    first = first_sign_in(settings)
    assert first is not None
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert first.password in first.path.read_text()
    again = first_sign_in(settings)
    assert again is not None
    assert (again.login, again.password, again.path) == (first.login, "", first.path)


def test_the_file_goes_when_the_password_was_changed(settings: Settings) -> None:
    first = first_sign_in(settings)
    assert first is not None
    accounts = build_accounts(settings)
    accounts.people.keep(replace(accounts.find(first.login), provisional=False))
    assert first_sign_in(settings) is None
    assert not first.path.exists()


def test_no_account_is_made_where_there_are_some_or_a_provider_vouches(settings: Settings, tmp_path: Path) -> None:
    build_accounts(settings).add("lan", "Lan", [Role.ADMINISTRATOR], [], by="test")
    assert first_sign_in(settings) is None
    vouched = Settings(home=tmp_path / "other", web=WebSettings(openid=OpenIdSettings("https://id.example")))
    assert first_sign_in(vouched) is None


def test_up_says_how_to_sign_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = StackState(ProcessId("supervisor", 1, 0.0), (), settings.web_address, True)
    monkeypatch.setattr(stack, "up", lambda _: (running, True))
    assert main(["up"]) == OK
    told = re.search(r"sign in as: quantri, one-time password ([a-z0-9-]{19}) \(also in (.+)\)", capsys.readouterr().out)
    assert told
    assert told[1] in Path(told[2]).read_text()
    assert main(["up"]) == OK
    out = capsys.readouterr().out
    assert told[1] not in out
    assert told[2] in out
    assert main(["up", "--json"]) == OK
    assert "password" not in capsys.readouterr().out


def test_accounts_are_looked_after_by_command(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    add = ["accounts", "add", "Lan.Nguyen", "--name", "Nguyễn Thị Lan", "--office", "H06", "--office", "000.00.16.h05"]
    assert main([*add, "--role", "operator", "--role", "administrator"]) == OK
    assert re.search(r"lan\.nguyen +one-time password: [a-z0-9-]{19}\n", capsys.readouterr().out)
    assert main(["accounts", "list", "--json"]) == OK
    assert json.loads(capsys.readouterr().out) == {
        "login": "lan.nguyen",
        "name": "Nguyễn Thị Lan",
        "roles": ["administrator", "operator"],
        "offices": ["000.00.16.H05", "H06"],
        "disabled": False,
        "provisional": True,
        "issuer": "",
        "second_factor": False,
    }
    assert main(["accounts", "change", "lan.nguyen", "--office", "*"]) == OK
    assert "*  (password to be changed)" in capsys.readouterr().out
    assert main(["accounts", "reset-password", "lan.nguyen"]) == OK
    assert main([*add, "--role", "operator"]) == USAGE
    assert main(["accounts", "disable", "lan.nguyen"]) == USAGE
    assert main(["accounts", "disable", "nobody"]) == FAILURE
    assert "sohoa: somebody must stay who looks after accounts" in capsys.readouterr().err
    build_accounts(settings).add("chief", "Chief", [Role.ADMINISTRATOR], [], by="test")
    assert main(["accounts", "disable", "lan.nguyen"]) == OK
    assert "disabled" in capsys.readouterr().out
    assert main(["accounts", "enable", "lan.nguyen"]) == OK
    assert main(["accounts", "list"]) == OK
    assert capsys.readouterr().out.count("\n") == 3


def test_a_link_needs_a_file_that_there_is_and_a_stack(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link", "d1", "--file", "received.json"]) == USAGE
    assert main(["link", "d1"]) == FAILURE
    assert "sohoa up" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SOHOA_WEB_ORIGIN": "http://sohoa.tinh.vn"}, "SOHOA_WEB_ORIGIN"),
        ({"SOHOA_WEB_ORIGIN": "https://sohoa.tinh.vn/desk"}, "SOHOA_WEB_ORIGIN"),
        ({"SOHOA_WEB_CERTIFICATE": __file__}, "SOHOA_WEB_KEY"),
        ({"SOHOA_WEB_CERTIFICATE": __file__, "SOHOA_WEB_KEY": __file__}, "SOHOA_WEB_ORIGIN"),
        ({"SOHOA_API_CERTIFICATE_HEADER": "Client-Cert"}, "SOHOA_API_CERTIFICATE_HEADER"),
        ({"SOHOA_API_CERTIFICATE_HEADER": "a: b", "SOHOA_WEB_ORIGIN": "https://x.vn"}, "SOHOA_API_CERTIFICATE_HEADER"),
        ({"SOHOA_API_RATE": "0"}, "SOHOA_API_RATE"),
        ({"SOHOA_API_KEYS": "/nowhere"}, "SOHOA_API_KEYS"),
        ({"SOHOA_OPENID_ISSUER": "http://id.example"}, "SOHOA_OPENID_ISSUER"),
        ({"SOHOA_OPENID_ISSUER": "https://id.example"}, "SOHOA_OPENID_CLIENT_ID"),
        ({"SOHOA_OPENID_ISSUER": "https://id.example", "SOHOA_OPENID_RIGHTS": "/nowhere.toml"}, "SOHOA_OPENID_RIGHTS"),
    ],
)
def test_faulty_settings_are_named(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Settings.from_environment(changes)


def test_the_secret_of_the_client_comes_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    secret, rights = tmp_path / "secret", tmp_path / "rights.toml"
    secret.write_text("so secret\n")
    rights.write_text("")
    settings = Settings.from_environment(
        {
            "SOHOA_OPENID_ISSUER": "https://id.example",
            "SOHOA_OPENID_CLIENT_ID": "sohoa",
            "SOHOA_OPENID_CLIENT_SECRET_FILE": str(secret),
            "SOHOA_OPENID_RIGHTS": str(rights),
            "SOHOA_WEB_ORIGIN": "https://sohoa.tinh.vn/",
        }
    )
    assert settings.web.openid.client_secret.reveal() == "so secret"
    assert "so secret" not in repr(settings)
    assert settings.web_address == "https://sohoa.tinh.vn/"
