"""``sohoa systems``: which systems of others may call the interface."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, asker, positive
from pipeline.domain.clients import Client, Scope

if TYPE_CHECKING:
    from pipeline.settings import Settings

_MOST_HOURS = 720


def add(command: Maker) -> None:
    """Add ``systems``."""
    systems = command(
        "systems",
        "look after the systems that call the interface /v1",
        _list,
        'sohoa systems add dvc --name "Cổng dịch vụ công" --agency H05 --scope dossiers:write --scope dossiers:read\n'
        "  sohoa systems add csdl-dat-dai --name 'Đất đai' --agency 000.00.12.H05 --scope reuse:check --jwks keys.json\n"
        "  sohoa systems list\n  sohoa systems rotate dvc --overlap 24\n"
        "  sohoa systems rotate-keys\n  sohoa systems disable dvc",
    )
    whats = systems.add_subparsers(title="what to do", metavar="WHAT", required=True)
    made = whats.add_parser("add", help="register a system; prints its secret, once")
    made.set_defaults(run=_add)
    made.add_argument("system", metavar="ID")
    _add_rights(made, needed=True)
    changed = whats.add_parser("change", help="change name, agency, offices, scopes, keys or certificates of a system")
    changed.set_defaults(run=_change)
    changed.add_argument("system", metavar="ID")
    _add_rights(changed, needed=False)
    listed = whats.add_parser("list", help="list the systems")
    listed.set_defaults(run=_list)
    listed.add_argument("--json", action="store_true", help="one line of JSON for each system")
    rotated = whats.add_parser("rotate", help="print a new secret, once; the one before works for some hours still")
    rotated.set_defaults(run=_rotate)
    rotated.add_argument("system", metavar="ID")
    rotated.add_argument(
        "--overlap", type=_hours, default=24, metavar="HOURS", help="0: the one before ends now (default: 24)"
    )
    whats.add_parser("rotate-keys", help="make a new key for access tokens; it signs in ten minutes").set_defaults(
        run=_rotate_keys
    )
    for name, text, run in (
        ("disable", "let a system in no more; its tokens end at once", _disable),
        ("enable", "let a system be used again", _enable),
    ):
        one = whats.add_parser(name, help=text)
        one.set_defaults(run=run)
        one.add_argument("system", metavar="ID")


def _add_rights(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument("--name", metavar="NAME", required=needed, help="what the system is called")
    parser.add_argument("--agency", metavar="CODE", required=needed, help="code of the agency whose system it is")
    parser.add_argument(
        "--scope",
        action="append",
        required=needed,
        choices=[scope.value for scope in Scope],
        help="what it may do; may be given several times",
    )
    parser.add_argument(
        "--office",
        metavar="CODE",
        action="append",
        help="whose dossiers it hands in and sees; may be given several times, '*' for all (default: its agency's)",
    )
    parser.add_argument("--jwks", type=Path, metavar="FILE", help="its public keys (JWKS), for private_key_jwt")
    parser.add_argument("--no-secret", action="store_true", help="no secret: it proves itself by its keys alone")
    parser.add_argument(
        "--certificate", metavar="X5T", action="append", help="sha256 of a client certificate (base64url) that it must show"
    )
    parser.add_argument("--rate", type=positive, metavar="N", help="calls a minute (default: SOHOA_API_RATE)")


def _add(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems
    from pipeline.systems.registry import plan_of

    scopes = [Scope(scope) for scope in args.scope]
    plan = _proofs(plan_of(args.system, args.name, args.agency, args.office or (), scopes), args)
    secret = build_systems(settings).registry.add(plan, by=asker(), with_secret=not args.no_secret)
    print(f"{plan.id}  secret: {secret}" if secret else f"{plan.id}  no secret: it proves itself by its keys")
    if secret:
        print("It is shown this once. Hand it over on a safe way.")
    return OK


def _change(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems

    registry = build_systems(settings).registry
    known = registry.find(args.system)
    planned = replace(
        known,
        name=args.name or known.name,
        agency=(args.agency or known.agency).strip().upper(),
        offices=frozenset(args.office) if args.office else known.offices,
        scopes=frozenset(Scope(scope) for scope in args.scope) if args.scope else known.scopes,
    )
    print(_line(registry.change(_proofs(planned, args), by=asker())))
    return OK


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems

    for client in build_systems(settings).registry.all():
        print(json.dumps(_as_json(client), ensure_ascii=False) if args.json else _line(client))
    return OK


def _rotate(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems

    secret = build_systems(settings).registry.rotate_secret(args.system, by=asker(), overlap=timedelta(hours=args.overlap))
    print(f"{args.system.lower()}  secret: {secret}")
    print(f"It is shown this once. The one before works for {args.overlap} hours still.")
    return OK


def _rotate_keys(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems

    print(f"{build_systems(settings).keyring.rotate()} signs access tokens in ten minutes.")
    return OK


def _disable(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems

    print(_line(build_systems(settings).registry.disable(args.system, by=asker())))
    return OK


def _enable(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_systems

    print(_line(build_systems(settings).registry.enable(args.system, by=asker())))
    return OK


def _proofs(plan: Client, args: argparse.Namespace) -> Client:
    """The plan with the keys, certificates and rate of the arguments."""
    return replace(
        plan,
        keys=args.jwks.read_text(encoding="utf-8") if args.jwks else plan.keys,
        certificates=frozenset(args.certificate) if args.certificate else plan.certificates,
        rate=args.rate or plan.rate,
    )


def _hours(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_HOURS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours from 0 to {_MOST_HOURS}")
    return int(text)


def _as_json(client: Client) -> dict[str, object]:
    return {
        "id": client.id,
        "name": client.name,
        "agency": client.agency,
        "offices": sorted(client.offices),
        "scopes": sorted(client.scopes),
        "secrets": len(client.secrets),
        "keys": bool(client.keys),
        "certificates": sorted(client.certificates),
        "rate": client.rate,
        "disabled": client.disabled,
    }


def _line(client: Client) -> str:
    proofs = [*(["secret"] if client.secrets else []), *(["keys"] if client.keys else [])]
    notes = [*proofs, *(["certificate"] if client.certificates else []), *(["disabled"] if client.disabled else [])]
    offices, scopes = " ".join(sorted(client.offices)), " ".join(sorted(client.scopes))
    return f"{client.id:<20} {client.name}  {client.agency}  [{scopes}]  {offices}  ({', '.join(notes)})"
