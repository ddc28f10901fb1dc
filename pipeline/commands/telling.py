"""``sohoa webhooks``: which systems are told of what, and what could not be delivered."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, asker, open_services
from pipeline.domain.outbox import EventKind
from pipeline.domain.releases import System

if TYPE_CHECKING:
    from pipeline.domain.outbox import Subscription
    from pipeline.reuse_desk import ReusePorts
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``webhooks``."""
    webhooks = command(
        "webhooks",
        "look after who is told of events, and of what could not be delivered",
        _list,
        "sohoa webhooks add tthc-bacninh --agency 000.00.16.H05 --url https://tthc.bacninh.gov.vn/sohoa --office '*'\n"
        "  sohoa webhooks dead\n  sohoa webhooks retry 4f2c…",
    )
    whats = webhooks.add_subparsers(title="what to do", metavar="WHAT", required=True)
    made = whats.add_parser("add", help="tell a system of events; prints the secret that its receiver needs")
    made.set_defaults(run=_add)
    made.add_argument("system", metavar="SYSTEM", help="id of the system")
    made.add_argument("--agency", metavar="CODE", required=True, help="agency that it acts for")
    made.add_argument("--url", required=True, help="where to post; its host must stand in SOHOA_WEBHOOK_HOSTS")
    kinds = [kind.value for kind in EventKind]
    made.add_argument("--kind", action="append", choices=kinds, help="may be given several times (default: all)")
    made.add_argument(
        "--office", action="append", metavar="CODE", help="of whose dossiers; '*' for all (default: its agency's)"
    )
    listed = whats.add_parser("list", help="list who is told")
    listed.set_defaults(run=_list)
    listed.add_argument("--json", action="store_true", help="one line of JSON for each")
    for name, text, run in (
        ("rotate", "print a new secret; the former one signs too for a day", _rotate),
        ("end", "tell no more", _end),
    ):
        one = whats.add_parser(name, help=text)
        one.set_defaults(run=run)
        one.add_argument("subscription", metavar="SUBSCRIPTION")
    dead = whats.add_parser("dead", help="list what was given up")
    dead.set_defaults(run=_dead)
    again = whats.add_parser("retry", help="have a delivery tried again at once")
    again.set_defaults(run=_retry)
    again.add_argument("delivery", metavar="DELIVERY")


def _open(settings: Settings) -> ReusePorts:
    from pipeline.bootstrap import build_reuse

    return build_reuse(open_services(settings))


def _add(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import Subscriptions

    system = System(args.system, args.agency)
    kinds = [EventKind(kind) for kind in args.kind or ()]
    made, secret = Subscriptions(_open(settings)).add(system, args.url, kinds, args.office or (), actor=asker())
    print(f"{_line(made)}\nsecret of key {made.id}.{made.key}: {secret}")
    return OK


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.domain.plain import plain
    from pipeline.reuse_desk import Subscriptions

    for one in Subscriptions(_open(settings)).all_of():
        print(json.dumps(plain(one), ensure_ascii=False) if args.json else _line(one))
    return OK


def _rotate(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import Subscriptions

    ports = _open(settings)
    made, secret = Subscriptions(ports).rotate(_owner(ports, args.subscription), args.subscription, actor=asker())
    print(f"{_line(made)}\nsecret of key {made.id}.{made.key}: {secret}")
    return OK


def _end(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import Subscriptions

    ports = _open(settings)
    print(_line(Subscriptions(ports).end(_owner(ports, args.subscription), args.subscription, actor=asker())))
    return OK


def _owner(ports: ReusePorts, subscription: str) -> System:
    """The system that a subscription is of; nobody where there is none."""
    found = (one for one in ports.catalogue.outbox.subscriptions() if one.id == subscription)
    one = next(found, None)
    return System(one.system, one.agency) if one else System("", "")


def _dead(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import Events

    for one in Events(_open(settings)).dead():
        event = one.event
        print(f"{one.id}  {event.at:%Y-%m-%d %H:%M}  {event.kind.value}  {event.document or event.dossier}  {one.error}")
    return OK


def _retry(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import Events

    print(f"{Events(_open(settings)).retry(args.delivery, actor=asker()).id} is due now")
    return OK


def _line(one: Subscription) -> str:
    kinds, offices = " ".join(sorted(one.kinds)), " ".join(sorted(one.offices))
    return f"{one.id}  {one.system} ({one.agency})  {one.url}  [{kinds}]  {offices}{'  (ended)' if one.ended else ''}"
