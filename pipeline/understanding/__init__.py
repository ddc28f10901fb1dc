"""Understanding: type, fields and checks of a document, from the words on its pages."""

from pipeline.understanding.dictionary import document_types
from pipeline.understanding.document import understand

__all__ = ("document_types", "understand")
