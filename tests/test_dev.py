"""The developer's entry: it makes the environment once, names what is missing, and passes failures on."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
import time

import pytest

from tests.source_tree import ROOT


@pytest.fixture
def dev(tmp_path, monkeypatch):
    """A fresh dev module that works on a folder of the test's own; every program it would start is noted."""
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "BUILD", tmp_path / "build")
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "LOCK", tmp_path / "requirements.lock")
    return module


@pytest.fixture
def started(dev, monkeypatch):
    """What dev would start, as lists of words. ``venv`` leaves a python behind as the real one does."""
    calls = []

    def call(command, **_options):
        calls.append([str(word) for word in command])
        if "venv" in command:
            dev.venv_program("python").parent.mkdir(parents=True, exist_ok=True)
            dev.venv_program("python").touch()
        return 0

    monkeypatch.setattr(dev.subprocess, "call", call)
    monkeypatch.setattr(dev, "missing_packages", list)
    return calls


def words(calls):
    return [" ".join(call) for call in calls]


def test_first_run_makes_the_environment_from_the_lock_with_hashes(dev, started):
    dev.ensure_environment()
    venv, lock, project = words(started)
    assert "-m venv --clear" in venv
    assert "--require-hashes" in lock
    assert "requirements.lock" in lock
    assert "--no-deps --no-build-isolation -e" in project
    assert not any("index" in word for call in started for word in call)


def test_second_run_starts_nothing(dev, started):
    dev.ensure_environment()
    started.clear()
    dev.ensure_environment()
    assert started == []


def test_a_changed_lock_is_installed_again_into_the_same_environment(dev, started):
    dev.ensure_environment()
    started.clear()
    dev.LOCK.write_text(dev.LOCK.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    dev.ensure_environment()
    assert ["--require-hashes" in call for call in started] == [True, False]


def test_a_changed_project_is_linked_again_and_nothing_else(dev, started):
    dev.ensure_environment()
    started.clear()
    with (dev.ROOT / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    dev.ensure_environment()
    assert len(started) == 1
    assert "--no-deps" in started[0]


def test_an_environment_of_another_python_or_place_is_made_anew(dev, started):
    dev.ensure_environment()
    started.clear()
    stamp = dev.VENV / "dev-stamp.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text(encoding="utf-8")), "root": "elsewhere"}))
    dev.ensure_environment()
    assert "-m venv --clear" in words(started)[0]


def test_an_environment_made_by_hand_is_kept_and_filled(dev, started):
    dev.venv_program("python").parent.mkdir(parents=True)
    dev.venv_program("python").touch()
    dev.ensure_environment()
    assert ["install" in call for call in started] == [True, True]


def test_an_interrupted_installation_is_taken_up_again(dev, started, monkeypatch):
    monkeypatch.setattr(dev.subprocess, "call", lambda command, **_options: int("pip" in command))
    with pytest.raises(dev.SetupError):
        dev.ensure_environment()
    assert dev.read_stamp() == {}


def test_missing_libraries_are_named_with_the_exact_command(dev, monkeypatch):
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(dev, "loads", lambda library: library not in {"libEGL.so.1", "libdbus-1.so.3"})
    monkeypatch.setattr(dev, "is_root", lambda: False)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "apt-get")
    with pytest.raises(dev.SetupError) as caught:
        dev.require_libraries()
    assert "sudo apt-get install -y --no-install-recommends libegl1 libdbus-1-3" in str(caught.value)


def test_root_gets_missing_libraries_installed(dev, started, monkeypatch):
    monkeypatch.setattr(dev, "is_root", lambda: True)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "apt-get")
    dev.install_packages(["libegl1"], "Qt needs it")
    assert words(started) == ["apt-get -qq update", "apt-get install -y --no-install-recommends libegl1"]


def test_postgresql_is_installed_for_root_and_asked_for_otherwise(dev, started, monkeypatch, capsys):
    monkeypatch.setattr(dev, "has_postgresql", lambda: False)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "apt-get")
    monkeypatch.setattr(dev, "is_root", lambda: True)
    assert dev.require_postgresql() == 0
    assert words(started)[-1] == "apt-get install -y --no-install-recommends postgresql"
    monkeypatch.setattr(dev, "is_root", lambda: False)
    assert dev.require_postgresql() == 1
    assert "sudo apt-get install -y --no-install-recommends postgresql" in capsys.readouterr().err
    monkeypatch.setattr(dev, "has_postgresql", lambda: True)
    started.clear()
    assert dev.require_postgresql() == 0
    assert started == []


def test_libraries_of_the_x_plug_in_are_asked_for_only_with_a_display(dev, monkeypatch):
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setattr(dev, "loads", lambda _library: False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "libxcb-cursor0" not in dev.missing_packages()
    monkeypatch.setenv("DISPLAY", ":0")
    assert "libxcb-cursor0" in dev.missing_packages()


def test_nothing_is_asked_of_other_systems(dev, monkeypatch):
    monkeypatch.setattr(dev.sys, "platform", "win32")
    monkeypatch.setattr(dev, "loads", lambda _library: False)
    assert dev.missing_packages() == []


def test_python_without_venv_names_its_package(dev, monkeypatch):
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(dev, "is_root", lambda: False)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "apt-get")
    with pytest.raises(dev.SetupError, match=r"python3\.\d+-venv"):
        dev.create_venv()


def test_a_linked_environment_is_not_emptied(dev, started, tmp_path):
    others = tmp_path / "others"
    others.mkdir()
    (others / "kept").touch()
    (tmp_path / ".venv").symlink_to(others)
    with pytest.raises(dev.SetupError, match="remove the link"):
        dev.create_venv()
    assert (others / "kept").exists()
    assert started == []


def test_without_a_display_qt_draws_offscreen(dev, monkeypatch):
    monkeypatch.setattr(dev.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert dev.child_environment()["QT_QPA_PLATFORM"] == "offscreen"
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "QT_QPA_PLATFORM" not in dev.child_environment()


def test_app_without_a_display_says_so_instead_of_waiting_unseen(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert dev.app(dev.parser().parse_args(["app"])) == 1
    assert "no display" in capsys.readouterr().err


def test_demo_writes_below_build_and_keeps_its_window_shut_when_asked(dev, started, monkeypatch):
    monkeypatch.setattr(dev, "has_display", lambda: True)
    assert dev.demo(dev.parser().parse_args(["demo"])) == 0
    assert dev.demo(dev.parser().parse_args(["demo", "--no-window"])) == 0
    shown, hidden = started
    assert shown[1:] == ["-m", "desktop_app", "demo", "--out", str(dev.ROOT / "build" / "demo")]
    assert hidden == [*shown, "--no-window"]


def test_check_runs_every_tool_even_when_one_fails(dev, monkeypatch, capsys):
    ran = []

    def call(command, **_options):
        ran.append(" ".join(command))
        return int("mypy" in command)

    monkeypatch.setattr(dev.subprocess, "call", call)
    assert dev.check(dev.parser().parse_args(["check"])) == 1
    assert [
        tool for tool in ("ruff", "format", "mypy", "lint-imports") if not any(tool in one for one in ran)
    ] == []
    assert "FAILED  mypy" in capsys.readouterr().out


def test_test_is_check_then_pytest_then_demo_then_build(dev, started):
    assert dev.test(dev.parser().parse_args(["test"])) == 0
    lines = words(started)
    assert "ruff" in lines[0]
    assert "-m pytest" in lines[-4]
    assert lines[-3].endswith("--no-window")
    assert "-m PyInstaller" in lines[-2]
    assert "-m tests.e2e.installed" in lines[-1]


def test_faults_run_all_or_the_one_named(dev, started):
    assert dev.faults(dev.parser().parse_args(["faults"])) == 0
    assert [line.split()[-1] for line in words(started)] == [f"tests.faults.{name}" for name in dev.FAULTS]
    started.clear()
    assert dev.faults(dev.parser().parse_args(["faults", "kill", "import"])) == 0
    assert [line.split()[-2:] for line in words(started)] == [["tests.faults.kill", "import"]]


def test_build_freezes_and_then_tries_what_it_froze(dev, started):
    assert dev.build(dev.parser().parse_args(["build"])) == 0
    folder = dev.ROOT / "build" / "dist"
    freeze, tried = started
    assert freeze[1:3] == ["-m", "PyInstaller"]
    assert freeze[freeze.index("--distpath") + 1] == str(folder)
    assert freeze[-1] == str(dev.ROOT / "build.spec")
    assert tried[1:] == ["-m", "tests.e2e.installed", str(folder / "training-client")]


def test_what_could_not_be_frozen_is_not_tried(dev, monkeypatch):
    ran = []
    monkeypatch.setattr(dev.subprocess, "call", lambda command, **_options: ran.append(command) or 1)
    assert dev.build(dev.parser().parse_args(["build"])) == 1
    assert len(ran) == 1


def test_help_offers_every_command(dev, capsys):
    with pytest.raises(SystemExit) as caught:
        dev.main(["--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert [name for name in ("app", "demo", "test", "check", "faults", "build") if name not in printed] == []


def test_wrong_usage_exits_2_before_anything_is_installed(dev, started):
    with pytest.raises(SystemExit) as caught:
        dev.main(["nonsense"])
    assert caught.value.code == 2
    assert started == []


def test_a_failed_set_up_exits_1_with_the_next_step(dev, monkeypatch, capsys):
    def refuse():
        raise dev.SetupError("Install with:\n  sudo apt-get …")

    monkeypatch.setattr(dev, "ensure_environment", refuse)
    assert dev.main(["check"]) == 1
    assert "sudo apt-get" in capsys.readouterr().err


def test_the_entry_parses_before_3_11_so_that_it_can_say_what_it_needs():
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    assert "needs Python" in source


def test_help_is_quick_on_a_bare_interpreter():
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "dev.py", "--help"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert time.perf_counter() - begun < 3


def test_ci_runs_what_the_readme_says():
    command = "python3 dev.py test"
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lock_has_hashes_and_names_no_place_to_fetch_from():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = [number for number, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert pinned
    assert [lines[number] for number in pinned if "==" not in lines[number]] == []
    assert [lines[number] for number in pinned if "--hash=sha256:" not in lines[number + 1]] == []
    assert [line for line in lines if "://" in line] == []
