"""Object names. Every key the product ever writes is made here.

::

    originals/<sha256[:2]>/<sha256>                       as submitted, write-once
    dossiers/<dossier>/<document>/received.json           what was handed in, by whom it is to be read
    dossiers/<dossier>/<document>/r<NNNN>/document.pdf    searchable PDF/A
                                         /record.json     schema sohoa.document/1
                                         /text.txt  /alto.xml
                                         /review.json     what people made of it, schema sohoa.review/1
    dossiers/<dossier>/<document>/holds/h<NNNN>.json      legal holds and their ends, schema sohoa.hold/1
    dossiers/<dossier>/<document>/standings/s<NNNN>.json  what was said of it since, schema sohoa.standing/1
    dossiers/<dossier>/<document>/prints/<sha256>.json    a code on prints of it, schema sohoa.print-code/1
    dossiers/<dossier>/<document>/erased.json             what stands for an erased document, schema sohoa.tombstone/1
    dossiers/<dossier>/manifest/m<NNNNNN>.json            its documents after the n-th change, schema sohoa.manifest/1
    dossiers/<dossier>/sheet/s<NNNN>.json                 whose it is and what for, as declared at a counter the n-th time
    audit/log/<NNNNNN>/<NNNNNNNNNNNN>.jsonl               lines of the audit log from that one on
    audit/anchors/<day>.json                              the audit log when that day was over, schema sohoa.anchor/1
    reference/procedures/r<NNNN>.json                     the n-th list of procedures, schema sohoa.procedures/1
    reference/figures/r<NNNN>.json                        the n-th import of reported figures, schema sohoa.figures/1
    batches/<batch>/batch.json                            files handed in together, schema sohoa.batch/1
                   /states/s<NNNN>.json                   the n-th state it came into, schema sohoa.batch_state/1
                   /files/f<NNNNNN>.json                  a file of it, what each side became, schema sohoa.batch_file/1
    openings/<sha256[:2]>/<sha256>.json                   the page ledger that a document of this file begins with
    foreign/<sha256[:2]>/<sha256>.json                    what other programs said of this file, schema sohoa.foreign/1
    reference/entitlements/r<NNNN>.json                   the n-th list of entitlements, schema sohoa.entitlements/1
    reference/exclusions/r<NNNN>.json                     the n-th list of excluded types, schema sohoa.exclusions/1
    releases/<YYYYMM>/<id>.json                           what was released, with its receipt, schema sohoa.release/1
    owners/<hh>/<sha256>.json                             what befell an owner, schema sohoa.owner-event/1
    working/<document>/r<NNNN>/p<NNNN>.page               a page of the n-th reading; expires
    working/rereadings/<document>.json                    what reading it again would change, schema sohoa.rereading/1
"""

from __future__ import annotations

from urllib.parse import quote

#: Documents handed in without a dossier.
NO_DOSSIER = "_"

#: Letters that may stand in a key beside those of words; everything else is percent-encoded.
_SAFE = " ().,+=@&"


def _segment(text: str) -> str:
    """One path segment: letters of every language stay, separators and dots-only names are percent-encoded."""
    kept = "".join(c if c.isalnum() or c in "-_" or c in _SAFE else quote(c, safe="") for c in text)
    if kept != kept.strip():
        kept = kept.replace(" ", "%20")
    if not kept.strip("."):
        return NO_DOSSIER if text in {"", "."} else kept.replace(".", "%2E")
    return kept


def original_key(sha256: str) -> str:
    """Where the file as submitted lives."""
    return f"originals/{sha256[:2]}/{sha256}"


def document_prefix(dossier: str, document: str) -> str:
    """Under which everything of one document lives; ends in a slash."""
    return f"dossiers/{_segment(dossier)}/{_segment(document)}/"


def received_key(dossier: str, document: str) -> str:
    """Where the receipt of a document lives."""
    return f"{document_prefix(dossier, document)}received.json"


def holds_prefix(dossier: str, document: str) -> str:
    """Under which the legal holds of a document live; ends in a slash."""
    return f"{document_prefix(dossier, document)}holds/"


def hold_key(dossier: str, document: str, number: int) -> str:
    """Where the ``number``-th word on whether a document is held lives."""
    return f"{holds_prefix(dossier, document)}h{number:04d}.json"


def standing_key(dossier: str, document: str, number: int) -> str:
    """Where the ``number``-th word on what a document is worth lives."""
    return f"{document_prefix(dossier, document)}standings/s{number:04d}.json"


def print_key(dossier: str, document: str, digest: str) -> str:
    """Where a code on prints of a document lives, by its digest."""
    return f"{document_prefix(dossier, document)}prints/{digest}.json"


def tombstone_key(dossier: str, document: str) -> str:
    """Where the tombstone of an erased document lives."""
    return f"{document_prefix(dossier, document)}erased.json"


def revision_key(dossier: str, document: str, revision: int, name: str) -> str:
    """Where ``name`` (``document.pdf``, ``record.json``, ``text.txt``, ``alto.xml``) of a revision lives."""
    return f"{document_prefix(dossier, document)}r{revision:04d}/{name}"


def manifest_prefix(dossier: str, document: str) -> str:
    """Under which the manifest of a dossier lives; a ``document`` without a dossier has one of its own. Ends in a slash."""
    home = _segment(dossier)
    return f"{document_prefix(dossier, document)}manifest/" if home == NO_DOSSIER else f"dossiers/{home}/manifest/"


def manifest_key(prefix: str, number: int) -> str:
    """Where the manifest lives as the ``number``-th change left it; ``prefix`` is that of :func:`manifest_prefix`."""
    return f"{prefix}m{number:06d}.json"


def sheet_prefix(dossier: str) -> str:
    """Under which it lives what was declared of a dossier; ends in a slash."""
    return f"dossiers/{_segment(dossier)}/sheet/"


def sheet_key(dossier: str, number: int) -> str:
    """Where it lives what was declared of a dossier the ``number``-th time; keys are in the order of the declarations."""
    return f"{sheet_prefix(dossier)}s{number:04d}.json"


#: Under which the segments and the anchors of the audit log live; they end in a slash.
SEGMENTS_PREFIX, ANCHORS_PREFIX = "audit/log/", "audit/anchors/"


def segment_key(first: int) -> str:
    """Where the lines of the audit log from ``first`` on live; keys are in the order of the lines."""
    number = f"{first:012d}"
    return f"{SEGMENTS_PREFIX}{number[:6]}/{number}.jsonl"


def anchor_key(day: str) -> str:
    """Where the anchor of a day (ISO) lives."""
    return f"{ANCHORS_PREFIX}{day}.json"


#: Under which the lists of procedures live; ends in a slash.
PROCEDURES_PREFIX = "reference/procedures/"


def procedures_key(number: int) -> str:
    """Where the list of procedures that was imported as the ``number``-th lives; keys are in the order of the imports."""
    return f"{PROCEDURES_PREFIX}r{number:04d}.json"


#: Under which imports of reported figures live; ends in a slash.
FIGURES_PREFIX = "reference/figures/"

#: Under which batches live; ends in a slash.
BATCHES_PREFIX = "batches/"


def batch_key(batch: str) -> str:
    """Where it is written what a batch is."""
    return f"{BATCHES_PREFIX}{_segment(batch)}/batch.json"


def batch_state_key(batch: str, number: int) -> str:
    """Where the ``number``-th state of a batch lives; keys are in the order of the states."""
    return f"{BATCHES_PREFIX}{_segment(batch)}/states/s{number:04d}.json"


def batch_file_key(batch: str, number: int) -> str:
    """Where the ``number``-th file of a batch lives."""
    return f"{BATCHES_PREFIX}{_segment(batch)}/files/f{number:06d}.json"


def opening_key(sha256: str) -> str:
    """Where the page ledger lives that documents of a file begin with; most files have none."""
    return f"openings/{sha256[:2]}/{sha256}.json"


def foreign_key(sha256: str) -> str:
    """Where it lives what other programs read and said of a file; most files have none."""
    return f"foreign/{sha256[:2]}/{sha256}.json"


#: Under which it lives what reading documents again would change, until somebody has decided; ends in a slash.
REREADINGS_PREFIX = "working/rereadings/"


def rereading_key(document: str) -> str:
    """Where it lives what reading a document again would change; keys are in the order of the documents' ids."""
    return f"{REREADINGS_PREFIX}{_segment(document)}.json"


def working_prefix(document: str) -> str:
    """Under which the intermediates of a document live; ends in a slash."""
    return f"working/{_segment(document)}/"


def page_key(document: str, reading: int, page: int) -> str:
    """Where a page waits for the document to be finished; every reading of the document has a folder of its own."""
    return f"{working_prefix(document)}r{reading:04d}/p{page:04d}.page"


def ledger_key(document: str, reading: int) -> str:
    """Where the page ledger waits that a reading of the document is to go by."""
    return f"{working_prefix(document)}r{reading:04d}/ledger.json"


def carried_key(document: str, reading: int) -> str:
    """Where it waits which pages of a reading were read before, and where."""
    return f"{working_prefix(document)}r{reading:04d}/carried.json"


def reading_prefix(document: str, reading: int) -> str:
    """Under which the intermediates of one reading live; ends in a slash."""
    return f"{working_prefix(document)}r{reading:04d}/"
