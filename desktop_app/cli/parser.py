"""The grammar of the command line; one module a noun family adds its own commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NoReturn, TypeAlias

import resources
from desktop_app.cli.invocation import Answer, Invocation

Run: TypeAlias = Callable[[Invocation], Answer]
Parsers: TypeAlias = "argparse._SubParsersAction[Parser]"
Register: TypeAlias = Callable[[Parsers], None]


class UsageError(Exception):
    """The arguments are no command; the text says what was expected."""


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the usage of the command."""
        raise UsageError(f"{message}\n{self.format_usage()}".strip())


@cache
def build(families: tuple[Register, ...]) -> Parser:
    """Return the parser of all commands, made once a process: it holds nothing of what it has read."""
    parser = Parser(prog="training-client", description=resources.text("app.name"))
    parser.add_argument("--profile", metavar="DIR", help=resources.text("cli.help.profile"))
    parser.add_argument("--user", metavar="NAME", help=resources.text("cli.help.login"))
    parser.add_argument("--json", action="store_true", help=resources.text("cli.help.json"))
    parser.add_argument("--confirm-clock", action="store_true", help=resources.text("cli.help.confirm_clock"))
    parser.add_argument("--version", action="store_true", help=resources.text("cli.help.version"))
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for register in families:
        register(commands)
    return parser


def add_command(parsers: Parsers, name: str, help_key: str, run: Run) -> Parser:
    """Add a command; its words of help stand under ``cli.help.…``."""
    text = resources.text(f"cli.help.{help_key}")
    parser = parsers.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def add_noun(parsers: Parsers, name: str) -> Parsers:
    """Add a noun whose verbs are commands (``user add``)."""
    text = resources.text(f"cli.help.{name}")
    parser = parsers.add_parser(name, help=text, description=text)
    return parser.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)


def iso_date(text: str) -> date:
    """Read a date argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(resources.text("cli.date_wanted", value=text)) from None


def assignment(text: str) -> tuple[str, str]:
    """Read an argument FIELD=VALUE."""
    name, mark, value = text.partition("=")
    if not mark or not name.strip():
        raise argparse.ArgumentTypeError(resources.text("cli.assignment_wanted", value=text))
    return name.strip(), value
