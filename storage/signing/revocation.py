"""What is known of revoked certificates while a signature is put: fetched from their issuers, or given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from asn1crypto import crl
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import FetchLimits

from storage.signing.trust import TrustStore

#: A chain has a handful of certificates; whoever asks for more is not asked.
_MOST_REQUESTS = 30


class Answers(Protocol):
    """Says whether certificates are revoked."""

    def context(self, trust: TrustStore) -> AbstractAsyncContextManager[ValidationContext]:
        """A block in which certificates can be followed to the roots of ``trust``; what was learnt stays in the context."""


class FetchedAnswers:
    """OCSP responders and lists of the certificates' own issuers, asked over HTTP; each answer takes ``seconds`` at most."""

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds

    @asynccontextmanager
    async def context(self, trust: TrustStore) -> AsyncIterator[ValidationContext]:
        """A context that fetches."""
        limits = FetchLimits(max_requests=_MOST_REQUESTS)
        backend = AIOHttpFetcherBackend(per_request_timeout=self._seconds, limits=limits)
        try:
            yield ValidationContext(
                trust_roots=list(trust.roots),
                other_certs=list(trust.others),
                allow_fetching=True,
                fetcher_backend=backend,
                revocation_mode="require",
            )
        finally:
            await backend.close()


class GivenAnswers:
    """Revocation lists that lie here; nothing is asked."""

    def __init__(self, lists: tuple[crl.CertificateList, ...]) -> None:
        self._lists = lists

    @asynccontextmanager
    async def context(self, trust: TrustStore) -> AsyncIterator[ValidationContext]:
        """A context with these lists."""
        yield ValidationContext(
            trust_roots=list(trust.roots),
            other_certs=list(trust.others),
            crls=list(self._lists),
            revocation_mode="require",
        )
