"""Where people decide what of later readings becomes a revision: a page of what waits, accepted or left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.domain.audit import Action
from pipeline.domain.documents import SETTLED, Document, QueueName, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.releases import Released
from pipeline.flow import FlowPorts, Wish
from pipeline.rereading_desk.previews import Previews, Seen
from pipeline.rereading_desk.restraints import Accepted, Restraint, Spared, Why, begin, holders_of, why_not
from pipeline.review import is_identifier

#: Previews on a page, and how many are looked at for them before whoever asks goes on themselves.
ON_PAGE, LOOKED_AT = 12, 400


@dataclass(frozen=True, slots=True)
class Asked:
    """Which are looked at: those ``left`` as they are, else those that wait; only some kinds; ``behind`` which document.

    ``identifiers``: only where a number or code would change that tells a person or paper from others; ``held``: only where
    others hold values of before; ``type``: only of documents that are, or would be, of this type.
    """

    left: bool = False
    identifiers: bool = False
    held: bool = False
    type: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A preview with its document as it is today, and who holds values that it would change."""

    seen: Seen
    document: Document
    held_by: tuple[Released, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """Some of them in the order of the documents' ids; more may stand behind the document ``next`` (empty: none does)."""

    waiting: tuple[Waiting, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits, and what people make of it. Every act names the digest of what was seen; another one is not acted on."""

    ports: FlowPorts

    @property
    def previews(self) -> Previews:
        """What the bucket holds."""
        return Previews(self.ports.store, self.ports.clock)

    def page(self, asked: Asked, sees: Callable[[str], bool]) -> PreviewPage:
        """Those asked for, of dossiers that whoever asks ``sees``."""
        found: list[Waiting] = []
        last = ""
        for looked, (document_id, one) in enumerate(self._walk(asked), 1):
            if len(found) == ON_PAGE:
                return PreviewPage(tuple(found), last)
            if one is not None and sees(one.document.dossier):
                found.append(one)
            last = document_id
            if looked == LOOKED_AT:
                return PreviewPage(tuple(found), last)
        return PreviewPage(tuple(found), "")

    def first(self, asked: Asked, most: int) -> tuple[tuple[Waiting, ...], bool]:
        """Those asked for among the first ``most`` previews, of all dossiers, and whether there are more previews."""
        found: list[Waiting] = []
        for looked, (_, one) in enumerate(self._walk(asked)):
            if looked == most:
                return tuple(found), True
            found += [one] if one is not None else []
        return tuple(found), False

    def _walk(self, asked: Asked) -> Iterator[tuple[str, Waiting | None]]:
        """All behind the mark by document, each None unless it is among those asked for."""
        for seen in self.previews.walk(asked.behind):
            preview = seen.preview
            fits = bool(preview.left_by) is asked.left and (not asked.identifiers or any(map(is_identifier, preview.keys)))
            yield preview.document, self._waiting(seen, asked) if fits else None

    def _waiting(self, seen: Seen, asked: Asked) -> Waiting | None:
        document = self._current(seen)
        if document is None or not _is_of(asked.type, seen, document):
            return None
        held = holders_of(document, self.ports.catalogue, values_change=seen.preview.changes_values)
        return Waiting(seen, document, held) if held or not asked.held else None

    def _current(self, seen: Seen) -> Document | None:
        """The document; None while it is read, or where something has become of it since, and then it is no longer asked."""
        try:
            document = self.ports.catalogue.document(seen.preview.document)
        except NotFoundError:
            return None
        if document.revision != seen.preview.revision or document.status is Status.ERASED:
            self.previews.forget(document.id)
            return None
        return document if document.status in SETTLED else None

    def accept(self, document: Document, digest: str, *, actor: str, knows_holders: bool) -> Spared | None:
        """Have the workers read it so, behind all that citizens wait for; why not, where it is not read.

        What others hold only where whoever accepts ``knows_holders``: was told of them, and said so.
        """
        seen = self.previews.find(document.id)
        if seen is None or seen.digest != digest:
            return _outdated()
        preview = seen.preview
        accepted = {document.id: Accepted(preview.revision, preview.made_with)}
        spare = not knows_holders and preview.changes_values
        made_with = self.ports.reader.made_with(preview.engine)
        spared = why_not(document, made_with, self.ports.catalogue, Restraint(True, spare, accepted))
        if spared is None:
            self._note("accepted", seen, actor)
            begin(document, Wish(QueueName.BATCH, preview.engine), self.ports)
        return spared

    def leave(self, document: Document, digest: str, *, actor: str) -> Spared | None:
        """Let it stay as it is, until something else would change; why not, where that was not what was seen."""
        seen = self.previews.find(document.id)
        if seen is None or seen.digest != digest:
            return _outdated()
        if not seen.preview.left_by:
            self._note("left", seen, actor)
            self.previews.leave(seen.preview, actor)
        return None

    def _note(self, what: str, seen: Seen, actor: str) -> None:
        preview = seen.preview
        told = {"revision": preview.revision, "made_with": preview.made_with, "fields": list(preview.keys)}
        self.ports.auditing.note(Action.REREADING, actor=actor, reason=what, document=preview.document, **told)


def _outdated() -> Spared:
    return Spared(Why.CHANGED_SINCE, "it is no longer what was shown")


def _is_of(kind: str, seen: Seen, document: Document) -> bool:
    types = seen.preview.change["type"] or {}
    return not kind or kind in {document.type, *(found["code"] for found in types.values() if found)}
