"""Codes with a form of their own: of dossiers, taxpayers, land certificates, telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.domain.findings import Suggestion
from pipeline.understanding.checks.papers import HINTED, Paper, Rule, Values, parse_day
from pipeline.understanding.checks.people import is_personal_id
from pipeline.understanding.checks.tables import phones, since
from pipeline.understanding.values.dossier_codes import parse_dossier_code

#: A dossier that was sent in online is received no later than so long after it got its code.
_WAITING = timedelta(days=31)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
#: Registration numbers of household businesses before they had tax codes: province, district, kind, running number.
_OLD_BUSINESS = re.compile(r"\d{2}[A-ZĐ]{1,2}\d{6,8}")
_LAND = re.compile(r"[A-ZĐ]{1,2}\d{6}|[A-ZĐ]{2}\d{8}")
#: Certificates with eight digits: Thông tư 10/2024/TT-BTNMT.
_EIGHT_DIGITS = date(2024, 8, 1)


def check_codes(paper: Paper) -> Iterator[Rule]:
    """What holds for the codes of ``paper``."""
    yield from _dossier_rules(paper)
    yield Rule("phone_structure", ("so_dien_thoai",), lambda got: is_phone(got["so_dien_thoai"]), "số có đầu số đang dùng")
    for key, spec in paper.specs.items():
        if spec.type == "tax_code":
            yield _tax_rule(paper, key)
    yield from _business_rules(paper)
    land = "so_phat_hanh"
    yield Rule("land_number_structure", (land,), lambda got: is_land_number(got[land]), "số phát hành đúng cấu trúc", HINTED)
    yield Rule("land_number_structure", (land, "ngay_cap"), _fits_day, "số phát hành hợp với ngày cấp", HINTED)


def is_tax_code(text: str) -> bool:
    """Whether ``text`` is a tax code: ten digits of which the last checks the others, or these and a branch of three."""
    digits = re.sub(r"[\s.\-]", "", text)
    if len(digits) not in (10, 13) or not digits.isdecimal() or digits[10:] == "000":
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits, strict=False))
    return 10 - total % 11 == int(digits[9])


def is_phone(text: str) -> bool:
    """Whether ``text`` is a number of a carrier or an area of this country, of today or of before November 2018."""
    digits = re.sub(r"^\+?84(?=\d{9,10}$)", "0", re.sub(r"[\s.\-]", "", text))
    if not digits.isdecimal():
        return False
    kinds = {10: ("mobile",), 11: ("landline", "former")}.get(len(digits), ())
    return any(digits.startswith(phones(kind)) for kind in kinds)


def is_land_number(text: str) -> bool:
    """Whether ``text`` is the number printed on a form of a land certificate: BM 123456, AA 01234567."""
    return _LAND.fullmatch(re.sub(r"[\s.\-]", "", text).upper()) is not None


def _dossier_rules(paper: Paper) -> Iterator[Rule]:
    key, day = "ma_ho_so", "ngay_tiep_nhan"
    yield Rule("code_structure", (key,), lambda got: _is_dossier(got[key], paper.today), "mã đúng cấu trúc")
    code = parse_dossier_code(paper.value(key))
    if code is None:
        return
    yield Rule(
        "code_disagrees_date", (key, day), lambda got: _coded_before(got[key], got[day]), "ngày trong mã khớp ngày tiếp nhận"
    )
    if _coded_before(paper.value(key), paper.value(day)):
        agrees = "ngày trong mã khớp ngày tiếp nhận"
        yield Rule("code_disagrees_date", (key, day), lambda got: _coded_on(got[key], got[day]), agrees, HINTED)


def _is_dossier(text: str, today: date) -> bool:
    code = parse_dossier_code(text)
    return code is not None and code.day <= today


def _coded_before(text: str, day: str) -> bool:
    code, received = parse_dossier_code(text), parse_day(day)
    return code is not None and (received is None or timedelta(0) <= received - code.day <= _WAITING)


def _coded_on(text: str, day: str) -> bool:
    code = parse_dossier_code(text)
    return code is not None and code.day == (parse_day(day) or code.day)


def _tax_rule(paper: Paper, key: str) -> Rule:
    """A tax code checks itself; of persons it is their id since July 2025 (Thông tư 86/2024/TT-BTC)."""
    made = parse_day(paper.value(paper.day_key)) or paper.today
    personal = made >= since("ids_are_tax_codes")

    def holds(got: Values) -> bool:
        return is_tax_code(got[key]) or (personal and len(got[key]) == 12 and is_personal_id(got[key], paper.today))

    return Rule("tax_code_structure", (key,), holds, "mã số thuế đúng cấu trúc")


def _business_rules(paper: Paper) -> Iterator[Rule]:
    """A household business is registered under a number of its own, its tax code, or (since July 2025) its owner's id."""
    key, owner = "so_dang_ky", "so_dinh_danh"
    number = re.sub(r"[\s.\-]", "", paper.value(key))
    if len(number) in (10, 13) and number.isdecimal():
        yield _tax_rule(paper, key)
    elif len(number) == 12 and number.isdecimal():
        others = tuple(
            (one, Suggestion(paper.value(other), "print", "Giá trị ghi ở mục kia."))
            for one, other in ((key, owner), (owner, key))
            if paper.has(other)
        )
        yield Rule("tax_code_disagrees_id", (key, owner), lambda got: got[key] == got[owner], others=others)
    else:
        yield Rule(
            "business_number_structure", (key,), lambda got: _OLD_BUSINESS.fullmatch(got[key].upper()) is not None, "", HINTED
        )


def _fits_day(got: Values) -> bool:
    day = parse_day(got["ngay_cap"])
    return day is None or day >= _EIGHT_DIGITS or sum(sign.isdigit() for sign in got["so_phat_hanh"]) != 8
