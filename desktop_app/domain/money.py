"""Money: integer 分 ↔ the text of screens and papers (1,234.50) and 人民币大写 (支付结算办法, 附一)."""

from __future__ import annotations

import re
import unicodedata

from desktop_app.domain.errors import AppError

FEN_PER_YUAN = 100
MAX_FEN = 10**14 - 1
_AMOUNT = re.compile(r"(?P<sign>[-+]?)(?P<yuan>\d+|\d{1,3}(?:,\d{3})+)?(?:\.(?P<fen>\d*))?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿")
_THOUSAND = 1000


def format_fen(fen: int) -> str:
    """Return 123450 分 as 1,234.50."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def parse_fen(text: str) -> int:
    """Return the 分 of an amount in 元: "1,234.5", "￥1234.50", "1234.5元"; full-width is read too.

    Raises AppError MONEY_INVALID, MONEY_DECIMALS (more than two, unless zeros) or MONEY_TOO_LARGE (from one 万亿 元).
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("元").strip()
    sign_first = plain.replace(" ", "").replace("¥", "").replace("RMB", "")
    match = _AMOUNT.fullmatch(sign_first)
    if match is None or not (match["yuan"] or match["fen"]):
        raise AppError("MONEY_INVALID", value=text[:40])
    decimals = (match["fen"] or "").rstrip("0")
    if len(decimals) > 2:  # noqa: PLR2004 - 角 and 分
        raise AppError("MONEY_DECIMALS", value=text[:40])
    fen = int((match["yuan"] or "0").replace(",", "")) * FEN_PER_YUAN + int(decimals.ljust(2, "0"))
    if fen > MAX_FEN:
        raise AppError("MONEY_TOO_LARGE", value=text[:40])
    return -fen if match["sign"] == "-" else fen


def capital(fen: int) -> str:
    """Return the 人民币大写 of an amount, e.g. 105 分 → 壹元零伍分, 150 → 壹元伍角整, 0 → 零元整.

    Raises AppError MONEY_TOO_LARGE from one 万亿 元.
    """
    if abs(fen) > MAX_FEN:
        raise AppError("MONEY_TOO_LARGE", value=format_fen(fen))
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    jiao, cents = divmod(rest, 10)
    words = _yuan_words(yuan) + "元" if yuan or not rest else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif cents and yuan:
        words += "零"
    words += _DIGITS[cents] + "分" if cents else "整"
    return ("负" if fen < 0 else "") + words


def _yuan_words(yuan: int) -> str:
    """Return the words of whole 元 in sections of four digits; one 零 stands for any run of zeros between digits."""
    if yuan == 0:
        return _DIGITS[0]
    words = ""
    gap = False
    for power in range(len(_SECTIONS) - 1, -1, -1):
        section = yuan // 10 ** (4 * power) % 10**4
        if section == 0:
            gap = bool(words)
            continue
        if words and (gap or section < _THOUSAND):
            words += _DIGITS[0]
        words += _section_words(section) + _SECTIONS[power]
        gap = False
    return words


def _section_words(section: int) -> str:
    """Return the words of 1 to 9999, without a leading 零."""
    words = ""
    zero = False
    for place in range(3, -1, -1):
        digit = section // 10**place % 10
        if digit == 0:
            zero = bool(words)
            continue
        words += (_DIGITS[0] if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return words
