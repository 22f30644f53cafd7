"""Batch files by command line on both sides, and a platform that is killed while it imports one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap

import pytest

from desktop_app.__main__ import main as client_main
from desktop_app.config import PASSWORD_VARIABLE
from sync.platform.__main__ import main as platform_main
from sync.reporting import sealing
from tests.factories.profiles import clock_file
from tests.sync.reporting.offices import PASSWORD, TODAY

KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from sync.platform import batches
    from sync.platform.__main__ import main

    accept, seen, when = batches.accept_page, [], sys.argv.pop(1)

    def killed(*arguments):
        seen.append(1)
        if when == "before" and len(seen) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = accept(*arguments)
        if when == "uncommitted" and len(seen) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def killed_reading(*arguments):
        os.kill(os.getpid(), signal.SIGKILL)

    batches.accept_page = killed
    if when == "closed":
        batches.read_receipt = killed_reading
    main(sys.argv[1:])
    """
)


@pytest.fixture
def run(office, desk, monkeypatch, capsys, seeded_url):
    """Command lines of both sides; the office's profile is closed, everything of it sealed in pages of five."""
    cut = sealing.cut_pages
    monkeypatch.setattr(sealing, "cut_pages", lambda placed, *_: cut(placed, 5))
    office.engine.seal()
    office.profile.close()
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    profile = ["--profile", str(office.profile.files.folder), "--user", "admin", "--json"]

    def client(*arguments):
        status = client_main([*profile, *map(str, arguments)])
        return status, json.loads(capsys.readouterr().out)

    def platform(*arguments):
        status = platform_main(["--db", seeded_url, "--json", *map(str, arguments)])
        return status, json.loads(capsys.readouterr().out)

    with clock_file(desk / "clock.txt", TODAY):
        yield client, platform


def test_a_batch_goes_round_by_command_line(run, desk):
    client, platform = run
    batch = client("list", "batches")[1]["items"][0]["id"]
    file, receipt = desk / "a.tpb", desk / "a.tpr"
    status, made = client("batch", "export", batch, file)
    assert (status, made["batch"], made["bytes"]) == (0, batch, file.stat().st_size)
    status, answer = platform("batch", "import", file, "--receipt", receipt)
    assert (status, answer["error"]["code"]) == (1, "DEMO_REFUSED")
    asked = ["batch", "import", file, "--receipt", receipt, "--demo"]
    status, answer = platform(*asked)
    assert (status, answer["records"], answer["accepted"], answer["again"]) == (0, 26, 26, False)
    assert platform(*asked)[1]["again"]
    assert client("batch", "import-receipt", file)[1]["error"]["code"] == "SEALED_FILE_OTHER"
    taken = {"batch": batch, "sent": 26, "accepted": 26, "rejected": 0, "again": False}
    assert client("batch", "import-receipt", receipt) == (0, taken)
    assert client("batch", "import-receipt", receipt) == (0, taken | {"again": True})
    assert platform(*asked[:-2], desk / "none" / "r.tpr", "--demo")[1]["error"]["code"] == "FILE_NOT_WRITABLE"
    same = client("state-hash", "--reported")[1]["hash"]
    assert platform("state-hash", "--uscc", answer["institution"])[1]["hash"] == same


@pytest.mark.parametrize("when", ["before", "uncommitted", "closed"])
def test_a_platform_killed_while_it_imports_goes_on_where_it_was(run, desk, seeded_url, when):
    client, platform = run
    file, receipt = desk / "a.tpb", desk / "a.tpr"
    client("batch", "export", client("list", "batches")[1]["items"][0]["id"], file)
    asked = ["batch", "import", str(file), "--receipt", str(receipt), "--demo"]
    dead = subprocess.run([sys.executable, "-c", KILLED, when, "--db", seeded_url, *asked], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert not receipt.exists()
    status, answer = platform(*asked)
    assert (status, answer["accepted"], answer["again"]) == (0, 26, when == "closed")
    assert client("batch", "import-receipt", receipt)[1]["accepted"] == 26
    same = client("state-hash", "--reported")[1]["hash"]
    assert platform("state-hash", "--uscc", answer["institution"])[1]["hash"] == same
