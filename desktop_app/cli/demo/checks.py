"""Reads back in new processes what must be on disk, and compares it with the counted facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import resources
from desktop_app.cli.demo.driver import Client, expect
from desktop_app.cli.demo.facts import BELOW_LIMIT, CLASSES, HOURS, NAMESAKES, SESSIONS, ClassFacts
from desktop_app.cli.demo.office import Office

LIMIT = 80.0


def people(client: Client) -> None:
    """People and sessions of each class, and the two of one name."""
    for facts in CLASSES:
        found = client.read("list", "trainees", "--class", facts.code)
        expect(found["total"], facts.people, f"people in {facts.code}")
        sessions = client.read("list", "sessions", "--class", facts.code)["items"]
        expect([item["hours"] for item in sessions], [HOURS] * SESSIONS, f"sessions of {facts.code}")
    code, name, count = NAMESAKES
    names = Counter(item["name"] for item in client.read("list", "trainees", "--class", code)["items"])
    expect(names[name], count, f"{name} in {code}")


def attendance(client: Client, facts: ClassFacts) -> None:
    """Attended marks of a class."""
    rows = client.read("list", "attendance", "--class", facts.code)["items"]
    expect(len(rows), facts.people, f"rows of attendance in {facts.code}")
    expect(sum(len(row["marks"]) for row in rows), facts.people * SESSIONS, f"marks in {facts.code}")
    expect(sum(row["attended_sessions"] for row in rows), facts.attended, f"attended marks in {facts.code}")


def below_limit(client: Client) -> None:
    """Who ends below 80 %, over all classes."""
    found = [
        row["name"]
        for facts in CLASSES
        for row in client.read("list", "attendance", "--class", facts.code)["items"]
        if float(row["subsidy_rate"].rstrip("%")) < LIMIT
    ]
    expect(sorted(found), sorted(BELOW_LIMIT), "people below 80 %")


def scores(client: Client, facts: ClassFacts) -> None:
    """Passes and 缺考 of a class."""
    items: list[dict[str, Any]] = [
        item
        for item in client.read("list", "scores", "--class", facts.code)["items"]
        if item["kind"] == "level"
    ]
    absent = [
        sum(one["state"] == "absent" for one in item["scores"].values())
        for item in items
        if any(one["state"] == "absent" for one in item["scores"].values())
    ]
    expect((len(absent), sum(absent)), (facts.absent_people, facts.absent_cells), f"缺考 in {facts.code}")
    passed = sum(item["conclusion"] == "passed" for item in items)
    expect(passed, facts.passed, f"passes in {facts.code}")


def same_as_platform(office: Office) -> None:
    """The accepted statements here and at the platform are the same."""
    uscc = resources.load_json("demo", "platform.json")["institutions"][0]["uscc"]
    here = office.admin.read("state-hash", "--reported")
    there = office.platform.act("state-hash", "--uscc", uscc)
    expect(here["hash"], there["hash"], "accepted statements here and at the platform")
    if not here["records"]:
        expect(here["records"], "some", "accepted records")


def journal(client: Client) -> int:
    """The journal holds; return how many entries it has."""
    answer = client.read("verify")
    expect((answer["ok"], answer["problems"]), (True, []), "verify")
    return int(answer["entries"])
