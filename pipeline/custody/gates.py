"""What is not digitised for reuse, kept out where papers come in and where they are archived; releases have a third gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.comparison import Version
from pipeline.conformity import faults_shown
from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.documents import Status
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.holdings import Exclusion
from pipeline.domain.local_time import local_day
from pipeline.domain.pages import PageReading
from pipeline.ports import Catalogue, Clock
from pipeline.reading import Assessed
from pipeline.reuse.exclusions import problems_at_archive, refuse_at_intake


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of an installation, by its list of excluded types."""

    catalogue: Catalogue
    clock: Clock

    def admit(self, *, declared: Exclusion | None, kind: str, dossier: str, actor: str) -> None:
        """Nothing, where a paper may come in; else raises ``RejectedInputError``, and it is noted. Nothing of it is kept.

        ``declared`` is what whoever hands it in says of it, ``kind`` the type that they expect (empty: none).
        """
        excluded = self.catalogue.rights.current().exclusions
        try:
            refuse_at_intake(declared, kind, local_day(self.clock.now()), excluded)
        except RejectedInputError as error:
            self._note("intake", actor, error.code, dossier=dossier, type=kind, codes=[error.code])
            raise

    def hold_back(
        self, document: str, made: Assessed, readings: Sequence[PageReading], before: Version | None, *, preview: bool = False
    ) -> Assessed:
        """What was made of a document, waiting for a human where its pages or its types are of what is not digitised.

        What a human approved ``before`` is not asked about again. Of a ``preview`` nothing is noted.
        """
        if before is not None and before.earlier is not None and before.earlier.confirmed:
            return made
        parts = [part.findings for part in made.findings.components] or [made.findings]
        kinds = [part.classification.code for part in parts]
        today = local_day(self.clock.now())
        problems = problems_at_archive(faults_shown(readings), kinds, today, self.catalogue.rights.current().exclusions)
        if not problems:
            return made
        codes = [problem.code for problem in problems]
        if not preview:
            self._note("archive", "sohoa", codes[0], document=document, type=kinds[0], codes=codes)
        status = Status.NEEDS_REVIEW if made.status is Status.APPROVED else made.status
        return replace(made, status=status, problems=(*made.problems, *problems))

    def _note(self, gate: str, actor: str, reason: str, *, document: str = "", **told: object) -> None:
        notes = Notes(self.catalogue.audit, self.clock)
        notes.note(Action.REUSE_REFUSAL, actor=actor, reason=reason, document=document, gate=gate, **told)
