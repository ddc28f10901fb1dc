"""Step 7: where objects live, the provenance record, and the working files between steps."""

from pipeline.archive.findings import validity_of_json
from pipeline.archive.keys import (
    PROCEDURES_PREFIX,
    original_key,
    picture_key,
    procedures_key,
    reading_key,
    received_key,
    revision_key,
    working_prefix,
)
from pipeline.archive.procedures import ProcedureList, parse_procedure_list, parse_table, render_procedure_list
from pipeline.archive.record import (
    CONFORMANCE,
    ObjectEntry,
    PdfEntry,
    Record,
    RecordSummary,
    parse_record,
    record_as_json,
    render_record,
)
from pipeline.archive.submission import Receipt, parse_receipt, render_receipt
from pipeline.archive.working import decode_picture, decode_reading, encode_picture, encode_reading

__all__ = [
    "CONFORMANCE",
    "PROCEDURES_PREFIX",
    "ObjectEntry",
    "PdfEntry",
    "ProcedureList",
    "Receipt",
    "Record",
    "RecordSummary",
    "decode_picture",
    "decode_reading",
    "encode_picture",
    "encode_reading",
    "original_key",
    "parse_procedure_list",
    "parse_receipt",
    "parse_record",
    "parse_table",
    "picture_key",
    "procedures_key",
    "reading_key",
    "received_key",
    "record_as_json",
    "render_procedure_list",
    "render_receipt",
    "render_record",
    "revision_key",
    "validity_of_json",
    "working_prefix",
]
