"""``help json``: the fields of every answer."""

from __future__ import annotations

import json

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun


def register(commands: Parsers) -> None:
    """Add ``help json``."""
    add_command(add_noun(commands, "help"), "json", "help_json", _help)


def _help(_: Invocation) -> Answer:
    fields = resources.load_json("help", "json.json")
    return Answer(fields, [json.dumps(fields, ensure_ascii=False, indent=2)])
