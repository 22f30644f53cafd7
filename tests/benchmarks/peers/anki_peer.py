"""Anki as a peer: its own sync server and two clients, row by row; fetched once into an environment of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

VERSION = "26.9.3"
_STEP = Path(__file__).with_name("anki_step.py")
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class AnkiTaken:
    """What Anki took, in seconds: rows up and down, a thousand changed rows up and down, nothing to do."""

    up: float
    down: float
    changed_up: float
    changed_down: float
    nothing: float


def environment() -> Path | None:
    """Return the python of an environment with Anki, made where there is none; None where it cannot be had."""
    folder = platformdirs.user_cache_path("training-client") / "peers" / f"anki-{VERSION}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"anki=={VERSION}"], check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    (folder / "ready").touch()
    return python


def measure(python: Path, folder: Path, rows: int, changed: int) -> AnkiTaken:
    """Let one client send rows and another fetch them, then some changed ones, then nothing."""
    for name in ("server", "one", "two"):
        (folder / name).mkdir()
    one, two = str(folder / "one" / "c.anki2"), str(folder / "two" / "c.anki2")
    with _server(python, folder / "server") as url:
        _step(python, "add", one, "1", "1")
        _step(python, "upload", one, url)
        _step(python, "download", two, url)
        _step(python, "add", one, str(rows), "2")
        up = _step(python, "sync", one, url)
        down = _step(python, "sync", two, url, notes=rows + 1)
        _step(python, "change", one, str(changed), " changed")
        changed_up = _step(python, "sync", one, url)
        changed_down = _step(python, "sync", two, url)
        nothing = _step(python, "sync", one, url)
    return AnkiTaken(up, down, changed_up, changed_down, nothing)


def _step(python: Path, *given: str, notes: int | None = None) -> float:
    done = subprocess.run([python, _STEP, *given], check=True, capture_output=True, text=True)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    if notes is not None and told["notes"] != notes:
        msg = f"Anki has {told['notes']} notes, not {notes}"
        raise RuntimeError(msg)
    return float(told["seconds"] or 0.0)


@contextmanager
def _server(python: Path, folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = {
        "SYNC_USER1": "peer:peer",
        "SYNC_BASE": str(folder),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
        "RUST_LOG": "anki=error",
    }
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        [python, "-m", "anki.syncserver"], env=os.environ | settings, stdout=quiet, stderr=quiet
    )
    try:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.3).close()
                break
            except OSError:
                if time.monotonic() > end or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()
