"""The people of the demo, their tools, and what they have done so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from desktop_app.cli.demo.driver import Client, DemoClock, Platform

ADMIN, OFFICE, TEACHER, HEAD = "guanli", "peixunban", "zhangwenbin", "zhoufuze"
PASSWORDS = {
    ADMIN: "Jiangcheng#2020",
    OFFICE: "Wuhan-2020-ban",
    TEACHER: "Ketang_2020_xny",
    HEAD: "Fuzeren+2021-hb",
}


class Say(Protocol):
    """Tells what has happened: a key of the sentences and its placeholders."""

    def __call__(self, key: str, /, **params: object) -> None:
        """Say it."""


@dataclass
class Office:
    """The people of the demo, their tools, and what they have done so far."""

    admin: Client
    clock: DemoClock
    platform: Platform
    folder: Path
    papers: Path
    say: Say
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def office(self) -> Client:
        """Return the profile as 培训办 uses it."""
        return self.admin.as_user(OFFICE, PASSWORDS[OFFICE])

    @property
    def teacher(self) -> Client:
        """Return the profile as a teacher uses it."""
        return self.admin.as_user(TEACHER, PASSWORDS[TEACHER])

    @property
    def head(self) -> Client:
        """Return the profile as the 负责人 uses it."""
        return self.admin.as_user(HEAD, PASSWORDS[HEAD])
