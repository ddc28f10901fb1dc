"""The learning set: every value that people looked at, as it was read and as they decided, out of the bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pipeline import archive
from pipeline.domain.documents import Status
from pipeline.flow import FlowPorts


def learning_lines(ports: FlowPorts, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """A line for each value decided from ``since`` until before ``until``, with where on the scan it stands and what read it.

    Nothing of documents that were erased since.
    """
    for document_id, revision in ports.catalogue.reviews.lessons_at(since, until):
        document = ports.catalogue.document(document_id)
        if document.status is Status.ERASED:
            continue
        raw = json.loads(ports.store.get(archive.revision_key(document.dossier, document.id, revision, archive.REVIEW_NAME)))
        about = {
            "document": document.id,
            "revision": raw["reviewed_revision"],
            "original": document.source.sha256,
            "engine": raw["engine"],
            "made_with": raw["made_with"],
        }
        for value in raw["values"]:
            yield {**about, **value}
