"""What holds for every test: no network beyond loopback, no thread left behind, Qt without a screen, our own font."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

import resources

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The product reads these; a developer's own must not reach a test.
for variable in ("TRAINING_CLIENT_PASSWORD", "TRAINING_CLIENT_NEW_PASSWORD", "TRAINING_CLOCK"):
    os.environ.pop(variable, None)

ROOT = Path(__file__).resolve().parent.parent
THREAD_GRACE_SECONDS = 3.0

# Two cores shared with other work make single examples slow now and then; that is no defect.
settings.register_profile(
    "project", deadline=None, database=DirectoryBasedExampleDatabase(ROOT / "build" / "hypothesis")
)
settings.load_profile("project")


NOBODY = "192.0.2.1"  # RFC 5737


class NetworkRefused(AssertionError):
    """A test tried to leave this machine."""


def _refuse_beyond_loopback(address: Any) -> None:
    if not isinstance(address, tuple):
        return  # a Unix socket
    host = str(address[0])
    if host in {"localhost", ""}:
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass  # a name: it would have to be looked up
    raise NetworkRefused(f"no network in tests: {host}")


@pytest.fixture(scope="session", autouse=True)
def no_network_beyond_loopback() -> Iterator[None]:
    """Refuse connections and name look-ups that leave this machine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not (self.type == socket.SOCK_DGRAM and address[0] == NOBODY):  # which sends nothing
            _refuse_beyond_loopback(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_beyond_loopback(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        _refuse_beyond_loopback((name or "", 0))
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Fail a test that ends while a thread it started still runs."""
    before = set(threading.enumerate())
    yield
    give_up = time.monotonic() + THREAD_GRACE_SECONDS
    while left := [thread for thread in threading.enumerate() if thread not in before]:
        if time.monotonic() > give_up:
            pytest.fail(f"threads left behind: {', '.join(thread.name for thread in left)}")
        time.sleep(0.01)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application of pytest-qt, with our own Chinese font, so that pictures do not depend on the machine."""
    from PySide6.QtGui import QFont, QFontDatabase

    number = QFontDatabase.addApplicationFont(str(resources.path("fonts", "NotoSansSC-Regular.ttf")))
    font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
    font.setPixelSize(14)
    qapp.setFont(font)
    return qapp
