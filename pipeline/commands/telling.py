"""``sohoa webhooks``: which systems are told of what, and what could not be delivered."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, asker, open_services
from pipeline.domain.outbox import EventKind
from pipeline.domain.releases import System

if TYPE_CHECKING:
    from pipeline.domain.outbox import Subscription
    from pipeline.reuse_desk import ReusePorts
    from pipeline.reuse_desk.dead_letters import Letter
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``webhooks``."""
    webhooks = command(
        "webhooks",
        "look after who is told of events, and of what could not be delivered",
        _list,
        "sohoa webhooks add tthc-bacninh --agency 000.00.16.H05 --url https://tthc.bacninh.gov.vn/sohoa --office '*'\n"
        "  sohoa webhooks dead\n  sohoa webhooks retry 4f2c…\n  sohoa webhooks drop 4f2c… --reason 'đã báo bằng công văn'",
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
    _add_letters(whats.add_parser)


def _add_letters(made: Callable[..., argparse.ArgumentParser]) -> None:
    """Add what is done with deliveries that were given up."""
    dead = made("dead", help="list what was given up, the last one first")
    dead.set_defaults(run=_dead)
    dead.add_argument("--system", metavar="SYSTEM", default="", help="of this system alone")
    dead.add_argument("--dropped", action="store_true", help="list what was dropped instead, by whom and why")
    dead.add_argument("--json", action="store_true", help="one line of JSON for each")
    again = made("retry", help="have one delivery, or all dead ones of a system, tried again at once")
    again.set_defaults(run=_retry)
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("delivery", metavar="DELIVERY", nargs="?")
    which.add_argument("--system", metavar="SYSTEM")
    drop = made("drop", help="drop a delivery that was given up; the audit log keeps it and the reason")
    drop.set_defaults(run=_drop)
    drop.add_argument("delivery", metavar="DELIVERY")
    drop.add_argument("--reason", required=True, metavar="TEXT")


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
    from pipeline.domain.outbox import DeliveryState
    from pipeline.reuse_desk import DeadLetters

    state = DeliveryState.DROPPED if args.dropped else DeliveryState.DEAD
    for letter in DeadLetters(_open(settings)).walk(args.system, state):
        print(json.dumps(_told(letter), ensure_ascii=False) if args.json else _letter_line(letter))
    return OK


def _retry(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import DeadLetters

    letters = DeadLetters(_open(settings))
    if args.system:
        print(f"{letters.retry_all(args.system, actor=asker())} are due now")
    else:
        print(f"{letters.retry(args.delivery, actor=asker()).id} is due now")
    return OK


def _drop(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import DeadLetters

    print(f"{DeadLetters(_open(settings)).drop(args.delivery, why=args.reason, actor=asker()).id} is dropped")
    return OK


def _letter_line(letter: Letter) -> str:
    one, event = letter.delivery, letter.delivery.event
    about = f"{event.kind.value}  {event.document or event.dossier}"
    why = f"  (dropped by {letter.dropped.actor}: {letter.dropped.told['why']})" if letter.dropped else ""
    tried = f"{one.tries} tries, given up {one.due:%Y-%m-%d %H:%M}"
    return f"{one.id}  {letter.subscription.system}  {event.at:%Y-%m-%d %H:%M}  {about}  {tried}  {one.error}{why}"


def _told(letter: Letter) -> dict[str, object]:
    """What is known of a letter, as plain values."""
    from pipeline.domain.plain import plain

    told: dict[str, object] = {**plain(letter.delivery), "system": letter.subscription.system}
    if letter.dropped:
        how = letter.dropped
        told["dropped"] = {"at": how.at.isoformat(), "by": how.actor, "why": how.told["why"]}
    return told


def _line(one: Subscription) -> str:
    kinds, offices = " ".join(sorted(one.kinds)), " ".join(sorted(one.offices))
    return f"{one.id}  {one.system} ({one.agency})  {one.url}  [{kinds}]  {offices}{'  (ended)' if one.ended else ''}"
