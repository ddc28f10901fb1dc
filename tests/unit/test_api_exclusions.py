"""What is not digitised is refused where other systems hand it in, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.domain.holdings import Exclusion
from pipeline.domain.releases import ExcludedType, RightsList
from pipeline.web.house import Place
from tests.api_house import CODE, ApiHouse, uploaded


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path, Place(upload_bytes=100_000))
    with made.web:
        yield made


@pytest.mark.parametrize("told", [{"declared": "secret"}, {"declared": "photocopy"}, {"type": "can_cuoc_cong_dan"}])
def test_papers_that_are_not_digitised_are_refused_and_dropped(house: ApiHouse, told: dict[str, str]) -> None:
    listed = ExcludedType("can_cuoc_cong_dan", Exclusion.SHARED_ELSEWHERE, "Luật Căn cước", "CSDL dân cư")
    house.web.catalogue.rights.keep(RightsList((), (listed,), (0, 1)))
    caller = house.caller(house.system())
    body = {"code": CODE, "documents": [{"upload": uploaded(caller), **told}]}
    answer = caller.post("/v1/dossiers", json=body)
    assert answer.status_code == 409
    assert [*house.web.store.list("")] == []
    assert house.web.catalogue.documents() == ()
    house.web.flow.auditing.seal()
    noted = [line.happening for line in house.web.catalogue.audit.lines() if line.happening.action == "reuse_refusal"]
    assert [one.told["gate"] for one in noted] == ["intake"]


def test_other_papers_of_a_named_type_come_in(house: ApiHouse) -> None:
    caller = house.caller(house.system())
    body = {"code": CODE, "documents": [{"upload": uploaded(caller), "type": "giay_khai_sinh"}]}
    assert caller.post("/v1/dossiers", json=body).status_code == 201
