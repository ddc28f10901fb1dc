"""Understanding: type, fields and checks of a document, from the words on its pages."""

from pipeline.understanding.dictionary import OTHER, document_types, field_labels, type_titles
from pipeline.understanding.document import understand
from pipeline.understanding.layout import lint_layout
from pipeline.understanding.relations import relate

__all__ = ("OTHER", "document_types", "field_labels", "lint_layout", "relate", "type_titles", "understand")
