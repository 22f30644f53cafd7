"""A second workstation: it joins by invitation, works without a network, comes back by stick, and agrees in the end."""

from __future__ import annotations

from typing import Any

from desktop_app.cli.demo.checks import journal
from desktop_app.cli.demo.driver import Client, expect
from desktop_app.cli.demo.facts import CLASSES
from desktop_app.cli.demo.office import ADMIN, OFFICE, PASSWORDS, Office
from desktop_app.domain.masking import mask_phone

FOLDER = "second"
ON_FIRST, ON_SECOND, ALONE = "13871230001", "13871230002", "13871230003"
REASON = ("--reason", "本人来电")


def join(office: Office) -> Client:
    """Invite a workstation by the relay that the platform serves; it takes in the whole journal."""
    code = office.admin.run("device", "invite", "--relay", office.platform.url)["code"]
    second = office.admin.at(office.folder / FOLDER)
    joined = second.run(
        "device", "join", "--code", code, "--relay", office.platform.url, new_password=PASSWORDS[ADMIN]
    )
    expect(joined["entries"] > 0, True, "entries that the second workstation took in")
    second.run("user", "admit", OFFICE, new_password=PASSWORDS[OFFICE])
    office.admin.run("share")
    expect(_hash(second), _hash(office.admin), "state of the workstation that has joined")
    office.say("demo.colleague_joined", entries=joined["entries"])
    return second


def work_apart(office: Office, second: Client) -> None:
    """Both change one telephone number without knowing of each other; a stick brings both to one state."""
    stick = office.folder / "stick"
    stick.mkdir()
    there = second.as_user(OFFICE, PASSWORDS[OFFICE])
    both, alone, *_ = there.run("list", "trainees", "--class", CLASSES[0].code)["items"]
    office.office.run("trainee", "edit", both["id"], f"phone={ON_FIRST}", *REASON)
    there.run("trainee", "edit", both["id"], f"phone={ON_SECOND}", *REASON)
    there.run("trainee", "edit", alone["id"], f"phone={ALONE}", *REASON)
    second.run("share", "--folder", str(stick))
    found = office.admin.run("share", "--folder", str(stick))
    expect(found["conflicts"], 1, "conflicts that the stick brought")
    (conflict,) = office.office.run("list", "conflicts")["items"]
    office.office.run("conflict", "answer", conflict["id"], ON_SECOND)
    office.admin.run("share", "--folder", str(stick))
    back = second.run("share", "--folder", str(stick))
    expect((back["conflicts"], back["waiting"]), (0, 0), "conflicts once they are answered")
    for client in (office.office, there):
        expect(_phone(client, both["id"]), mask_phone(ON_SECOND), "the number that was chosen")
    here = _hash(office.admin)
    expect(_hash(second), here, "state of both workstations")
    journal(second)
    office.say("demo.colleague_agrees", name=both["name"], hash=here[:12])


def _hash(client: Client) -> str:
    """Return the state's digest, as another process reads it from disk."""
    found = client.read("state-hash")
    expect(sum(found["records"].values()) > 0, True, "records in the state")
    return str(found["hash"])


def _phone(client: Client, trainee: str) -> Any:  # noqa: ANN401 - JSON
    rows = client.run("list", "trainees", "--class", CLASSES[0].code)["items"]
    return next(row["phone"] for row in rows if row["id"] == trainee)
