"""What papers say in figures and again in words comes back from both."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipeline.understanding.sources import read_card_code
from pipeline.understanding.values.dates import find_dates, spelt_dates
from pipeline.understanding.values.interpretation import interpret
from pipeline.understanding.values.numerals import read_number

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"))
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
IDS = st.text("0123456789", min_size=12, max_size=12)
NAMES = st.sampled_from(["Nguyễn Văn An", "Trần Thị Bình", "Đặng Yến", "Lý Thái Ngọc Hà"])


def say_below_thousand(number: int, whole: bool) -> str:
    """A number below a thousand; ``whole`` names its hundreds although there are none."""
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    parts = [f"{DIGITS[hundreds]} trăm"] if whole or hundreds else []
    if tens == 0 and unit:
        parts.append(f"{'linh ' if parts else ''}{DIGITS[unit]}")
    elif tens == 1:
        parts.append("mười" + (f" {'lăm' if unit == 5 else DIGITS[unit]}" if unit else ""))
    elif tens:
        last = {0: "", 1: " mốt", 4: " tư", 5: " lăm"}.get(unit, f" {DIGITS[unit]}")
        parts.append(f"{DIGITS[tens]} mươi{last}")
    return " ".join(parts)


def say(number: int) -> str:
    """A number in words, as people say it."""
    if number == 0:
        return DIGITS[0]
    parts = []
    for scale, name in SCALES:
        count, number = divmod(number, scale)
        if count:
            parts.append(f"{say_below_thousand(count, bool(parts))} {name}")
    if number:
        parts.append(say_below_thousand(number, bool(parts)))
    return " ".join(parts)


def group(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@given(st.integers(0, 999_999_999_999))
def test_every_number_comes_back_from_its_words(number: int) -> None:
    assert read_number(say(number)) == number
    assert read_number(say(number).upper()) == number


@given(DAYS, st.sampled_from(["", "mùng ", "mồng "]))
def test_every_day_comes_back_from_its_words(day: date, opening: str) -> None:
    first = opening if day.day <= 10 else ""
    text = f"ngày {first}{say(day.day)} tháng {say(day.month)} năm {say(day.year)}"
    assert spelt_dates(text) == (day,)
    assert [found.value for found in find_dates(text)] == [day]


@given(DAYS)
def test_a_birthday_in_figures_and_words_bears_itself_out(day: date) -> None:
    words = f"Ngày {say(day.day)}, tháng {say(day.month)}, năm {say(day.year)}"
    meaning = interpret("date", f"{day:%d/%m/%Y} (ghi bằng chữ: {words})")
    assert meaning is not None
    assert (meaning.value, meaning.agreeing, meaning.rivals) == (day.isoformat(), 1, ())


@given(DAYS, DAYS)
def test_a_birthday_that_its_words_deny_has_a_rival(day: date, other: date) -> None:
    words = f"Ngày {say(other.day)}, tháng {say(other.month)}, năm {say(other.year)}"
    meaning = interpret("date", f"{day:%d/%m/%Y} (ghi bằng chữ: {words})")
    assert meaning is not None
    assert meaning.value == day.isoformat()
    assert meaning.rivals == (() if day == other else (other.isoformat(),))


@given(st.integers(1000, 999_999_999_999), st.sampled_from(["({} đồng)", "(Bằng chữ: {} đồng)", "bằng chữ: {} đồng chẵn"]))
def test_money_in_figures_and_words_bears_itself_out(amount: int, frame: str) -> None:
    meaning = interpret("money_vnd", f"{group(amount)} đồng {frame.format(say(amount).capitalize())}")
    assert meaning is not None
    assert (meaning.value, meaning.agreeing) == (amount, 1)


@given(st.integers(1000, 10**9), st.integers(1000, 10**9))
def test_money_that_its_words_deny_has_a_rival(amount: int, other: int) -> None:
    meaning = interpret("money_vnd", f"{group(amount)} đồng (Bằng chữ: {say(other)} đồng)")
    assert meaning is not None
    assert meaning.value == amount
    assert meaning.rivals == (() if amount == other else (other,))


@given(st.integers(1, 99_999), st.integers(0, 99), st.sampled_from(["m²", "m2", "m?"]))
def test_an_area_comes_back_as_printed(whole: int, part: int, unit: str) -> None:
    figure = f"{group(whole)},{part}" if part else group(whole)
    meaning = interpret("area", f"{figure} {unit}")
    assert meaning is not None
    assert (meaning.value, meaning.known) == (f"{figure} m²", True)


@given(st.sampled_from("35789"), st.text("0123456789", min_size=8, max_size=8), st.sampled_from(["", " ", "."]))
def test_a_phone_number_comes_back_however_it_is_parted(carrier: str, rest: str, gap: str) -> None:
    number = f"0{carrier}{rest}"
    for text in (number, gap.join((number[:4], number[4:7], number[7:])), f"+84{number[1:]}", f"(+84) {number[1:]}"):
        meaning = interpret("phone", text)
        assert meaning is not None
        assert meaning.value == number


@given(IDS, st.integers(1, 11))
def test_an_id_comes_back_from_two_parts(digits: str, cut: int) -> None:
    for text in (digits, f"số {digits}", f"{digits[:cut]} {digits[cut:]}"):
        meaning = interpret("id12", text)
        assert meaning is not None
        assert meaning.value == digits


@given(
    st.text("0123456789", min_size=12, max_size=12), NAMES, DAYS, st.sampled_from(["Nam", "Nữ"]), st.sampled_from(["", "a|b"])
)
def test_the_code_of_a_card_comes_back_whatever_follows_it(number: str, name: str, born: date, sex: str, more: str) -> None:
    home = "thôn 2, xã Phú Lâm, tỉnh Bắc Ninh"
    text = "|".join((number, "", name.upper(), f"{born:%d%m%Y}", sex, home, "01072024", *(more.split("|") if more else ())))
    code = read_card_code(text)
    assert code is not None
    assert code.values == {
        "so_dinh_danh": number,
        "ho_ten": name,
        "ngay_sinh": born.isoformat(),
        "gioi_tinh": sex,
        "noi_thuong_tru": home,
    }


@given(st.text(max_size=80))
def test_what_no_card_says_is_no_card(text: str) -> None:
    code = read_card_code(text)
    assert code is None or text.strip()[:12].isdigit()
