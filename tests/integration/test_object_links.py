"""Presigned links over a real S3 server: whoever has one fetches that one object, for so long, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import urllib3

from storage.agencies import AgencyStore
from storage.memory import MemoryStore
from storage.objects import MinioStore

KEY = "dossiers/000.00.16.H05-260105-0001/đơn đề nghị/r0001/document.pdf"


def test_a_link_leads_to_the_object_without_any_key(minio_store: MinioStore) -> None:
    minio_store.put_once(KEY, b"%PDF link", media_type="application/pdf")
    url = minio_store.link(KEY, timedelta(seconds=120), "A.pdf")
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["120"]
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", url)
        assert (answer.status, answer.data) == (200, b"%PDF link")
        assert "A.pdf" in answer.headers["content-disposition"]
        assert pool.request("GET", url.split("?")[0]).status == 403
        assert pool.request("GET", url.replace("document.pdf", "record.json")).status == 403
        assert pool.request("GET", url[:-4] + "0000").status == 403
        assert pool.request("PUT", url, body=b"other").status == 403
    assert minio_store.get(KEY) == b"%PDF link"


def test_a_link_names_the_address_that_others_reach_the_server_by(minio_store: MinioStore) -> None:
    minio_store.put_once(KEY, b"%PDF link")
    minio_store._public = "objects.example.vn"
    try:
        url = minio_store.link(KEY, timedelta(seconds=60), "A.pdf")
    finally:
        minio_store._public = ""
    assert urlsplit(url).netloc == "objects.example.vn"


def test_a_link_is_signed_by_the_key_of_the_agency_that_the_dossier_is_of() -> None:
    own, agency = MemoryStore(), MemoryStore()
    store = AgencyStore(own, {"000.00.16.H05": agency})
    store.put_once(KEY, b"%PDF")
    own.away = True
    assert store.link(KEY, timedelta(seconds=60), "A.pdf").startswith("memory:///dossiers/000.00.16.H05")
