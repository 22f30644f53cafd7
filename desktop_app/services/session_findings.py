"""What the rules find of a session as it stands in the running command: R07, R13 holidays, R28, R29."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desktop_app.domain import opening, projects, session_changes
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.domain.opening import PlannedSession
from desktop_app.domain.policy_subjects import holiday_years
from desktop_app.domain.rules import Finding
from desktop_app.domain.session_changes import Online
from desktop_app.services.project_standing import areas_of, project_details
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import turnout
from desktop_app.store.queries.columns import day
from desktop_app.store.queries.policies import policy_book


def one_session(sql: Connection, session_id: bytes) -> SessionListItem:
    """Return one session; AppError SESSION_UNKNOWN."""
    items = class_queries.session_items(sql, session_id=session_id)
    if not items:
        raise AppError("SESSION_UNKNOWN", number="")
    return items[0]


def time_and_place(sql: Connection, session_id: bytes) -> tuple[Finding, ...]:
    """Judge time and place of a session: area, holidays, class dates, two places at once. AppError SESSION_UNKNOWN."""
    item = one_session(sql, session_id)
    return (*area(sql, item), *_holiday(sql, item), *_within(sql, item), *_clashes(sql, item))


def online(sql: Connection, session_id: bytes) -> tuple[Finding, ...]:
    """Judge what an online session needs (R28). AppError SESSION_UNKNOWN."""
    item = one_session(sql, session_id)
    given = Online(item.online_platform or "", item.online_minutes, item.identity_checks)
    return session_changes.check_online(
        item.mode, given, training_class=item.class_code, number=item.number, session=item.id
    )


def online_of(fields: Mapping[str, object]) -> Online:
    """Return what stored fields of a session say of how it is taught online."""
    minutes, checks = fields.get("online_minutes"), fields.get("identity_checks")
    return Online(
        str(fields.get("online_platform") or ""),
        minutes if isinstance(minutes, int) else None,
        checks if isinstance(checks, int) else None,
    )


def area(sql: Connection, item: SessionListItem) -> tuple[Finding, ...]:
    """Check the place of a session against the areas its class's project has passed for (R07).

    A session taught 线上 counts as held where its class is.
    """
    own = None if item.mode == "online" else item.site_id
    return area_at(sql, item.class_id, item.class_code, own)


def area_at(sql: Connection, class_id: bytes, class_code: str, site_id: bytes | None) -> tuple[Finding, ...]:
    """Check a 教学点, None for the class's own, against the areas of the class's project (R07).

    A class without project has no area to keep to.
    """
    project_id = sql.exec_driver_sql(
        "SELECT project_id FROM training_class WHERE id = ?", (class_id,)
    ).scalar()
    if project_id is None:
        return ()
    there = turnout.taught_at(sql, class_id, site_id)
    return projects.check_area(
        there.region,
        areas_of(project_details(sql, project_id)),
        place=there.place,
        training_class=class_code,
    )


def _holiday(sql: Connection, item: SessionListItem) -> tuple[Finding, ...]:
    planned = PlannedSession(item.number, item.held_on, item.hours, item.content, len(item.teacher_ids))
    return opening.check_holidays([planned], item.class_code, holiday_years(policy_book(sql)))


def _within(sql: Connection, item: SessionListItem) -> tuple[Finding, ...]:
    row = sql.exec_driver_sql(
        "SELECT start_on, end_on FROM training_class WHERE id = ?", (item.class_id,)
    ).one()
    return opening.check_within(item.held_on, day(row[0]), day(row[1]), item.class_code, item.id)


def _clashes(sql: Connection, item: SessionListItem) -> tuple[Finding, ...]:
    there = turnout.bookings_on(sql, [item.held_on])
    return opening.check_clashes(
        there.bookings,
        {there.joint.get(item.id, item.id)},
        there.shareable,
        there.name_of,
        there.session_name,
    )


def all_of(sql: Connection, session_id: bytes) -> Iterator[Finding]:
    """Judge everything of a session. AppError SESSION_UNKNOWN."""
    yield from time_and_place(sql, session_id)
    yield from online(sql, session_id)
