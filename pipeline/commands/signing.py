"""``sohoa sign``: the agency's signature on approved documents."""

from __future__ import annotations

import argparse
import getpass
import json
from typing import TYPE_CHECKING

from pipeline.commands.arguments import FAILURE, OK, Maker, open_services
from pipeline.domain.documents import Status

if TYPE_CHECKING:
    from pipeline.bootstrap import Services
    from pipeline.settings import Settings
    from pipeline.signing.steps import SignedRevision

#: How many approved documents ``--approved`` signs in one go.
MOST_AT_ONCE = 10_000


def add(command: Maker) -> None:
    """Add ``sign``."""
    sign = command(
        "sign",
        "put the agency's signature on approved documents: a new revision of each, behind the digitiser's signature",
        _sign,
        "sohoa sign 20261122-1a2b3c4d5e6f\n  sohoa sign --dossier 000.00.16.H05-261122-0001\n  sohoa sign --approved",
    )
    which = sign.add_mutually_exclusive_group(required=True)
    which.add_argument("documents", metavar="DOCUMENT", nargs="*", default=[], help="id of a document")
    which.add_argument("--dossier", metavar="CODE", help="all approved documents of this dossier")
    which.add_argument("--approved", action="store_true", help="all approved documents")
    sign.add_argument("--officer", metavar="NAME", default="", help="who has them signed (default: the user of this machine)")
    sign.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _sign(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.domain.errors import SohoaError

    services = open_services(settings)
    officer, code = args.officer or getpass.getuser(), OK
    for document in _chosen(args, services):
        try:
            signed = services.flow.signing.sign_as_agency(document, officer=officer)
        except SohoaError as error:
            _tell_failure(document, error, as_json=args.json)
            code = FAILURE
            if error.retryable or error.code in {"no_agency_key", "wrong_passphrase"}:
                break
        else:
            _tell(signed, as_json=args.json)
    return code


def _chosen(args: argparse.Namespace, services: Services) -> tuple[str, ...]:
    if args.documents:
        return tuple(args.documents)
    found = services.catalogue.documents(dossier=args.dossier, status=Status.APPROVED, limit=MOST_AT_ONCE)
    return tuple(document.id for document in reversed(found))


def _tell(signed: SignedRevision, *, as_json: bool) -> None:
    if as_json:
        signatures = [{"role": one.role.value, "name": one.name, "level": one.level} for one in signed.signatures]
        line = {"document": signed.document, "revision": signed.revision, "already": signed.already, "signatures": signatures}
        print(json.dumps(line, ensure_ascii=False), flush=True)
        return
    note = "already signed" if signed.already else f"signed by {signed.signatures[-1].name}"
    print(f"{signed.document}  r{signed.revision:04d}  {note}", flush=True)


def _tell_failure(document: str, error: Exception, *, as_json: bool) -> None:
    code, advice = getattr(error, "code", ""), getattr(error, "advice", "")
    if as_json:
        print(json.dumps({"document": document, "error": code, "message": str(error), "advice": advice}, ensure_ascii=False))
        return
    print(f"{document}  not signed: {error}" + (f"\n  {advice}" if advice else ""), flush=True)
