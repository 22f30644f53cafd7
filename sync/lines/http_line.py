"""What outlives one call over HTTP: the open connection and the token of a device; and requests that can be stopped."""

from __future__ import annotations

import queue
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from desktop_app.services.ports import CancelToken, stop_if_cancelled
from sync.contract.framing import FORMATS, FORMATS_HEADER
from sync.lines.addresses import is_loopback

T = TypeVar("T")
TICK = 0.05


class _SystemTrust(HTTPAdapter):
    """TLS with the certificates that the operating system trusts."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - requests' own signature
        kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return super().init_poolmanager(*args, **kwargs)


def new_session(url: str) -> requests.Session:
    """Return a session for one address: no environment but the proxies, the system's trust beyond loopback."""
    session = requests.Session()
    session.trust_env = False
    session.headers[FORMATS_HEADER] = ",".join(FORMATS)
    if not is_loopback(urlsplit(url).hostname or ""):
        session.mount("https://", _SystemTrust())
        session.proxies = dict(get_environ_proxies(url))
    return session


@dataclass(slots=True)
class HttpLine:
    """One address as one device uses it; ``token`` is good for 15 minutes and kept in memory only.

    ``sent``, ``received``: bytes of the bodies so far.
    """

    url: str
    token: str | None = None
    sent: int = 0
    received: int = 0
    session: requests.Session = field(init=False)

    def __post_init__(self) -> None:
        self.session = new_session(self.url)

    def close(self) -> None:
        """Give the connection back."""
        self.session.close()

    def request(self, cancel: CancelToken, **asked: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        """Make one request; AppError CANCELLED within a tick of the user's stopping, whatever the line does.

        A request that is left behind may still arrive: every request of the contract may come twice.
        """
        session = self.session
        try:
            answer = _stoppable(lambda: session.request(**asked), cancel)
        except BaseException:
            self.session = new_session(self.url)
            session.close()
            raise
        self.sent += len(asked.get("data") or b"")
        self.received += len(answer.content)
        return answer


def _stoppable(act: Callable[[], T], cancel: CancelToken) -> T:
    outcome: queue.SimpleQueue[T | BaseException] = queue.SimpleQueue()

    def carry_out() -> None:
        try:
            outcome.put(act())
        except BaseException as error:  # noqa: BLE001 - raised where the outcome is waited for
            outcome.put(error)

    threading.Thread(target=carry_out, name="platform-request", daemon=True).start()
    while True:
        try:
            found = outcome.get(timeout=TICK)
        except queue.Empty:
            stop_if_cancelled(cancel)
            continue
        if isinstance(found, BaseException):
            raise found
        return found
