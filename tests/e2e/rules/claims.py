"""Set-up of the cases about 补贴: one person of a small class has everything that a claim asks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from tests.e2e.rules.graduates import PASSED, Graduates, certified
from tests.e2e.rules.people import CLASS
from tests.factories.command_line import CommandLine
from tests.factories.pictures import jpeg
from tests.factories.profiles import ADMIN, HEAD

CHANNEL = ("--class", CLASS, "--channel", "skill_action")
PAYEE = ("--holder", "江城职院", "--bank", "工行", "--account", "3202000000", "--paper", "委1")
NOTICE = ("--publisher", "江城职院", "--place", "公告栏", "--phone", "027-87654321")
FIRST, LAST, AFTER = date(2020, 12, 2), date(2020, 12, 8), date(2020, 12, 9)
DOCUMENT = "鄂人社〔2020〕9号"


def scan(folder: Path, name: str) -> Path:
    """Write a scan."""
    file = folder / f"{name}.jpg"
    file.write_bytes(jpeg(name))
    return file


def claimable(client: CommandLine, folder: Path) -> Graduates:
    """Let one person be certified and choose a group; amounts have a 文号, nobody has brought a paper."""
    found = certified(client, folder)
    amounts = [{"trade": "电工", "level": "skill5", "fen": 120_000}]
    parameters = [
        {"code": "subsidy_amounts", "value": amounts},
        {"code": "attendance_rate", "value": 8000},
        {"code": "notice_working_days", "value": 5},
        {"code": "claim_months", "value": 12},
    ]
    policy = folder / "policy.json"
    policy.write_text(
        json.dumps({"document": DOCUMENT, "from": "2020-01-01", "parameters": parameters}), encoding="utf-8"
    )
    client.run("policy", "import", policy, user=ADMIN)
    client.run("trainee", "facts", found.people[PASSED], "groups=veteran")
    client.run("enrolment", "choose", *found.of(PASSED), "--group", "veteran")
    client.run("mark", "--class", CLASS, "--session", "1", "--trainee", "all", "present")
    return found


def with_papers(found: Graduates) -> None:
    """Bring what the pack asks of the person and of the class."""
    client, folder = found.client, found.folder
    for kind in ("id_card", "veteran", "commitment"):
        file = scan(folder, kind)
        client.run("evidence", "add", file, "--kind", kind, *found.of(PASSED), "--number", "鄂退2020001")
    client.run("evidence", "add", scan(folder, "filing"), "--kind", "filing", "--class", CLASS)
    sheet = scan(folder, "sign_in")
    client.run("evidence", "add", sheet, "--kind", "sign_in", "--class", CLASS, "--session", "1")


def drafted(client: CommandLine, folder: Path) -> Graduates:
    """Draft the claim with its one person, complete but for the review and the notice."""
    found = claimable(client, folder)
    with_papers(found)
    client.run("claim", "draft", *CHANNEL)
    client.run("claim", "payee", *CHANNEL, *PAYEE)
    return found


def published(client: CommandLine, folder: Path) -> Graduates:
    """Let the head approve the claim and put it on notice for five working days."""
    found = drafted(client, folder)
    client.run("claim", "review", *CHANNEL)
    client.run("claim", "approve", *CHANNEL, user=HEAD)
    client.set_day(FIRST)
    client.run("claim", "publish", *CHANNEL, *NOTICE, "--from", FIRST, "--until", LAST)
    return found
