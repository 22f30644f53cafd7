"""Password rules: at least 8 characters, three of four kinds, not the name (requirements §9)."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.errors import AppError

MIN_LENGTH = 8
MAX_LENGTH = 128
MIN_KINDS = 3
_SHORTEST_NAME = 2


def check_password(password: str, *names: str) -> None:
    """Raise the first of what is wrong with a new password; see ``password_problems``."""
    for problem in password_problems(password, names):
        raise problem


def password_problems(password: str, names: Iterable[str] = ()) -> tuple[AppError, ...]:
    """Return all that is wrong with a new password; nothing = good.

    ``names`` are the login and the person's name (pinyin too, where known). PASSWORD_SHORT, PASSWORD_LONG,
    PASSWORD_KINDS (lower case, capitals, digits, others: fewer than three), PASSWORD_NAME (contains a name, forwards or
    backwards, whatever the case), PASSWORD_CONTROL.
    """
    found = []
    if len(password) < MIN_LENGTH:
        found.append(AppError("PASSWORD_SHORT", limit=MIN_LENGTH, length=len(password)))
    if len(password) > MAX_LENGTH:
        found.append(AppError("PASSWORD_LONG", limit=MAX_LENGTH))
    if kinds(password) < MIN_KINDS:
        found.append(AppError("PASSWORD_KINDS", limit=MIN_KINDS, found=kinds(password)))
    if any(not character.isprintable() for character in password):
        found.append(AppError("PASSWORD_CONTROL"))
    folded = password.casefold()
    for name in (name.casefold().strip() for name in names):
        if len(name) >= _SHORTEST_NAME and (name in folded or name[::-1] in folded):
            found.append(AppError("PASSWORD_NAME"))
            break
    return tuple(found)


def kinds(password: str) -> int:
    """Count the kinds of characters: lower case, capitals, digits, all others."""
    lower = any("a" <= character <= "z" for character in password)
    upper = any("A" <= character <= "Z" for character in password)
    digit = any("0" <= character <= "9" for character in password)
    other = any(not (character.isascii() and character.isalnum()) for character in password)
    return lower + upper + digit + other
