"""分, 1,234.50 and 大写."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.domain.money import MAX_FEN, capital, format_fen, parse_fen

DIGITS = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (11, "壹角壹分"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (155, "壹元伍角伍分"),
        (1_000, "壹拾元整"),
        (1_050, "壹拾元伍角整"),
        (1_005, "壹拾元零伍分"),
        (10_100, "壹佰零壹元整"),
        (11_000, "壹佰壹拾元整"),
        (100_100, "壹仟零壹元整"),
        (101_000, "壹仟零壹拾元整"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (1_000_000, "壹万元整"),
        (1_000_100, "壹万零壹元整"),
        (1_010_000, "壹万零壹佰元整"),
        (1_100_000, "壹万壹仟元整"),
        (10_000_000, "壹拾万元整"),
        (10_000_000_00, "壹仟万元整"),
        (10_001_000_00, "壹仟万壹仟元整"),
        (10_010_000_00, "壹仟零壹万元整"),
        (100_000_000_00, "壹亿元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (100_001_000_00, "壹亿零壹仟元整"),
        (100_010_000_00, "壹亿零壹万元整"),
        (101_000_000_00, "壹亿零壹佰万元整"),
        (110_000_000_00, "壹亿壹仟万元整"),
        (1_000_000_000_000_00 - 1, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        (-105, "负壹元零伍分"),
    ],
)
def test_capital_amounts(fen: int, words: str) -> None:
    assert capital(fen) == words


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.50", 123_450),
        ("￥1234.5", 123_450),
        ("¥ 1 234.5", 123_450),
        ("1234.5元", 123_450),
        ("１２３４．５０", 123_450),
        ("0", 0),
        (".5", 50),
        ("5.", 500),
        ("-0.01", -1),
        ("1.500", 150),
    ],
)
def test_amounts_are_read(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MONEY_INVALID"),
        (".", "MONEY_INVALID"),
        ("1,23", "MONEY_INVALID"),
        ("1.2.3", "MONEY_INVALID"),
        ("一百", "MONEY_INVALID"),
        ("1e3", "MONEY_INVALID"),
        ("1.005", "MONEY_DECIMALS"),
        ("1000000000000", "MONEY_TOO_LARGE"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(AppError) as error:
        parse_fen(text)
    assert error.value.code == code


def test_the_largest_amount_has_words_and_the_next_has_none() -> None:
    assert capital(MAX_FEN)
    with pytest.raises(AppError):
        capital(MAX_FEN + 1)


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_text_reads_back(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen


def read_section(words: str) -> int:
    total = digit = 0
    for word in words:
        if word in DIGITS:
            digit = DIGITS[word]
        else:
            total += digit * PLACES[word]
            digit = 0
    return total + digit


def read_capital(words: str) -> int:
    """An independent reader: sections of 亿 and 万, then 角 and 分."""
    sign = -1 if words.startswith("负") else 1
    yuan, mark, rest = words.removeprefix("负").removesuffix("整").rpartition("元")
    if not mark:
        yuan, rest = "", words.removeprefix("负").removesuffix("整")
    fen = 0
    for unit, value in (("亿", 10**10), ("万", 10**6)):
        head, found, tail = yuan.partition(unit)
        if found:
            fen += read_section(head) * value
            yuan = tail
    fen += read_section(yuan) * 100
    for unit, value in (("角", 10), ("分", 1)):
        if unit in rest:
            fen += DIGITS[rest[rest.index(unit) - 1]] * value
    return sign * fen


@given(
    st.integers(-MAX_FEN, MAX_FEN) | st.sampled_from([10**n + 10**m for n in range(14) for m in range(14)])
)
def test_words_read_back_and_never_repeat_a_zero(fen: int) -> None:
    fen = max(-MAX_FEN, min(fen, MAX_FEN))
    words = capital(fen)
    assert read_capital(words) == fen
    assert "零零" not in words
    assert "零万" not in words
    assert "零亿" not in words
    assert words == "零元整" or "零元" not in words
    assert words.endswith("整") == (fen % 10 == 0)


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        fen = parse_fen(text)
    except AppError:
        return
    assert abs(fen) <= MAX_FEN
