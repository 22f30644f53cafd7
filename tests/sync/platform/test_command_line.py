"""``training-platform``: acts in JSON and in words, a served process with its own clock."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

import resources
from desktop_app.domain.clock import SystemClock
from sync.contract.wire import BatchStatus
from sync.platform.__main__ import main
from sync.platform.database import open_database
from tests.sync.running_platform import OTHER, OWN, Running, frame
from tests.sync.statements import SmallClass, of_class

SEED = str(resources.path("demo", "platform.json"))
NUMBER = "S000000000000000000001"


BOTH_DATABASES = True


@pytest.fixture
def run(empty_url, capsys):
    def command(*arguments):
        status = main(["--db", empty_url, "--json", *arguments])
        return status, json.loads(capsys.readouterr().out)

    return command


def test_seed_is_repeatable(run):
    assert run("seed", SEED) == (0, {"institutions": 3, "projects": 4, "certificate_numbers": 1})
    assert run("seed", SEED) == (0, {"institutions": 0, "projects": 0, "certificate_numbers": 0})


def test_an_institution_is_added_once(run):
    arguments = ["institution", "add", "--name", "某校", "--uscc", OWN, "--region", "420111"]
    assert run(*arguments, "--kind", "technician") == (0, {"institution": OWN})
    status, answer = run(*arguments, "--kind", "technician")
    assert (status, answer["error"]["code"]) == (1, "INSTITUTION_KNOWN")
    assert OWN in answer["error"]["message"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"--uscc": OWN[:-1] + "0"}, "USCC_CHECK"), ({"--region": "999999"}, "REGION_UNKNOWN")],
)
def test_a_wrong_institution_is_refused(run, changes, code):
    options = {"--name": "某校", "--uscc": OWN, "--region": "420111", "--kind": "technician"} | changes
    status, answer = run("institution", "add", *(word for pair in options.items() for word in pair))
    assert (status, answer["error"]["code"]) == (1, code)


def test_a_device_code_needs_a_known_institution(run):
    run("seed", SEED)
    status, answer = run("device", "code", "--uscc", OWN)
    assert status == 0
    assert [len(group) for group in answer["code"].split("-")] == [4, 4, 4, 4]
    assert run("device", "code", "--uscc", "x")[1]["error"]["code"] == "INSTITUTION_UNKNOWN"


def test_an_unknown_device_is_not_revoked(run):
    assert run("device", "revoke", "00" * 16)[1]["error"]["code"] == "DEVICE_UNKNOWN"


def test_a_certificate_number_belongs_to_one_institution(run):
    run("seed", SEED)
    assert run("certificate", "add", NUMBER, "--uscc", OWN) == (0, {"number": NUMBER})
    assert run("certificate", "add", NUMBER, "--uscc", OWN)[0] == 0
    assert (
        run("certificate", "add", NUMBER, "--uscc", OTHER)[1]["error"]["code"] == "CERTIFICATE_NUMBER_TAKEN"
    )
    assert run("certificate", "add", NUMBER, "--uscc", OTHER, "--kind", "one_x")[0] == 0


def test_the_state_of_an_institution_without_reports(run):
    run("seed", SEED)
    status, answer = run("state-hash", "--uscc", OWN)
    assert (status, answer["records"], answer["reports"], len(answer["hash"])) == (0, {}, 0, 64)


def test_a_seed_that_cannot_be_read_is_named(run, tmp_path):
    assert run("seed", str(tmp_path / "none.json"))[1]["error"]["code"] == "SEED_UNREADABLE"
    (tmp_path / "bad.json").write_text('{"institutions": 5}', encoding="utf-8")
    assert run("seed", str(tmp_path / "bad.json"))[1]["error"]["code"] == "SEED_MALFORMED"


def test_words_for_people_without_json(tmp_path, capsys):
    database = ["--db", f"sqlite:///{tmp_path / 'p.db'}"]
    assert main([*database, "seed", SEED]) == 0
    assert main([*database, "device", "code", "--uscc", "x"]) == 1
    told = capsys.readouterr()
    assert "新增机构 3 个" in told.out
    assert "平台没有统一社会信用代码为 x 的机构" in told.err


def test_wrong_usage_is_status_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["device"])
    assert ended.value.code == 2
    capsys.readouterr()


@contextmanager
def platform_process(url, *flags, **environment):
    """The platform as its own process; yields what it says of itself once it listens."""
    command = [sys.executable, "-m", "sync.platform", "--db", url, "--json", "serve", "--port", "0", *flags]
    served = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    try:
        yield served, json.loads(served.stdout.readline())
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(timeout=20) in {0, -signal.SIGTERM, -signal.SIGKILL}
        served.stdout.close()


def workers_of(process):
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return {int(word) for word in children.split()}


def eventually(found):
    deadline = time.monotonic() + 20
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.end_to_end
@pytest.mark.parametrize(("flags", "year"), [(["--demo"], "2020"), ([], None)])
def test_a_served_demo_platform_reads_its_clock_from_the_file(tmp_path, flags, year):
    clock = tmp_path / "clock"
    clock.write_text("2020-11-02", encoding="ascii")
    url = f"sqlite:///{tmp_path / 'p.db'}"
    with platform_process(url, *flags, TRAINING_CLOCK=str(clock)) as (_, told):
        about = requests.get(told["url"] + "/v1", timeout=10).json()
        assert about["demo"] == told["demo"] == bool(flags)
        assert about["now"].startswith("2020") == (year == "2020")


@pytest.mark.end_to_end
def test_several_workers_serve_one_platform_and_one_that_dies_is_replaced(run, empty_url):
    run("seed", SEED)
    small = SmallClass()
    with platform_process(empty_url, "--demo", "--workers", "2") as (served, told):
        engine = open_database(empty_url)
        platform = Running(told["url"], engine, SystemClock())
        offices = [platform.workstation() for _ in range(4)]
        batch = offices[0].sealer.seal(of_class(small), page_records=5)
        offices[0].put_manifest(batch)
        for index in range(len(batch.pages)):
            status = frame(offices[index % len(offices)].put_page(batch, index), BatchStatus)
        assert offices[0].open_receipt(status.receipt).accepted == 22
        first = workers_of(served)
        assert len(first) == 2
        text = requests.get(told["url"] + "/v1/metrics", timeout=10).text
        assert "training_workers 2" in text
        assert 'training_records_total{outcome="accepted"} 22' in text
        os.kill(min(first), signal.SIGKILL)
        eventually(lambda: len(workers_of(served) - {min(first)}) == 2)
        assert {office.session.close() or office.reported().digest for office in offices} == {
            offices[0].reported().digest
        }
        for office in offices:
            office.session.close()
        engine.dispose()
        served.kill()
        served.wait()
        eventually(lambda: not any(Path(f"/proc/{worker}").exists() for worker in first - {min(first)}))


def test_a_port_in_use_is_named(run, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, answer = run("serve", "--port", str(taken.getsockname()[1]))
    assert (status, answer["error"]["code"]) == (1, "PORT_IN_USE")


@pytest.mark.parametrize(("flags", "alone"), [(["--relay-only"], True), ([], False)])
def test_an_office_pc_serves_the_relay_alone(tmp_path, monkeypatch, flags, alone):
    asked = []
    monkeypatch.setattr(
        "sync.platform.__main__.serve", lambda service, _ready: asked.append(service.relay_only)
    )
    assert main(["--db", f"sqlite:///{tmp_path / 'relay.db'}", "serve", *flags]) == 0
    assert asked == [alone]
