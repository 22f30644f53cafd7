"""A teacher, a room or a trainee in two sessions at once (六.2, R29)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule
from desktop_app.domain.timetable import Booking, find_clashes


@rule("R29")
def check_clashes(
    bookings: Iterable[Booking],
    own: Collection[bytes],
    shareable: Collection[str],
    name_of: Callable[[bytes | str], str],
    session_name: Callable[[bytes], str],
) -> tuple[Finding, ...]:
    """Check the sessions ``own`` against all others of their days.

    Lawful: one session declared for several classes (合班, one booking), places marked 可共用, 线上 places.
    ``name_of`` names a teacher, room or trainee, ``session_name`` a session with its class.
    """
    return tuple(
        Finding(
            "R29",
            Severity.BLOCK,
            AppError(
                f"{clash.kind.name}_TWICE",
                name=name_of(clash.what),
                first=session_name(clash.first),
                second=session_name(clash.second),
            ),
            "session",
            clash.second if clash.first not in own else clash.first,
        )
        for clash in find_clashes(bookings, shareable)
        if clash.first in own or clash.second in own
    )
