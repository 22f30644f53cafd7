"""Addresses of a platform: which are taken, and which are this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from desktop_app.domain.errors import AppError


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: the only place where TLS may be left out."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str) -> str:
    """Return a platform's address without a trailing slash; AppError PLATFORM_URL."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AppError("PLATFORM_URL") from error
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not host or not safe or parts.query or parts.fragment or parts.username:
        raise AppError("PLATFORM_URL")
    return url.strip().rstrip("/")
