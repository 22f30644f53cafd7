"""The words in which people are indexed and looked for: parts of names, initials, parts of ID and phone numbers.

A row's terms stand in one line, so that a part of several terms in a row is found as a phrase:
每个字 (n王), 每两个相邻的字 (n王建), the beginnings of the initials (iwj), each four characters of the numbers and
their last three (d4201). Between the fields stands a term that nobody looks for.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.domain import pinyin
from desktop_app.domain.identity import normalise_number
from desktop_app.domain.names import check_name

LEAST_NUMBER = 3
NAMESAKES = 1 << 15
_LEADING = 3
_HIGHEST = 0xFFFF
_GRAM = 4
_BETWEEN = "b"
# To the index a sign of ASCII that is no letter and no digit parts words; here it is a part of names and numbers.
_SIGNS = {code: 0x100000 + code for code in range(128) if not chr(code).isalnum()}


def terms_of(name: str, document: str, phone: str, former: str = "") -> str:
    """Return what the index holds of a person; ``former`` as ``trainee_list`` keeps it."""
    terms = _terms(name, document, phone)
    for line in filter(None, former.split("\n")):
        was, _, number = line.partition("\t")
        terms += [_BETWEEN, *_terms("" if was == name else was, "" if number == document else number, "")]
    return " ".join(terms)


def _terms(name: str, document: str, phone: str) -> list[str]:
    written = name.translate(_SIGNS)
    terms = [f"n{sign}" for sign in written]
    terms += [_BETWEEN, *_name_pairs(written)]
    terms += dict.fromkeys(
        f"i{spelling[:length]}"
        for spelling in pinyin.initials(name)
        for length in range(1, len(spelling) + 1)
    )
    for number in (document.translate(_SIGNS), phone.translate(_SIGNS)):
        terms += [_BETWEEN, *_grams(number)]
        if len(number) >= LEAST_NUMBER:
            terms.append(f"d{number[-LEAST_NUMBER:]}")
    return terms


def row_of(name: str) -> int:
    """Return the first of the numbers that rows of people of a name may have: rows lie in the order of names.

    The first three characters decide; who shares them shares ``NAMESAKES`` numbers. What comes before in the order of
    names never has the higher number.
    """
    number = 0
    beyond = False
    for place in range(_LEADING):
        code = ord(name[place]) if place < len(name) else 0
        beyond = beyond or code >= _HIGHEST  # then the rest decides nothing
        number = number << 16 | (_HIGHEST if beyond else code)
    return number * NAMESAKES


def expression(text: str) -> str | None:
    """Return the search as an expression of FTS5; None where the index cannot tell: a number of one or two characters.

    The text is read as a name or number is: dots, widths and blanks put right.
    """
    name = check_name(text).value.translate(_SIGNS)
    number = searched_number(text).translate(_SIGNS)
    if number and len(number) < LEAST_NUMBER:
        return None
    found = [_phrase(list(_name_pairs(name)) if len(name) > 1 else [f"n{name}"])]
    if name.isascii() and name.isalpha():
        found.append(_phrase([f"i{name}"]))
    if number:
        found.append(_phrase(list(_grams(number))) if len(number) >= _GRAM else f'"d{number}" *')
    return " OR ".join(found)


def searched_number(text: str) -> str:
    """Return a text as a number that is looked for; empty where it has no digit."""
    number = normalise_number(text)
    return number if any(character.isdigit() for character in number) else ""


def _name_pairs(name: str) -> Iterator[str]:
    return (f"n{name[place : place + 2]}" for place in range(len(name) - 1))


def _grams(number: str) -> Iterator[str]:
    return (f"d{number[place : place + _GRAM]}" for place in range(len(number) - _GRAM + 1))


def _phrase(terms: list[str]) -> str:
    return " + ".join(f'"{term}"' for term in terms)
