"""The rules that conftest.py lays on every test, tried on tests that break them."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from tests.source_tree import ROOT


@pytest.mark.parametrize("address", [("192.0.2.1", 9), ("training.example", 443)])
def test_leaving_this_machine_is_refused(address):
    with pytest.raises(AssertionError, match="no network in tests"):
        socket.create_connection(address, timeout=1)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def run_pytest(folder, source):
    (folder / "test_sample.py").write_text(source, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        f"--rootdir={folder}",
        str(folder),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_test_that_leaves_a_thread_behind_fails(tmp_path):
    source = (
        "import threading, tests.conftest\n"
        "tests.conftest.THREAD_GRACE_SECONDS = 0.1\n"
        "def test_it():\n"
        "    threading.Thread(target=threading.Event().wait, name='forgotten', daemon=True).start()\n"
    )
    done = run_pytest(tmp_path, source)
    assert done.returncode == 1
    assert "threads left behind: forgotten" in done.stdout


def test_a_test_that_ends_its_threads_passes(tmp_path):
    source = "import threading\ndef test_it():\n    threading.Thread(target=print).start()\n"
    assert run_pytest(tmp_path, source).returncode == 0


def test_qt_draws_chinese_without_a_screen(qapp):
    from PySide6.QtGui import QFontMetrics

    assert qapp.platformName() == "offscreen"
    assert qapp.font().family() == "Noto Sans SC"
    assert QFontMetrics(qapp.font()).horizontalAdvance("学员") == 2 * 14
