"""A client of the interface ``/v1`` for systems of others: ``from pipeline.client import Sohoa, SecretCredentials``.

It needs ``urllib3``, for keys and receipts ``joserfc``, and nothing else of this product: the folder may be copied.
"""

from pipeline.client.calls import Sohoa
from pipeline.client.credentials import Credentials, KeyCredentials, SecretCredentials, make_key
from pipeline.client.failures import CallError, ConnectionLostError, RefusedError, UnprovenError
from pipeline.client.proofs import Webhook, verify_content, verify_receipt, verify_values, verify_webhook
from pipeline.client.shapes import (
    Check,
    Component,
    Document,
    Dossier,
    Event,
    EventPage,
    Fields,
    FieldValue,
    Preview,
    Release,
    Request,
    Upload,
)

__all__ = [
    "CallError",
    "Check",
    "Component",
    "ConnectionLostError",
    "Credentials",
    "Document",
    "Dossier",
    "Event",
    "EventPage",
    "FieldValue",
    "Fields",
    "KeyCredentials",
    "Preview",
    "RefusedError",
    "Release",
    "Request",
    "SecretCredentials",
    "Sohoa",
    "UnprovenError",
    "Upload",
    "Webhook",
    "make_key",
    "verify_content",
    "verify_receipt",
    "verify_values",
    "verify_webhook",
]
