#!/usr/bin/env python3
"""Developer's entry: makes .venv from requirements.lock, then runs one part of the work in it.

Needs Python 3.11 or newer and pip, nothing else; everything below is standard library.
"""

from __future__ import annotations

import argparse
import ctypes
import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON = (3, 11)
INTERRUPTED = 130
FAULTS = ["forms", "imports", "kill", "merge", "reporting", "rules", "sharing", "tampering"]

# What Qt's wheels expect from the system, and the Debian package that brings it.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
}
# What Qt's X11 plug-in needs on top of that; asked for only where there is an X display.
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}

# The server that the platform's tests run on beside SQLite, as Debian packs it.
POSTGRESQL = "postgresql"


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


# ------------------------------------------------------------------------------------- environment


def venv_program(name: str) -> Path:
    """Return the path of a program inside .venv on this system."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def has_display() -> bool:
    """Tell whether a window could be seen here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def child_environment() -> dict[str, str]:
    """Return the environment of every program started here: UTF-8 everywhere, offscreen without a display."""
    environment = dict(os.environ)
    environment["PYTHONUTF8"] = "1"
    environment.pop("PYTHONHOME", None)
    if not has_display():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def run(*command: str | Path) -> int:
    """Run a program in the project root and return its exit status."""
    sys.stdout.flush()
    try:
        return subprocess.call([str(part) for part in command], cwd=ROOT, env=child_environment())
    except KeyboardInterrupt:
        return INTERRUPTED
    except FileNotFoundError:
        print(f"dev.py: {command[0]} is missing", file=sys.stderr)
        return 1


def digest_of(*files: Path) -> str:
    """Return one SHA-256 over the content of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def wanted_stamp() -> dict[str, str]:
    """Describe the environment that this checkout needs; a .venv that carries the same is left alone."""
    return {
        "python": sys.version,
        "root": str(ROOT),
        "lock": digest_of(LOCK),
        "project": digest_of(ROOT / "pyproject.toml"),
    }


def read_stamp() -> dict[str, str]:
    """Return what the present .venv was made from; empty where there is none or it is not finished."""
    try:
        stamp = json.loads((VENV / "dev-stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and venv_program("python").exists() else {}


def ensure_environment() -> None:
    """Make or bring up to date .venv; does nothing when it already fits.

    Raises SetupError with the next step where it cannot be done.
    """
    wanted, present = wanted_stamp(), read_stamp()
    if present == wanted:
        return
    started = time.perf_counter()
    (VENV / "dev-stamp.json").unlink(missing_ok=True)
    python_changed = any(present.get(part, wanted[part]) != wanted[part] for part in ("python", "root"))
    if python_changed or not venv_program("python").exists():
        create_venv()
    if python_changed or present.get("lock") != wanted["lock"]:
        print("dev.py: installing requirements.lock into .venv (a few minutes the first time)", flush=True)
        pip("install", "--require-hashes", "-r", str(LOCK))
    BUILD.mkdir(exist_ok=True)
    pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    require_libraries()
    (VENV / "dev-stamp.json").write_text(json.dumps(wanted), encoding="utf-8")
    print(f"dev.py: .venv is ready ({time.perf_counter() - started:.0f} s)", flush=True)


def create_venv() -> None:
    """Make an empty .venv with pip in it; one that is a link is left alone, since others may work from its target."""
    if VENV.is_symlink():
        raise SetupError(".venv is a link to another environment; remove the link and try again.")
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_packages([f"python{version}-venv"], "Python's venv module is not installed")
    print("dev.py: creating .venv", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)], cwd=ROOT):
        raise SetupError("python -m venv failed; its message is above.")


def pip(*arguments: str) -> None:
    """Run the pip of .venv quietly; where packages come from is the machine's own pip configuration."""
    command = (venv_program("python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
    if run(*command, *arguments):
        raise SetupError(f"pip {arguments[0]} failed; its message is above. Run the same command again.")


def missing_packages() -> list[str]:
    """Return the Debian packages whose libraries Qt would not find on this Linux."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = LIBRARIES | (X11_LIBRARIES if os.environ.get("DISPLAY") else {})
    return [package for library, package in wanted.items() if not loads(library)]


def loads(library: str) -> bool:
    """Tell whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def require_libraries() -> None:
    """Check what Qt needs from the system, installing it where allowed; SetupError names what is missing."""
    packages = missing_packages()
    if packages:
        install_packages(packages, "Qt needs system libraries that are not installed")


def has_postgresql() -> bool:
    """Tell whether PostgreSQL's server programs are here: in Debian's folder, or else on PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return any(debian) or shutil.which("initdb") is not None


def require_postgresql() -> int:
    """Install PostgreSQL where allowed; else say how and return 1. The tests start a server of their own with it."""
    if has_postgresql():
        return 0
    try:
        install_packages([POSTGRESQL], "The platform's tests need PostgreSQL, which is not installed")
    except SetupError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    return 0


def install_packages(packages: list[str], reason: str) -> None:
    """Install Debian packages as root; otherwise raise SetupError with the exact command."""
    command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if shutil.which("apt-get") is None:
        raise SetupError(f"{reason}. On Debian they are: {' '.join(packages)}")
    if not is_root():
        raise SetupError(f"{reason}. Install with:\n  sudo apt-get update && sudo {command}")
    print(f"dev.py: {reason}; installing {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ("apt-get -qq update", command):
        if subprocess.call(step.split(), env=environment, stdout=subprocess.DEVNULL):
            raise SetupError(f"{reason}, and this failed:\n  {step}")


def is_root() -> bool:
    """Tell whether system packages may be installed without asking."""
    return sys.platform != "win32" and os.geteuid() == 0


# ---------------------------------------------------------------------------------------- commands


def run_module(name: str, *arguments: str) -> int:
    """Run one of the project's modules in .venv and return its exit status."""
    return run(venv_program("python"), "-m", name, *arguments)


def app(_options: argparse.Namespace) -> int:
    """Open the window on the user's own profile."""
    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        print("dev.py: there is no display here for a window; try: python3 dev.py demo", file=sys.stderr)
        return 1
    return run_module("desktop_app")


def demo(options: argparse.Namespace) -> int:
    """Live the first weeks of a training office on synthetic data; pictures and papers go to build/demo."""
    arguments = ["demo", "--out", str(BUILD / "demo")]
    if options.no_window or not has_display():
        arguments.append("--no-window")
    return run_module("desktop_app", *arguments)


def check(_options: argparse.Namespace) -> int:
    """Format, lint, types, layers and schema: everything that needs no test run."""
    steps: dict[str, Callable[[], int]] = {
        "ruff check": lambda: run(venv_program("ruff"), "check", "--quiet", "."),
        "ruff format": lambda: run(
            venv_program("ruff"), "format", "--check", "--output-format", "concise", "."
        ),
        "mypy": lambda: run(venv_program("python"), "-m", "mypy"),
        "import-linter": lambda: run(
            venv_program("lint-imports"), "--no-logo", "--cache-dir", BUILD / "import_linter_cache"
        ),
        "schema": lambda: run_module("desktop_app.store.schema", "check"),
        "platform schema": lambda: run_module("sync.platform.upgrading", "check"),
    }
    return run_steps(steps)


def test(options: argparse.Namespace) -> int:
    """Run everything that CI runs: check, all tests, the demo without its window, and the installed program."""
    steps: dict[str, Callable[[], int]] = {
        "check": lambda: check(options),
        "postgresql": require_postgresql,
        "pytest": lambda: run(venv_program("python"), "-m", "pytest", "-q", "-n", "2"),
        "demo": lambda: demo(argparse.Namespace(no_window=True)),
        "build": lambda: build(options),
    }
    return run_steps(steps)


def faults(options: argparse.Namespace) -> int:
    """Run the long fault and property tests with tables: kills, merges, reporting, rules, sharing, tampering."""
    names = [options.name] if options.name else FAULTS
    part = [options.part] if options.part else []
    return run_steps({name: functools.partial(run_module, f"tests.faults.{name}", *part) for name in names})


def stress(options: argparse.Namespace) -> int:
    """Fill a folder with the stress store: five years of a large institution, or a part of it (--scale)."""
    arguments = [str(options.folder), "--scale", str(options.scale), "--seed", str(options.seed)]
    return run_module("tests.factories.stress", *arguments)


def bench(options: argparse.Namespace) -> int:
    """Run the benchmarks, or one, and print figures beside limits; the stress store is made the first time."""
    names = [options.name] if options.name else benchmarks()
    return run_steps({name: functools.partial(run_module, "tests.benchmarks", name) for name in names})


def benchmarks() -> list[str]:
    """Return the names of all benchmarks."""
    return sorted(file.stem.removeprefix("bench_") for file in ROOT.glob("tests/benchmarks/bench_*.py"))


def build(_options: argparse.Namespace) -> int:
    """Make the installed program in build/dist and take it, built, from first run to push; prints a table."""
    folder = BUILD / "dist" / "training-client"
    places = ("--distpath", folder.parent, "--workpath", BUILD / "pyinstaller")
    freeze = (venv_program("python"), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN")
    status = run(*freeze, *places, ROOT / "build.spec")
    return status or run_module("tests.e2e.installed", str(folder))


def run_steps(steps: dict[str, Callable[[], int]]) -> int:
    """Run every step, whatever the others gave; print what each took; return 1 if any failed."""
    lines, failed = [], False
    for name, step in steps.items():
        print(f"── {name}", flush=True)
        started = time.perf_counter()
        status = step()
        if status == INTERRUPTED:
            return INTERRUPTED
        failed = failed or status != 0
        lines.append(f"  {'FAILED' if status else 'ok':6}  {name:14} {time_taken(started)}")
    print("\n".join(lines), flush=True)
    return int(failed)


def time_taken(started: float) -> str:
    """Return the time since a perf_counter reading, in minutes and seconds."""
    minutes, seconds = divmod(time.perf_counter() - started, 60)
    return f"{minutes:.0f} min {seconds:04.1f} s"


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "app": app,
    "demo": demo,
    "test": test,
    "check": check,
    "faults": faults,
    "stress": stress,
    "bench": bench,
    "build": build,
}


def parser() -> argparse.ArgumentParser:
    """Return the parser: one subcommand for each function in COMMANDS."""
    result = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = result.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, function in COMMANDS.items():
        summary = (function.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        if name == "demo":
            command.add_argument("--no-window", action="store_true", help="do not open the window at the end")
        if name == "faults":
            command.add_argument("name", nargs="?", choices=FAULTS, help="only this one")
            parts = (
                "import, push … of kill; lines, platform, large … of reporting; examples, relay … of sharing"
            )
            command.add_argument("part", nargs="?", help=f"only this part: {parts}")
        if name == "bench":
            command.add_argument("name", nargs="?", choices=benchmarks(), help="only this one")
        if name == "stress":
            command.add_argument("folder", type=Path, help="an empty folder")
            command.add_argument("--scale", type=float, default=1.0, help="part of the full size")
            command.add_argument("--seed", type=int, default=2020, help="of names, dates and marks")
    return result


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may be set to another encoding
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = parser().parse_args(arguments)
    try:
        ensure_environment()
    except SetupError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    return COMMANDS[options.command](options)


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("dev.py needs Python {}.{} or newer".format(*OLDEST_PYTHON))
    sys.exit(main())
