"""A day at the counter on real servers, in a real browser: a dossier comes in, is reviewed, found again, fetched elsewhere."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3
from playwright.sync_api import Browser, Page, expect

from pipeline.bootstrap import build_services
from pipeline.client import SecretCredentials, Sohoa, verify_content, verify_receipt
from pipeline.domain.documents import Owner, Status
from pipeline.domain.signatures import Integrity, SignatureRole
from storage.signing.examination import PdfExaminer
from storage.signing.trust import TrustStore
from tests.acceptance.test_stack import House

OFFICE, PASSWORD = "000.00.16.H05", "Một câu đủ dài để nhớ ở quầy 2026"
SAMPLES = Path("scripts/samples/000.00.16.H05-260105-0001")
SLOW = 120_000

OTHER_AGENCY = "000.00.17.H05"
RIGHTS = f"""
[[entitlement]]
agency = "{OTHER_AGENCY}"
procedure = "1.001193"
type = "giay_khai_sinh"
purpose = "dang_ky_ket_hon"
form = "pdf"
by_name = true
basis = "Nghị định 123/2015/NĐ-CP, Điều 10"
"""

pytestmark = pytest.mark.skipif(shutil.which("scanimage") is None, reason="scanimage (sane-utils) is not on this machine")


@pytest.fixture(scope="module")
def house(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(root, tmp_path_factory.mktemp("counter"))
    made.environment |= {"SOHOA_SCANNER": "test", "SOHOA_SIGN_DIGITISER_KEY": "trial", "SOHOA_JOBS": "1"}
    made.run("up")
    yield made
    made.run("down")


def sign_in(page: Page, house: House) -> None:
    """As a new colleague does: with the one-time password, which is changed at once."""
    rights = ("--role", "operator", "--role", "reviewer", "--office", OFFICE)
    output = house.run("accounts", "add", "hoa", "--name", "Nguyễn Thị Hoa", *rights)
    found = re.search(r"one-time password: (\S+)", output)
    assert found, output
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.locator("[name=password]").fill(found[1])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nguyễn Thị Hoa").first).to_be_visible(timeout=SLOW)
    page.goto("/account/password")
    for field in page.locator("input[type=password]").all():
        field.fill(found[1] if field.get_attribute("autocomplete") == "current-password" else PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("input[type=password]")).to_have_count(0)


def test_a_dossier_from_the_scanner_to_the_search(house: House, browser: Browser, root: Path) -> None:
    with browser.new_context(base_url=f"http://127.0.0.1:{house.settings.web_port}", reduced_motion="reduce") as window:
        page = window.new_page()
        sign_in(page, house)

        page.goto("/station")
        page.get_by_role("button", name="Tạo hồ sơ mới").click()
        expect(page).to_have_url(re.compile(rf"code={OFFICE}-\d{{6}}-0001"))
        page.locator("#feeder_in").select_option("false")
        page.get_by_role("button", name="Quét", exact=True).click()
        expect(page.locator(".sheet_card.rescan")).to_contain_text("Trang quá tối", timeout=SLOW)

        page.get_by_role("button", name="Bỏ giấy tờ").click(timeout=SLOW)
        page.get_by_role("textbox", name="Lý do bỏ giấy tờ này").fill("Trang đen, quét lại")
        page.keyboard.press("Enter")
        expect(page.locator(".one .chip")).to_have_text("Bị từ chối", timeout=SLOW)
        page.locator("#files").set_input_files(root / SAMPLES / "03-giay-khai-sinh.tif")
        expect(page.locator(".one")).to_have_count(2)
        expect(page.locator(".chip.needs_review")).to_have_count(1, timeout=SLOW)
        expect(page.locator(".sheet_card.good")).to_have_count(2)

        page.goto("/review")
        page.get_by_role("button", name="Duyệt tài liệu tiếp theo").click()
        page.wait_for_selector(".sheet[data-shown]", timeout=SLOW)
        for key, value in (("so", "71/2022"), ("noi_sinh", "Trạm y tế xã Ea Rốk")):
            page.locator(f"#f1-{key}-in").fill(value)
            page.locator(f"#f1-{key}-in").press("Enter")
            expect(page.locator(f"#f1-{key}")).to_have_attribute("data-state", "settled")
        while page.locator("#approve button").is_disabled():
            left = page.locator("#open_now").inner_text()
            page.locator('.field[data-state="open"] .value').first.press("Enter")
            expect(page.locator("#open_now")).not_to_have_text(left)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/review?done=approved", timeout=SLOW)

        page.goto("/find?q=tram+y+te+xa+ea+rok")
        page.locator("main a[href^='/documents/']").first.click()
        expect(page.locator("h1")).to_contain_text("03-giay-khai-sinh.tif")
        pdf = window.request.get(page.url + "/document.pdf")
        assert pdf.body().startswith(b"%PDF-")

    citizen, sha256 = look_into_the_books(house)
    fetched = fetch_elsewhere(house, citizen)
    assert hashlib.sha256(fetched.read_bytes()).hexdigest() == sha256
    with ThreadPoolExecutor(1) as aside:  # this thread runs the browser's loop already
        (signature,) = aside.submit(PdfExaminer(TrustStore()).examine, fetched).result()
    assert (signature.integrity, signature.whole) == (Integrity.INTACT, True)
    house.run("verify")


def look_into_the_books(house: House) -> tuple[Owner, str]:
    """Whose the approved paper is, and the sha256 of its signed PDF."""
    services = build_services(house.settings)
    try:
        by_status = {one.status: one for one in services.catalogue.documents()}
        approved = by_status[Status.APPROVED]
        record = services.flow.ledgers.record(approved)
        assert record is not None
        assert (approved.revision, record.signed_by) == (2, (SignatureRole.DIGITISER,))
        assert dict(record.fields)["so"] == "71/2022"
        assert by_status[Status.REJECTED].revision in {0, 1}
        (held,) = services.catalogue.holdings.of_document(approved.id)
        (citizen,) = held.holding.owners
        assert record.pdf is not None
        return citizen, record.pdf.sha256
    finally:
        services.close()


def fetch_elsewhere(house: House, citizen: Owner) -> Path:
    """Another agency need not ask the citizen for the paper: it is held, requested, fetched, and proven by its receipt."""
    rights = house.home / "rights.toml"
    rights.write_text(RIGHTS, encoding="utf-8")
    house.run("import", "entitlements", rights)
    scopes = ("--scope", "reuse:check", "--scope", "reuse:request")
    output = house.run("systems", "add", "ho-tich", "--name", "CSDL hộ tịch", "--agency", OTHER_AGENCY, *scopes)
    secret = output.partition("secret: ")[2].split()[0]
    owner = {"id12": citizen.id12} if citizen.id12 else {"name": citizen.name, "birth_date": citizen.birth_date}
    origin = f"http://127.0.0.1:{house.settings.web_port}"
    with Sohoa(origin, SecretCredentials("ho-tich", secret), purpose="dang_ky_ket_hon") as sohoa:
        check = sohoa.check(owner, procedure="1.001193")
        (paper,) = check.dont_ask_again
        request = sohoa.request(document=paper.document, part=paper.part, procedure="1.001193")
        assert sohoa.preview(request.id).judgement["state"] == "valid"
        release = sohoa.release(request.id)
        claims = verify_receipt(release.receipt, sohoa.receipt_keys(), client="ho-tich")
        content = sohoa.pdf_of(request.id)
        verify_content(claims, content)
        assert (claims["agency"], claims["document"], claims["type"]) == (OTHER_AGENCY, paper.document, "giay_khai_sinh")
        linked = urllib3.request("GET", release.url)
        assert (linked.status, linked.data) == (200, content)
    path = house.home / "fetched.pdf"
    path.write_bytes(content)
    return path
