"""The certificate of a connection, as a proxy that ends TLS hands it on."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import unquote

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_BYTES = re.compile(r":([A-Za-z0-9+/=]+):")


def thumbprint_of(header: str) -> str:
    """``x5t#S256`` of the certificate (RFC 8705); empty for what is none.

    Taken are PEM, escaped as in addresses (nginx, ``$ssl_client_escaped_cert``), and bytes as RFC 9440 writes them.
    """
    found = _PEM.search(unquote(header)) or _BYTES.fullmatch(header.strip())
    if found is None:
        return ""
    try:
        der = base64.b64decode(re.sub(r"\s", "", found[1]), validate=True)
    except ValueError:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
