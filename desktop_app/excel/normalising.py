"""Brings typed values into one form: spaces, full width, case, separators; names and documents as the domain does.

Every function is idempotent and takes and returns text; whether the value is right is the domain's affair.
"""

from __future__ import annotations

import re

from desktop_app.domain.identity import normalise_number
from desktop_app.domain.names import check_name

_WIDE_ALL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE_ALPHANUMERIC = {
    code: narrow
    for code, narrow in _WIDE_ALL.items()
    if chr(narrow).isalnum() or narrow in (0x20, 0x2D, 0x2E, 0x2F, 0x2B)
}
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xAD])
_ODD_SPACES = dict.fromkeys([0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x09, 0x0A, 0x0D, 0x0B, 0x0C], " ")
_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFF0D, 0xFE63], "-")

_UNUSUAL = re.compile(
    r"[\x00-\x20\xa0\xad\u2000-\u206f\u3000\ufeff\uff00-\uff5f]"
)  # most cells hold none of it
_UNSEEN = re.compile(r"[\x09-\x0d\xa0\xad\u2000-\u206f\ufeff]")
_PLAIN_CODE = re.compile(r"[0-9A-Z]+")
_SPACES = re.compile(r" +")
_MOBILE = re.compile(r"1[0-9]{10}")
_PHONE_PREFIX = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_PHONE_SEPARATORS = re.compile(r"[ \-()/]+")


def _visible(text: str) -> str:
    if not _UNSEEN.search(text):
        return text
    return text.translate(_INVISIBLE).translate(_ODD_SPACES)


def normal_text(text: str) -> str:
    """Free text: invisible characters dropped, letters and digits half width, spaces single, ends trimmed.

    Chinese punctuation, brackets included, stays as it is.
    """
    if not _UNUSUAL.search(text):
        return text
    return _SPACES.sub(" ", _visible(text).translate(_WIDE_ALPHANUMERIC)).strip()


def normal_name(text: str) -> str:
    """A person's name as ``check_name`` stores it; line breaks and a leading apostrophe are dropped before."""
    return check_name(_visible(text).strip(" '")).value


def normal_document(text: str) -> str:
    """A document number as ``normalise_number`` stores it."""
    return normalise_number(_visible(text))


def normal_code(text: str) -> str:
    """A student, ticket or certificate number, a credit code: half width, no spaces, upper case."""
    if _PLAIN_CODE.fullmatch(text):
        return text
    return re.sub(r"[ '’‘]", "", _visible(text).translate(_WIDE_ALL).translate(_DASHES)).upper()


def normal_phone(text: str) -> str:
    """A telephone number: digits without separators and without the country code of a mobile.

    A landline keeps the hyphen after its area code; several numbers stay as typed but for width and ends.
    """
    if _MOBILE.fullmatch(text):
        return text
    narrow = _SPACES.sub(" ", _visible(text).translate(_WIDE_ALL).translate(_DASHES)).strip(" '")
    digits = _PHONE_PREFIX.sub("", _PHONE_SEPARATORS.sub("", narrow))
    return digits if _MOBILE.fullmatch(digits) else narrow


def normal_mark(text: str) -> str:
    """A mark or heading: half width, upper case, no spaces at all."""
    return re.sub(r"\s", "", _visible(text).translate(_WIDE_ALL)).upper()


def split_names(text: str) -> tuple[str, ...]:
    """Several teachers in one cell, cut at 、,，;；/ and line ends; notes in brackets are dropped.

    ``刘建军、吴海燕（助教）`` → ``("刘建军", "吴海燕")``; a space cuts only between names of two or more
    characters, so ``张 三`` stays one person.
    """
    bare = re.sub(r"[（(][^）)]*[）)]", "", text)
    names: list[str] = []
    for part in re.split(r"[、,，;；/／\\\r\n+＋&]|和(?=\S{2,3}$)", bare):
        words = normal_text(part).split(" ")
        apart = len(words) > 1 and all(len(word) > 1 and not word.isascii() for word in words)
        names.extend(normal_name(word) for word in (words if apart else [part]))
    return tuple(dict.fromkeys(name for name in names if name))
