"""``sohoa export``: what the archive holds of documents, as files; and ``sohoa completion``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import FAILURE, OK, Maker, open_services

if TYPE_CHECKING:
    from pipeline.bootstrap import Services
    from pipeline.domain.documents import Document
    from pipeline.settings import Settings

#: The files of each form: a suffix, and the object of a revision; hOCR is made of record and ALTO.
FORMS = {"alto": ".alto.xml", "hocr": ".hocr.html", "text": ".txt", "pdf": ".pdf", "record": ".json"}
_OBJECTS = {"alto": "alto.xml", "text": "text.txt", "pdf": "document.pdf", "record": "record.json"}


def add(command: Maker) -> None:
    """Add ``export`` and ``completion``."""
    export = command(
        "export",
        "write documents out of the archive: ALTO 4, hOCR, text, PDF, record",
        _export,
        "sohoa export 20260105-ab12cd34ef56 --format alto --out ra/\n"
        "  sohoa export --dossier H49.01-240101-0001 --format hocr --format pdf --out ra/\n"
        "  sohoa export --batch B20260105-ab12cd --format alto --out ra/",
    )
    export.add_argument("documents", metavar="DOCUMENT", nargs="*", help="ids of documents")
    export.add_argument("--dossier", metavar="CODE", help="all documents of a dossier")
    export.add_argument("--batch", metavar="BATCH", help="all documents of a batch")
    export.add_argument("--format", choices=tuple(FORMS), action="append", help="what is written; may be given again (alto)")
    export.add_argument("--out", metavar="DIR", type=Path, required=True, help="where to; a folder for each dossier")
    export.add_argument("--actor", metavar="NAME", default="cli", help="who takes them out; it is written down")
    completion = command(
        "completion",
        "print what makes a shell complete commands and options",
        _completion,
        "sohoa completion bash > ~/.local/share/bash-completion/completions/sohoa",
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.domain.audit import Action

    if not (args.documents or args.dossier or args.batch):
        raise ValueError("say which: documents by id, --dossier CODE or --batch BATCH")
    services = open_services(settings)
    without = 0
    for document in _wanted(args, services):
        written = [form for form in args.format or ["alto"] if _write(document, form, args.out, services)]
        if written:
            details = {"formats": written}
            services.flow.auditing.note(Action.EXPORT, actor=args.actor, reason="export", document=document.id, **details)
        else:
            without += 1
        print(f"{document.id}  {document.source.name}: {', '.join(written) or 'nothing to write yet'}")
    return FAILURE if without else OK


def _wanted(args: argparse.Namespace, services: Services) -> Iterator[Document]:
    for document in args.documents:
        yield services.catalogue.document(document)
    after = ""
    while args.dossier and (found := services.catalogue.walk(after=after, dossier=args.dossier)):
        after = found[-1].id
        yield from found
    place = (0, 0)
    while args.batch and (placed := services.catalogue.batches.placed(args.batch, after=place)):
        place = placed[-1].file, placed[-1].part.number
        yield from (one.document for one in placed if one.document is not None)


def _write(document: Document, form: str, out: Path, services: Services) -> bool:
    """Write one file of a document; whether there is such a thing."""
    from pipeline import archive
    from pipeline.archive.hocr import to_hocr
    from pipeline.domain.errors import NotFoundError
    from pipeline.intake.names import safe_dossier, safe_name

    def key(name: str) -> str:
        return archive.revision_key(document.dossier, document.id, document.revision, name)

    folder = out / safe_dossier(tuple(document.dossier.split("/")))
    target = folder / f"{Path(safe_name(document.source.name)).stem}.{document.id}{FORMS[form]}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if form == "hocr":
            readings = archive.readings_of(services.store.get(key("record.json")), services.store.get(key("alto.xml")))
            target.write_bytes(to_hocr(readings, document.source.name))
        else:
            services.store.fetch(key(_OBJECTS[form]), target)
    except NotFoundError:
        return False
    return True


def _completion(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.commands.completions import completion_of

    sys.stdout.write(completion_of(args.shell, args.parser))
    return OK
