"""Codes on prints: a page that everybody may open says whether the paper still holds, and nothing about anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pipeline import archive
from pipeline.domain.audit import Action
from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.holdings import PrintCode, PublicState, State
from pipeline.reuse.codes import digest_of, make_code, read_code
from pipeline.reuse_desk.checks import Validity, title_of
from pipeline.reuse_desk.scene import ReusePorts

#: What the states of a paper are to the public; the others are unknown.
_PUBLIC = {
    State.VALID: PublicState.VALID,
    State.EXPIRED: PublicState.REVOKED,
    State.REVOKED: PublicState.REVOKED,
    State.SUPERSEDED: PublicState.REVOKED,
    State.EXCLUDED: PublicState.REVOKED,
    State.ERASED: PublicState.REVOKED,
}


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """What a code tells: the state, and the title of the type where it is known."""

    state: PublicState
    title: str = ""


@dataclass(frozen=True, slots=True)
class PrintCodes:
    """Codes on prints."""

    ports: ReusePorts

    def make(self, document: str, *, actor: str, part: int = 0) -> str:
        """A code for prints of the newest revision. Raises ``NotFoundError``, ``NotEntitledError`` for what is not valid."""
        judged = Validity(self.ports).judge(document, part=part)
        if not judged.is_reusable:
            told = " ".join(one.en for one in judged.reasons)
            advice = " ".join(one.vi for one in judged.reasons)
            raise NotEntitledError(f"document {document}: {told}", code=judged.reasons[0].code, advice=advice)
        found = self.ports.catalogue.document(document)
        code = make_code()
        made = PrintCode(digest_of(code), document, judged.part, found.revision, self.ports.clock.now(), actor)
        key, data = archive.print_key(found.dossier, document, made.digest), archive.render_reuse(made)
        self.ports.store.put_once(key, data, media_type="application/json")
        self.ports.catalogue.holdings.enter_code(made)
        self.ports.auditing.note(
            Action.PRINT_CODE,
            actor=actor,
            reason="print",
            document=document,
            key=key,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        return code

    def look(self, code: str) -> PublicCheck:
        """What the code tells today."""
        read = read_code(code)
        found = self.ports.catalogue.holdings.find_code(digest_of(read)) if read else None
        if found is None:
            return PublicCheck(PublicState.UNKNOWN)
        try:
            judged = Validity(self.ports).judge(found.document, part=found.part)
            kind = self.ports.catalogue.document(found.document).type
        except NotFoundError:
            return PublicCheck(PublicState.UNKNOWN)
        return PublicCheck(_PUBLIC.get(judged.state, PublicState.UNKNOWN), title_of(kind) if kind else "")
