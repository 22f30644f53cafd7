"""``user add``, ``user admit``, ``user rename`` and ``user disable``."""

from __future__ import annotations

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, iso_date
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import from_text
from desktop_app.domain.users import parse_roles


def register(commands: Parsers) -> None:
    """Add ``user``."""
    verbs = add_noun(commands, "user")
    add = add_command(verbs, "add", "user_add", _add)
    add.add_argument("name", metavar="NAME")
    add.add_argument("--display", required=True, metavar="TEXT")
    add.add_argument("--roles", required=True, metavar="ROLE,…")
    add.add_argument("--teacher", metavar="NAME", help=resources.text("cli.help.user_teacher"))
    add.add_argument("--until", type=iso_date, metavar="DATE", help=resources.text("cli.help.user_until"))
    add_command(verbs, "admit", "user_admit", _admit).add_argument("name", metavar="NAME")
    rename = add_command(verbs, "rename", "user_rename", _rename)
    rename.add_argument("id", metavar="ID")
    rename.add_argument("name", metavar="NAME")
    disable = add_command(verbs, "disable", "user_disable", _disable)
    disable.add_argument("name", metavar="NAME")
    disable.add_argument("--successor", metavar="NAME", help=resources.text("cli.help.user_successor"))


def _add(invocation: Invocation) -> Answer:
    given = invocation.arguments
    roles = parse_roles(given.roles)
    services = invocation.services
    services.context.require("add_user")
    teacher_id = None
    if given.teacher:
        found = [item.id for item in services.teachers.list_teachers() if item.name == given.teacher.strip()]
        if not found:
            raise AppError("TEACHER_UNKNOWN")
        teacher_id = found[0]
    password = invocation.new_password()
    user_id = services.accounts.add_user(
        given.name, given.display, roles, password, teacher_id=teacher_id, until=given.until
    )
    return Answer({"user": user_id}, [resources.text("cli.user_added", name=given.name)])


def _admit(invocation: Invocation) -> Answer:
    """Let a user whose account was made on another workstation log in here too, or give a new password."""
    name = invocation.arguments.name
    services = invocation.services
    services.context.require("add_user")
    services.accounts.reset_password(name, invocation.new_password())
    return Answer({"user": name}, [resources.text("cli.user_admitted", name=name)])


def _rename(invocation: Invocation) -> Answer:
    given = invocation.arguments
    invocation.services.work_list.rename(from_text(given.id), given.name)
    return Answer(
        {"id": given.id, "login": given.name}, [resources.text("cli.user_renamed", login=given.name)]
    )


def _disable(invocation: Invocation) -> Answer:
    given = invocation.arguments
    classes = invocation.services.accounts.disable(given.name, given.successor)
    lines = [resources.text("cli.user_disabled", name=given.name)]
    if classes:
        lines.append(resources.text("cli.classes_handed_over", count=classes, name=given.successor))
    return Answer({"user": given.name, "classes": classes}, lines)
