"""Classes and projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from desktop_app.domain.classes import PREPARING
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import AdviserItem
from desktop_app.domain.listings.training import (
    ClassFacts,
    ClassListItem,
    ClassQuery,
    MemberListItem,
    SessionListItem,
)
from desktop_app.domain.records import SITE, TRAINING_CLASS
from desktop_app.domain.users import Role
from desktop_app.services import access, project_standing
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import class_list
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import projects as project_queries
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

EDITABLE = frozenset({"code", "start_on", "end_on", "place", "organisation", "project_id", "site_id"})
MAX_CODE = 40
ADVISING = frozenset({Role.ADVISER, Role.OFFICE})


class ClassService(Service):
    """班级. A class is 筹备 from its creation; what was written before its states existed is 在训."""

    def list_classes(self) -> list[ClassListItem]:
        """Return the classes that the acting user may see, by code."""
        with self._sight() as (sql, visible):
            return class_queries.class_items(sql, self.context.today(), only=visible)

    def page(self, query: ClassQuery, offset: int = 0, limit: int | None = None) -> list[ClassListItem]:
        """Return a window of those that a query shows to the acting user."""
        with self._sight() as (sql, visible):
            return class_list.class_page(sql, self.context.today(), query, visible, offset, limit)

    def count(self, query: ClassQuery) -> int:
        """Return how many a query shows to the acting user."""
        with self._sight() as (sql, visible):
            return class_list.class_count(sql, self.context.today(), query, visible)

    def place(self, query: ClassQuery, class_id: bytes) -> int | None:
        """Return at which place, from 0, a query shows a class; None where it does not."""
        with self._sight() as (sql, visible):
            return class_list.class_place(sql, self.context.today(), query, visible, class_id)

    def facts(self) -> ClassFacts:
        """Return how many classes the acting user may see, and what waits in them."""
        with self._sight() as (sql, visible):
            return class_list.class_facts(sql, self.context.today(), visible)

    @contextmanager
    def _sight(self) -> Iterator[tuple[Connection, frozenset[bytes] | None]]:
        """Yield a view of the store and the classes that the acting user may see, None for all."""
        actor = self.context.require("view_classes")
        with self.context.read() as sql:
            yield sql, access.visible_classes(sql, actor)

    def get_class(self, class_id: bytes) -> ClassListItem:
        """Return one class; AppError CLASS_UNKNOWN, NOT_YOUR_CLASS."""
        actor = self.context.require("view_classes")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            return one_class(sql, class_id, self.context.today())

    def class_by_code(self, code: str) -> ClassListItem:
        """Return the class of a code; AppError CLASS_UNKNOWN, NOT_YOUR_CLASS."""
        with self.context.read() as sql:
            class_id = find_class(sql, code)
        return self.get_class(class_id)

    def list_sessions(
        self, class_id: bytes | None = None, held_on: date | None = None
    ) -> list[SessionListItem]:
        """Return the sessions of one class, or of all visible ones, of one day or all, in the order they are held."""
        actor = self.context.require("view_classes")
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            items = class_queries.session_items(
                sql, class_id=class_id, days=None if held_on is None else [held_on]
            )
        return [item for item in items if visible is None or item.class_id in visible]

    def list_members(self, class_id: bytes) -> list[MemberListItem]:
        """Return the members of a class by number, masked."""
        actor = self.context.require("view_trainees")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            return class_queries.member_items(sql, class_id)

    def list_advisers(self) -> list[AdviserItem]:
        """Return the active accounts that a class can be handed to, advisers and the office, by login name."""
        self.context.require("edit_class")
        with self.context.read() as sql:
            found = accounts.users(sql)
        return [
            AdviserItem(user.login, user.display)
            for user in found
            if not user.disabled and not ADVISING.isdisjoint(user.roles)
        ]

    @command("create_class")
    def create_class(
        self,
        work: UnitOfWork,
        code: str,
        *,
        project_code: str | None = None,
        start_on: date | None = None,
        end_on: date | None = None,
        place: str | None = None,
        site_id: bytes | None = None,
        adviser: str | None = None,
    ) -> bytes:
        """Create a class and return its key.

        Raises AppError CLASS_CODE_MISSING, CLASS_CODE_TAKEN, PROJECT_UNKNOWN, DATES_REVERSED, SITE_UNKNOWN,
        USER_UNKNOWN, USER_DISABLED; RuleErrors where the project has not passed (R05) or not for the site (R07).
        A class without a project is allowed (R12: its reports stay out); the caller warns CLASS_WITHOUT_PROJECT.
        """
        clean = self._free_code(work, code)
        fields: dict[str, object] = {"code": clean, "state": PREPARING}
        if project_code:
            project = project_queries.project_by_code(work.sql, project_code)
            if project is None:
                raise AppError("PROJECT_UNKNOWN", code=project_code)
            self.context.heed(project_standing.check_class(work.sql, project.id, clean, site_id))
            fields["project_id"] = project.id
            fields["catalogue_version"] = project_standing.opening_version(work.sql, project.id)
            fields["organisation"] = project.organisation
        _check_dates(start_on, end_on)
        fields["start_on"] = None if start_on is None else start_on.isoformat()
        fields["end_on"] = None if end_on is None else end_on.isoformat()
        fields["place"] = (place or "").strip() or None
        if site_id is not None:
            fields["site_id"] = _known_site(work, site_id)
        if adviser:
            since = start_on or self.context.today()
            fields["advisers"] = [[_active_user(work, adviser), since.isoformat(), None]]
        class_id = self.context.new_id()
        work.put(TRAINING_CLASS, class_id, fields)
        return class_id

    @command("edit_class")
    def edit_class(self, work: UnitOfWork, class_id: bytes, fields: Mapping[str, object]) -> None:
        """Change a class: code, start_on, end_on (dates or None), place, organisation, project_id, site_id.

        With another project comes its organisation, unless the class has one of its own.
        Raises AppError CLASS_UNKNOWN, CLASS_CODE_MISSING, CLASS_CODE_TAKEN, DATES_REVERSED, PROJECT_UNKNOWN,
        SITE_UNKNOWN, FIELD_UNKNOWN; RuleErrors of R05 and R07.
        """
        present = work.fields(TRAINING_CLASS, class_id)
        if present is None:
            raise AppError("CLASS_UNKNOWN", code="")
        changes: dict[str, object] = {}
        for name, value in fields.items():
            if name not in EDITABLE:
                raise AppError("FIELD_UNKNOWN", field=name)
            changes[name] = value.isoformat() if isinstance(value, date) else _stripped(value)
        if "code" in changes and changes["code"] != present["code"]:
            changes["code"] = self._free_code(work, str(changes["code"] or ""))
        first, last = (changes.get(name, present[name]) for name in ("start_on", "end_on"))
        if first and last and str(first) > str(last):
            raise AppError("DATES_REVERSED")
        _known_site(work, changes.get("site_id"))
        if "project_id" in changes:
            _change_project(work, present, changes)
        if changes.keys() & {"project_id", "site_id"}:
            self._check_project(work, {**present, **changes})
        work.put(TRAINING_CLASS, class_id, changes)

    @command("edit_class")
    def set_adviser(self, work: UnitOfWork, class_id: bytes, login: str | None) -> None:
        """Hand a class to another 班主任 from today on; the former stays in the dated list.

        Who was to begin later never began, and who has the class already keeps it.
        Raises AppError CLASS_UNKNOWN, USER_UNKNOWN, USER_DISABLED.
        """
        present = work.fields(TRAINING_CLASS, class_id)
        if present is None:
            raise AppError("CLASS_UNKNOWN", code="")
        today = self.context.today().isoformat()
        listed = present["advisers"] or []
        assert isinstance(listed, list)
        chosen = _active_user(work, login) if login else None
        if [user for user, _, last in listed if last is None] == [chosen]:
            return
        advisers = [
            [user, first, last or today]
            for user, first, last in listed
            if last is not None or str(first) <= today
        ]
        if chosen is not None:
            advisers.append([chosen, today, None])
        work.put(TRAINING_CLASS, class_id, {"advisers": advisers})

    def _check_project(self, work: UnitOfWork, fields: Mapping[str, object]) -> None:
        project_id, site_id = fields["project_id"], fields["site_id"]
        if isinstance(project_id, bytes):
            site = site_id if isinstance(site_id, bytes) else None
            code = str(fields["code"])
            self.context.heed(project_standing.check_class(work.sql, project_id, code, site))

    def _free_code(self, work: UnitOfWork, code: str) -> str:
        clean = code.strip()
        if not clean or len(clean) > MAX_CODE:
            raise AppError("CLASS_CODE_MISSING")
        row = work.sql.exec_driver_sql(
            "SELECT 1 FROM training_class WHERE gone = 0 AND code = ?", (clean,)
        ).first()
        if row is not None:
            raise AppError("CLASS_CODE_TAKEN", code=clean)
        return clean


def _stripped(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _known_site(work: UnitOfWork, site_id: object) -> object:
    """Return the key of a site, or None as it is; AppError SITE_UNKNOWN."""
    if site_id is not None and (not isinstance(site_id, bytes) or work.fields(SITE, site_id) is None):
        raise AppError("SITE_UNKNOWN")
    return site_id


def _active_user(work: UnitOfWork, login: str) -> str:
    """Return the key of an account, as hex; AppError USER_UNKNOWN, USER_DISABLED."""
    user = accounts.user_by_login(work.sql, login)
    if user is None:
        raise AppError("USER_UNKNOWN", login=login)
    if user.disabled:
        raise AppError("USER_DISABLED", login=login)
    return user.id.hex()


def _change_project(work: UnitOfWork, present: Mapping[str, object], changes: dict[str, object]) -> None:
    """Let the catalogue version, and an organisation that came from the former project, follow the project."""
    known = {item.id: item for item in project_queries.project_items(work.sql)}
    former, wanted = (row["project_id"] for row in (present, changes))
    if wanted is None:
        changes["catalogue_version"] = None
        return
    project = known.get(wanted) if isinstance(wanted, bytes) else None
    if project is None:
        raise AppError("PROJECT_UNKNOWN", code="")
    if wanted != former:
        changes["catalogue_version"] = project_standing.opening_version(work.sql, project.id)
    before = known.get(former) if isinstance(former, bytes) else None
    if present["organisation"] in {None, before.organisation if before else None}:
        changes.setdefault("organisation", project.organisation)


def _check_dates(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and first > last:
        raise AppError("DATES_REVERSED")


def find_class(sql: Connection, code: str) -> bytes:
    """Return the key of the class of a code; AppError CLASS_UNKNOWN."""
    row = sql.exec_driver_sql(
        "SELECT id FROM training_class WHERE gone = 0 AND code = ? ORDER BY id LIMIT 1", (code.strip(),)
    ).first()
    if row is None:
        raise AppError("CLASS_UNKNOWN", code=code)
    return bytes(row[0])


def one_class(sql: Connection, class_id: bytes, today: date) -> ClassListItem:
    """Return one class; AppError CLASS_UNKNOWN."""
    items = class_queries.class_items(sql, today, only=[class_id])
    if not items:
        raise AppError("CLASS_UNKNOWN", code="")
    return items[0]
