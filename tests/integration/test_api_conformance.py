"""The whole interface against its own OpenAPI document: all checks of schemathesis, with credentials and without."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.engine import events

from tests.api_house import ApiHouse, hand_in, uploaded, work
from tests.reuse_office import LAN, entitled

#: ``positive_data_acceptance`` by default knows no conditions (412) and no bounds of an installation (413).
CONFIG = """
generation = { max-examples = 5, mode = "all", deterministic = true }
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "413", "429"]
"""

CHECKS = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "ensure_resource_availability",
    "object_level_authorization",
    "ignored_auth",
}

#: A field of a header that nobody knows is ignored, as RFC 9110 (5.1) wants it: no request is wrong for having one.
UNKNOWN_HEADER = "x-schemathesis-unknown-property"

NUMBERS = count()


@schemathesis.serializer("application/offset+octet-stream")
def _bytes(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(_context: object, case: schemathesis.Case, _kwargs: object) -> None:
    """A key of its own for every call that has a good one: used again for another call it must be refused."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[\w.:\-]{8,100}", key, re.ASCII):
        case.headers["Idempotency-Key"] = f"{key}-{next(NUMBERS)}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path, rate=10**9)
    with made.web:
        yield made


@pytest.mark.parametrize("known", [True, False], ids=["with-credentials", "without"])
def test_nothing_is_found_by_schemathesis(house: ApiHouse, known: bool) -> None:
    caller = house.caller(house.system())
    hand_in(caller, uploaded(caller))
    work(house)
    house.office.allow(entitled(purpose="giai_quyet_tthc"))
    house.office.hold("20260105-0123456789ab", owner=replace(LAN, id12="001190000018"))
    config = schemathesis.Config.from_str(CONFIG)
    config.projects.default.update(base_url=f"{house.desk.origin}/v1")
    if known:
        config.projects.default.update(headers={"Authorization": caller.headers["authorization"]})
    host = {"Host": house.desk.origin.removeprefix("http://")}
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", house.web.app, config=config, headers=host)
    found, made = findings(schema)
    assert found == []
    assert set(made) >= CHECKS
    assert min(made[name] for name in CHECKS) > 500


def findings(schema: schemathesis.BaseSchema) -> tuple[list[str], Counter[str]]:
    """What is wrong, in words; how often each check was made."""
    found, made = [], Counter[str]()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found.append(str(event))
        if not isinstance(event, events.ScenarioFinished):
            continue
        for case, checks in event.recorder.checks.items():
            request = event.recorder.interactions[case].request
            for check in checks:
                made[check.name] += 1
                if check.failure_info is not None and UNKNOWN_HEADER not in request.headers:
                    found.append(f"{request.method} {request.uri}: {check.name}: {check.failure_info.failure.message}")
    return found, made
