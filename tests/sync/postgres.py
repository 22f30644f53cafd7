"""A PostgreSQL of the tests' own: Debian's package, a cluster in a temporary folder, reached by its socket only."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

WHAT_TO_INSTALL = (
    "These tests need PostgreSQL's server, and there is none here. "
    "Install it with: sudo apt-get install -y --no-install-recommends postgresql"
)
_DEBIAN = Path("/usr/lib/postgresql")
_OWNER = "postgres"


def programs() -> Path:
    """The folder with the server's programs; RuntimeError says what to install where there is none."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parents[1].name))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError(WHAT_TO_INSTALL)
    return Path(on_path).resolve().parent


class Cluster:
    """A running server; ``url`` leads to one of its databases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        return f"postgresql://{_OWNER}@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"platform_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @classmethod
    @contextmanager
    def running(cls, disk: Path | None = None) -> Iterator[Self]:
        """Make a cluster, start it, and stop it in the end.

        Its locale sorts as people do, so what must sort by bytes has to say so. Its data lie in memory where the
        system offers that, and it does not force them to a disk: only the product's own settings are looked at.
        Where something is measured they lie on a ``disk``, and each commit is forced to it.
        """
        memory = Path("/dev/shm")
        place = disk or (memory if memory.is_dir() else None)
        quick = "-F " if disk is None else ""
        with tempfile.TemporaryDirectory(prefix="postgres-", dir=place) as name:
            folder = Path(name)
            if os.geteuid() == 0:  # the server refuses to run as root
                account = pwd.getpwnam(_OWNER)
                os.chown(folder, account.pw_uid, account.pw_gid)
            data = str(folder / "data")
            locale = ["--locale-provider=icu", "--icu-locale=zh", "--locale=C.UTF-8", "--encoding=UTF8"]
            _run("initdb", "-D", data, "-N", "-A", "trust", "-U", _OWNER, *locale)
            options = (
                f"{quick}-k {folder} -c listen_addresses='' -c max_connections=200 -c shared_buffers=64MB"
            )
            _run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
            try:
                yield cls(folder)
            finally:
                _run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _run(program: str, *arguments: str) -> None:
    command = [str(programs() / program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", _OWNER, "--", *command]
    done = subprocess.run(
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 0, done.stderr
