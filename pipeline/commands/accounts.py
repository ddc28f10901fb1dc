"""``sohoa accounts`` and ``sohoa link``: who may come in, and links for those who have no account."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, asker, open_services
from pipeline.domain.people import Role

if TYPE_CHECKING:
    from pipeline.domain.people import Account
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``accounts`` and ``link``."""
    accounts = command(
        "accounts",
        "look after the accounts that people sign in with",
        _list,
        'sohoa accounts add lan.nguyen --name "Nguyễn Thị Lan" --role operator --office 000.00.16.H05\n'
        "  sohoa accounts list\n  sohoa accounts disable lan.nguyen\n  sohoa accounts reset-password lan.nguyen\n"
        "  sohoa accounts reset-second-factor lan.nguyen\n  sohoa accounts rotate-keys",
    )
    whats = accounts.add_subparsers(title="what to do", metavar="WHAT", required=True)
    made = whats.add_parser("add", help="add an account; prints its one-time password")
    made.set_defaults(run=_add)
    made.add_argument("login", metavar="LOGIN")
    _add_rights(made, needed=True)
    changed = whats.add_parser("change", help="change name, roles or offices of an account")
    changed.set_defaults(run=_change)
    changed.add_argument("login", metavar="LOGIN")
    _add_rights(changed, needed=False)
    listed = whats.add_parser("list", help="list the accounts")
    listed.set_defaults(run=_list)
    listed.add_argument("--json", action="store_true", help="one line of JSON for each account")
    for name, text, run in (
        ("disable", "let nobody come in with an account any more", _disable),
        ("enable", "let an account be used again", _enable),
        ("reset-password", "print a new one-time password; ends all sessions of the account", _reset),
        ("reset-second-factor", "ask no more for the second factor of who lost it; ends all sessions", _reset_factor),
    ):
        one = whats.add_parser(name, help=text)
        one.set_defaults(run=run)
        one.add_argument("login", metavar="LOGIN")
    rotated = whats.add_parser("rotate-keys", help="keep the secrets of accounts with a new key")
    rotated.set_defaults(run=_rotate)
    link = command(
        "link",
        "print a link to one file of a document that needs no account and is good for 15 minutes",
        _link,
        "sohoa link 20260105-ab12cd34ef56",
    )
    link.add_argument("document", metavar="DOCUMENT", help="id of the document")
    link.add_argument("--file", metavar="NAME", default="document.pdf", help="which of its files (default: document.pdf)")


def _add_rights(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument("--name", metavar="NAME", required=needed, help="name of the person")
    parser.add_argument(
        "--role", action="append", required=needed, choices=[role.value for role in Role], help="may be given several times"
    )
    parser.add_argument(
        "--office",
        metavar="CODE",
        action="append",
        help="agency code that dossiers begin with, may be given several times; '*' for all (default: none)",
    )


def _add(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    roles = [Role(role) for role in args.role]
    password = build_accounts(settings).add(args.login, args.name, roles, args.office or (), by=asker())
    print(f"{args.login.lower()}  one-time password: {password}")
    print("It holds for 7 days and must be changed at the first sign-in.")
    return OK


def _change(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    accounts = build_accounts(settings)
    account = accounts.find(args.login)
    roles = account.roles if args.role is None else frozenset(Role(role) for role in args.role)
    offices = account.offices if args.office is None else args.office
    print(_line(accounts.change(args.login, args.name or account.name, roles, offices, by=asker())))
    return OK


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    for account in build_accounts(settings).all():
        print(json.dumps(_as_json(account), ensure_ascii=False) if args.json else _line(account))
    return OK


def _disable(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    print(_line(build_accounts(settings).disable(args.login, by=asker())))
    return OK


def _enable(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    print(_line(build_accounts(settings).enable(args.login, by=asker())))
    return OK


def _reset(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    print(f"{args.login.lower()}  one-time password: {build_accounts(settings).reset_password(args.login, by=asker())}")
    return OK


def _reset_factor(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_accounts

    found = build_accounts(settings).reset_second_factor(args.login, by=asker())
    print(f"{args.login.lower()}  {'asked for no second factor any more' if found else 'had no second factor'}")
    return OK


def _rotate(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import rotate_people_keys

    done, waiting = rotate_people_keys(settings, by=asker())
    print(f"{done} secrets are kept with a new key; {waiting} passwords will be when their owners sign in.")
    if not waiting:
        print("The older lines of the file of keys are needed no more and may be deleted.")
    return OK


def _link(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.people.tickets import Tickets
    from pipeline.web.documents import FILES

    if args.file not in FILES:
        raise ValueError(f"there is no {args.file} of a document; there are {', '.join(FILES)}")
    services = open_services(settings)
    document = services.catalogue.document(args.document)
    key = Tickets(services.catalogue.people, services.clock).give(document.id, args.file, giver=asker())
    print(f"{services.settings.web_address}documents/{document.id}/{args.file}?ticket={key}")
    return OK


def _as_json(account: Account) -> dict[str, object]:
    return {
        "login": account.login,
        "name": account.name,
        "roles": sorted(account.roles),
        "offices": sorted(account.offices),
        "disabled": account.disabled,
        "provisional": account.provisional,
        "issuer": account.issuer,
        "second_factor": account.second_factor is not None,
    }


def _line(account: Account) -> str:
    notes = [
        *(["disabled"] if account.disabled else []),
        *(["password to be changed"] if account.provisional else []),
        *(["second factor"] if account.second_factor else []),
        *([f"through {account.issuer}"] if account.issuer else []),
    ]
    roles, offices = ", ".join(sorted(account.roles)) or "-", " ".join(sorted(account.offices)) or "-"
    return f"{account.login:<20} {account.name}  [{roles}]  {offices}" + (f"  ({'; '.join(notes)})" if notes else "")
