"""The papers that documents hold, between records and catalogue; and all that reuse keeps, restored from the bucket."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline import archive
from pipeline.domain.holdings import Holding, OwnerEvent, PrintCode, Standing
from pipeline.domain.natures import EXCLUDED
from pipeline.domain.releases import Released, RightsList
from pipeline.ports import Catalogue, ObjectStore
from pipeline.reuse.exclusions import marks_of
from pipeline.reuse.holdings import Revision, holdings_of
from pipeline.reuse.policies import Policies


def papers_of(record: archive.RecordSummary, key: str, sha256: str, policies: Policies) -> tuple[Holding, ...]:
    """The papers of the revision whose record, of this ``sha256``, stands under ``key``."""
    folder = key.rpartition("/")[0]
    revision = Revision(
        document=record.document,
        dossier=record.dossier,
        number=record.revision,
        record_key=key,
        record_sha256=sha256,
        pdf_key=f"{folder}/{record.pdf.path}" if record.pdf else "",
        pdf_sha256=record.pdf.sha256 if record.pdf else "",
        pdf_bytes=record.pdf.bytes if record.pdf else 0,
        pages=record.pages,
        reviewed=record.is_reviewed,
        broken=record.broken_signature,
        declared=EXCLUDED.get(record.nature) if record.nature else None,
        failed={*record.failed_rules, *marks_of(problem.code for problem in record.problems)},
    )
    return holdings_of(revision, record.findings, policies)


def restore_words(keys: Iterable[str], store: ObjectStore, catalogue: Catalogue) -> None:
    """Hold again what was said of a document, and the codes on its prints, that stand among the ``keys`` of its folder."""
    for key in keys:
        folder = "".join(f"{part}/" for part in key.split("/")[3:-1])
        if folder == archive.STANDINGS:
            catalogue.holdings.restore(archive.parse_reuse(Standing, store.get(key)))
        elif folder == archive.PRINTS:
            catalogue.holdings.enter_code(archive.parse_reuse(PrintCode, store.get(key)))


def restore_books(store: ObjectStore, catalogue: Catalogue) -> None:
    """Hold again what befell owners, what was released, and the newest lists of rights."""
    for entry in store.list(archive.OWNERS_PREFIX):
        catalogue.holdings.befall(archive.parse_reuse(OwnerEvent, store.get(entry.key)))
    for entry in store.list(archive.RELEASES_PREFIX):
        catalogue.releases.restore(archive.parse_reuse(Released, store.get(entry.key)))
    restore_rights(store, catalogue)


def restore_rights(store: ObjectStore, catalogue: Catalogue) -> RightsList:
    """Hold the newest lists of the bucket; both."""
    entitlements, exclusions = archive.EntitlementList((), "", "", ""), archive.ExclusionList((), "", "", "")
    numbers = [
        archive.newest_number(prefix, [entry.key for entry in store.list(prefix)])
        for prefix in (archive.ENTITLEMENTS_PREFIX, archive.EXCLUSIONS_PREFIX)
    ]
    if numbers[0]:
        data = store.get(archive.list_key(archive.ENTITLEMENTS_PREFIX, numbers[0]))
        entitlements = archive.parse_reuse(archive.EntitlementList, data)
    if numbers[1]:
        data = store.get(archive.list_key(archive.EXCLUSIONS_PREFIX, numbers[1]))
        exclusions = archive.parse_reuse(archive.ExclusionList, data)
    listed = RightsList(entitlements.entitlements, exclusions.exclusions, (numbers[0], numbers[1]))
    catalogue.rights.keep(listed)
    return listed
