"""Understanding: type, fields and checks of a document, from the words on its pages."""

from pipeline.understanding.dictionary import document_types
from pipeline.understanding.document import understand
from pipeline.understanding.relations import relate

__all__ = ("document_types", "relate", "understand")
