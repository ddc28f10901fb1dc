"""Posts to webhooks, and to no other address than the installation allows.

A receiver's name is looked up once, what it leads to is checked, and the connection goes to that very address: a name that
leads elsewhere a moment later reaches nothing. Nobody is redirected, and no more of an answer is read than says how it went.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from pipeline.ports.reuse import Posted

_TIMEOUT = urllib3.Timeout(connect=5.0, read=10.0)
_LONGEST_URL = 1000


class HttpWebhooks:
    """A ``WebhookSender`` to ``hosts``: names, with their port where it is not 443 (``tthc.bacninh.gov.vn:8443``), by TLS.

    ``ca_file`` names who vouches for them beside those that the system trusts. ``loopback``: this machine may be posted
    to, and without TLS, for tests.
    """

    def __init__(self, hosts: Sequence[str], *, ca_file: Path | None = None, loopback: bool = False) -> None:
        self._hosts = frozenset(host.lower() if ":" in host else f"{host.lower()}:443" for host in hosts)
        self._ca_file = ca_file
        self._loopback = loopback

    def allows(self, url: str) -> str:
        """Why ``url`` may not be posted to; empty where it may. The name is not looked up yet."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return "it is no URL"
        if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > _LONGEST_URL:
            return "it is no URL"
        if parts.username is not None or parts.password is not None or parts.fragment:
            return "a name, a password or a fragment stands in it"
        local = self._loopback and _is_loopback(host)
        if parts.scheme != "https" and not (local and parts.scheme == "http"):
            return "it does not begin with https://"
        if not local and f"{host}:{port or 443}" not in self._hosts:
            return f"{host or 'its host'} is not among the hosts that are allowed"
        return ""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """What came of it; never raises for what the receiver does."""
        if why := self.allows(url):
            return Posted(0, f"not posted: {why}")
        parts = urlsplit(url)
        address = self._address(parts)
        if isinstance(address, Posted):
            return address
        with self._pool(parts, address) as pool:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            try:
                answer = pool.request(
                    "POST",
                    target,
                    body=body,
                    headers={**headers, "Host": parts.netloc, "User-Agent": "sohoa-webhooks"},
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                status = answer.status
                answer.close()
            except HTTPError as error:
                return Posted(0, f"{type(error).__name__}: {str(error)[:200]}")
        return Posted(status, "" if 200 <= status < 300 else f"the receiver answered {status}")

    def _address(self, parts: SplitResult) -> str | Posted:
        """Where the name leads, or that it leads where nothing may be posted."""
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            return Posted(0, f"{host} is not found: {error}")
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            if not self._is_outside(address):
                return Posted(0, f"not posted: {host} leads to {address}")
        return addresses[0]

    def _is_outside(self, text: str) -> bool:
        """Whether an address is another machine's: not our own, nor one that serves secrets on the link."""
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(text.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if address.is_loopback:
            return self._loopback
        return not (address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved)

    def _pool(self, parts: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
        if parts.scheme == "http":
            return urllib3.HTTPConnectionPool(address, parts.port or 80, timeout=_TIMEOUT, maxsize=1)
        host = parts.hostname or ""
        return urllib3.HTTPSConnectionPool(
            address,
            parts.port or 443,
            timeout=_TIMEOUT,
            maxsize=1,
            cert_reqs="CERT_REQUIRED",
            server_hostname=host,
            assert_hostname=host,
            ca_certs=str(self._ca_file) if self._ca_file else None,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
