"""What documents are worth and who is told: ``sohoa revoke``, ``supersede`` and the like, ``worth``, ``check-code``."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, asker, open_services
from pipeline.domain.holdings import Exclusion, OwnerEventKind

if TYPE_CHECKING:
    from pipeline.domain.holdings import Standing
    from pipeline.reuse_desk import ReusePorts
    from pipeline.settings import Settings

#: Words on documents: what each says in the help, and an example of what it is told beside the document.
_WORDS = (
    ("revoke", "say that a paper holds no more; everyone who fetched it is told", "--since 2026-02-01"),
    ("supersede", "say that another document takes the place of a paper; everyone who fetched it is told", "20260105-ef56"),
    ("reinstate", "take back that a paper was revoked or superseded", ""),
    ("exclude", "say that a paper is not for reuse (Thông tư 01/2023/TT-VPCP, article 4)", "--as photocopy"),
    ("include", "take back that a paper is not for reuse", ""),
    ("doubt", "say that a paper must be looked into before it is reused", ""),
    ("clear", "say that a paper was looked into, and holds", ""),
)


def add(command: Maker) -> None:
    """Add the words on documents, ``worth``, ``owner-event`` and ``check-code``."""
    for name, text, told in _WORDS:
        behind = f" {told}" if told else ""
        example = f'sohoa {name} 20260105-ab12cd34ef56{behind} --reason "Cấp sai" --basis "QĐ 12/QĐ-UBND" --by "Lê Văn An"'
        word = command(name, text, _say, example)
        word.set_defaults(word=name)
        word.add_argument("document", metavar="DOCUMENT", help="id of the document")
        if name == "supersede":
            word.add_argument("other", metavar="NEW", help="id of the document that takes its place")
        if name in {"revoke", "supersede"}:
            word.add_argument(
                "--since", metavar="DAY", default="", help="first day on which it holds no more (default: always)"
            )
        if name == "exclude":
            kinds = [one.value for one in Exclusion]
            word.add_argument("--as", dest="exclusion", choices=kinds, required=True, help="what it is")
        _add_answer(word)
    worth = command(
        "worth",
        "tell what a paper is worth on a day, why, and who fetched it",
        _worth,
        "sohoa worth 20260105-ab12cd34ef56 --on 2026-03-01",
    )
    worth.add_argument("document", metavar="DOCUMENT", help="id of the document")
    worth.add_argument("--on", metavar="DAY", type=date.fromisoformat, help="the day (default: today)")
    worth.add_argument("--json", action="store_true", help="one line of JSON")
    _add_owner_event(command)
    code = command(
        "check-code",
        "make a code for prints of a document: its page says whether the paper still holds",
        _check_code,
        "sohoa check-code 20260105-ab12cd34ef56 --qr ma.svg",
    )
    code.add_argument("document", metavar="DOCUMENT", help="id of the document")
    code.add_argument("--part", type=int, default=0, metavar="N", help="which of the papers of its file, from 1")
    code.add_argument("--qr", metavar="FILE", type=Path, help="write the QR code of the address (.svg or .png)")


def _add_owner_event(command: Maker) -> None:
    event = command(
        "owner-event",
        "take in what a register tells of a person: death, another name, another id",
        _owner_event,
        'sohoa owner-event died KS-2026-0113 --id 001190000001 --day 2026-01-10 --basis "Khai tử 5/2026" --by hotich',
    )
    event.add_argument("kind", choices=[one.value for one in OwnerEventKind], help="what happened")
    event.add_argument("event", metavar="EVENT", help="the register's own id of it, so that it counts once")
    event.add_argument("--id", metavar="ID12", default="", help="personal id of the person")
    event.add_argument("--name", default="", help="name, where no id is known")
    event.add_argument("--born", metavar="DAY", default="", help="birth date, where no id is known")
    event.add_argument("--day", metavar="DAY", required=True, help="the day on which it happened")
    event.add_argument("--now-id", metavar="ID12", default="", help="the id since (id_changed)")
    event.add_argument("--now-name", metavar="NAME", default="", help="the name since (renamed)")
    event.add_argument("--cancels", metavar="EVENT", default="", help="the event that is taken back (cancelled)")
    event.add_argument("--basis", metavar="TEXT", required=True, help="the document that proves it")
    event.add_argument("--by", metavar="NAME", required=True, help="who tells it")


def _add_answer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why")
    parser.add_argument("--basis", metavar="TEXT", required=True, help="the decision or law that it rests on")
    parser.add_argument("--by", metavar="NAME", required=True, help="who answers for it")


def _open(settings: Settings) -> ReusePorts:
    from pipeline.bootstrap import build_reuse

    return build_reuse(open_services(settings))


def _say(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import Requests

    ports = _open(settings)
    said = _said(args, ports)
    print(f"{said.document}: {said.kind.value} (word {said.number}), {said.basis}")
    fetched = {one.system for one in Requests(ports).released(args.document)}
    print(f"fetched by {', '.join(sorted(fetched))}; they are told" if fetched else "nobody has fetched it")
    return OK


def _said(args: argparse.Namespace, ports: ReusePorts) -> Standing:
    from pipeline.reuse_desk import Revocations

    words = Revocations(ports)
    answer = {"reason": args.reason, "basis": args.basis, "actor": args.by}
    if args.word == "supersede":
        return words.supersede(args.document, args.other, since=args.since, **answer)
    if args.word == "revoke":
        return words.revoke(args.document, since=args.since, **answer)
    if args.word == "exclude":
        return words.exclude(args.document, Exclusion(args.exclusion), **answer)
    say = {"reinstate": words.restore, "include": words.include, "doubt": words.doubt, "clear": words.clear}
    return say[args.word](args.document, **answer)


def _worth(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.domain.plain import plain
    from pipeline.reuse_desk import Requests, Validity

    ports = _open(settings)
    judged, given = Validity(ports).judge(args.document, args.on), Requests(ports).released(args.document)
    if args.json:
        fetched = [{"system": one.system, "agency": one.agency, "at": one.at.isoformat()} for one in given]
        print(json.dumps({**plain(judged), "fetched": fetched}, ensure_ascii=False))
        return OK
    print(f"{args.document} on {judged.on}: {judged.state.value}{f' until {judged.until}' if judged.until else ''}")
    for one in (*judged.reasons, *judged.notes):
        print(f"  {one.code.value:<20} {one.vi}")
    for fetch in given:
        what = f"{fetch.form.value}, for {fetch.purpose}"
        print(f"  fetched {fetch.at:%Y-%m-%d %H:%M} by {fetch.system} ({fetch.agency}), {what}")
    return OK


def _owner_event(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.domain.documents import Owner
    from pipeline.domain.holdings import OwnerEvent
    from pipeline.reuse_desk import Revocations

    ports = _open(settings)
    now = None
    if args.now_id or args.now_name:
        now = Owner(args.now_id or args.id, args.now_name or args.name, args.born)
    owner = Owner(args.id, args.name, args.born)
    kind, at = OwnerEventKind(args.kind), ports.clock.now()
    told = OwnerEvent(args.event, kind, owner, args.day, args.basis, args.by, at, now, args.cancels)
    print("taken in" if Revocations(ports).befall(told) else "told before; nothing changes")
    return OK


def _check_code(args: argparse.Namespace, settings: Settings) -> int:
    import segno

    from pipeline.reuse.codes import shown_code
    from pipeline.reuse_desk import PrintCodes

    if args.qr is not None and args.qr.suffix.lower() not in {".svg", ".png"}:
        raise ValueError(f"{args.qr}: a QR code is written as .svg or .png")
    ports = _open(settings)
    code = PrintCodes(ports).make(args.document, actor=asker(), part=args.part)
    address = f"{settings.web_address}check/{code}"
    print(f"{shown_code(code)}  {address}")
    if args.qr is not None:
        segno.make(address, error="m", micro=False).save(str(args.qr), scale=4, border=4)
    return OK
