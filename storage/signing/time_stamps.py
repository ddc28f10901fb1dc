"""The time-stamp authority over HTTP(S), RFC 3161, with timeouts and retries."""

from __future__ import annotations

import urllib3
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

#: Answers are a few kilobytes; one that is larger is none.
_LARGEST_ANSWER = 1_000_000
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class HttpTimeStamper(TimeStamper):
    """Asks ``url`` for time stamps; waits ``seconds`` for each answer, and tries ``tries`` times.

    Raises pyHanko's ``TimestampRequestError`` where no sound answer comes.
    """

    def __init__(self, url: str, *, seconds: float = 10.0, tries: int = 3) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url
        self._timeout = urllib3.Timeout(total=seconds)
        self._retries = urllib3.Retry(
            total=tries - 1,
            backoff_factor=0.3,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=None,
            redirect=0,
            raise_on_status=False,
            respect_retry_after_header=False,
        )

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer."""
        try:
            with urllib3.PoolManager(timeout=self._timeout, retries=self._retries) as pool:
                answer = pool.request("POST", self._url, body=req.dump(), headers=_HEADERS, preload_content=False)
                try:
                    data = answer.read(_LARGEST_ANSWER + 1)
                finally:
                    answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise TimestampRequestError(f"the time-stamp authority does not answer ({type(error).__name__})") from error
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if answer.status != 200 or kind != "application/timestamp-reply" or len(data) > _LARGEST_ANSWER:
            raise TimestampRequestError(f"the time-stamp authority answers with {answer.status} {kind}")
        try:
            response = tsp.TimeStampResp.load(data)
            str(response["status"]["status"].native)
        except (ValueError, TypeError) as error:
            raise TimestampRequestError("the time-stamp authority's answer makes no sense") from error
        return response
