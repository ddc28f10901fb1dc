"""What other programs said of papers, kept beside the papers: written once, before the paper is entered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import archive
from pipeline.domain.errors import NotFoundError
from pipeline.domain.foreign import ForeignText
from pipeline.ports import ObjectStore


@dataclass(frozen=True, slots=True)
class ForeignTexts:
    """Keeps them, by the hash of the file that they are of."""

    store: ObjectStore

    def keep(self, sha256: str, text: ForeignText) -> None:
        """Keep what came with a file; what came with it before stays."""
        self.store.put_once(archive.foreign_key(sha256), archive.render_foreign(text), media_type="application/json")

    def of(self, sha256: str) -> ForeignText | None:
        """What came with a file; None for most."""
        try:
            return archive.parse_foreign(self.store.get(archive.foreign_key(sha256)))
        except NotFoundError:
            return None

    def taken_over(self, sha256: str) -> ForeignText | None:
        """What came with a file where its words are taken for those of the paper; None where the paper is to be read."""
        text = self.of(sha256)
        return text if text is not None and text.kept else None

    def remove(self, sha256: str) -> Iterator[str]:
        """Remove what came with a file; the hashes of the files that said it, for whoever kept those."""
        found = self.of(sha256)
        if found is not None:
            yield from (one.sha256 for one in found.files)
            self.store.remove(archive.foreign_key(sha256))
