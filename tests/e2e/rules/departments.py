"""Set-up of the cases about projects: a platform on loopback whose departments answer by command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync.platform.__main__ import main
from sync.platform.app import create_app
from sync.platform.database import open_database
from tests.factories.command_line import CommandLine
from tests.factories.pictures import jpeg
from tests.factories.profiles import ADMIN, INSTITUTION, LAST_DAY
from tests.sync.running_platform import served
from tests.sync.statements import ManualClock

CODE = "JC-2020-01"
NAME = "电工技能提升"
FIELDS = (
    "audience=key_group",
    "content=安全用电、线路安装",
    "form=集中面授",
    "hours=60",
    "schedule=每周六、周日",
    "trade=电工",
    "level=skill5",
    "organisation=湖北楚才职业技能评价中心",
    "fee_fen=0",
    "subsidy_fen=120000",
)
GROUND = ("--enterprise", "武汉长江电气有限公司", "--planned-on", "2020-12-01", "--signed")


@dataclass
class Departments:
    """The platform's command line, and the office that reports to it."""

    client: CommandLine
    database: str
    folder: Path

    def act(self, *arguments: object) -> Any:
        """Run ``training-platform`` and return its JSON."""
        status, answer = self._call(*arguments)
        assert status == 0, answer
        return answer

    def refused(self, *arguments: object) -> str:
        """Return the code of a command of the platform that is refused."""
        status, answer = self._call(*arguments)
        assert status == 1, answer
        assert answer["error"]["message"]
        assert answer["error"]["hint"]
        return str(answer["error"]["code"])

    def _call(self, *arguments: object) -> tuple[int, Any]:
        status = main(["--db", self.database, "--json", *map(str, arguments)])
        return status, json.loads(self.client.capsys.readouterr().out)

    def answer(self, verb: str, *options: object, code: str = CODE) -> Any:
        """Let a department answer, and pull what it says."""
        said = self.act("project", verb, code, "--on", LAST_DAY, *options)
        self.client.run("pull", user=ADMIN)
        return said

    def report(self, *options: object) -> None:
        """Seal and push what is ready."""
        self.client.run("batch", "seal", *options, user=ADMIN)
        pushed = self.client.run("batch", "push", user=ADMIN)
        assert pushed["rejected"] == 0, pushed

    def draft(self, *fields: str, code: str = CODE) -> None:
        """Draft a project with all that submission asks for, but for what ``fields`` change."""
        self.client.run("project", "create", "--code", code, "--name", NAME, *FIELDS, *fields)
        self.client.run("project", "ground", code, *GROUND, "--survey", survey(self.folder))

    def submit(
        self, level: str = "county", *, affiliation: str = "county", fields: tuple[str, ...] = ()
    ) -> None:
        """Draft a project, submit it and report it."""
        self.client.run("project", "affiliation", affiliation, user=ADMIN)
        self.draft(*fields)
        self.client.run("project", "submit", CODE, "--level", level)
        self.report("--kind", "project")

    def show(self, code: str = CODE) -> Any:
        """Return how the project stands."""
        return self.client.run("project", "show", code)


def survey(folder: Path) -> Path:
    """Write a survey, as a picture; return the file."""
    file = folder / "调研.jpg"
    file.write_bytes(jpeg("调研"))
    return file


@contextmanager
def departments(client: CommandLine, folder: Path) -> Iterator[Departments]:
    """Serve a platform, let the office join it."""
    url = f"sqlite:///{folder / 'platform.db'}"
    moment = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 1, tzinfo=UTC)
    engine = open_database(url)
    try:
        with served(create_app(engine, ManualClock(moment), demo=True)) as address:
            platform = Departments(client, url, folder)
            uscc, region = INSTITUTION.uscc, INSTITUTION.region
            words = (
                "--name",
                INSTITUTION.name,
                "--uscc",
                uscc,
                "--region",
                region,
                "--kind",
                INSTITUTION.kind,
            )
            platform.act("institution", "add", *words)
            code = platform.act("device", "code", "--uscc", uscc)["code"]
            client.run("platform", "join", "--url", address, "--code", code, user=ADMIN)
            yield platform
    finally:
        engine.dispose()
