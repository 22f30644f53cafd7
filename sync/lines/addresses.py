"""Addresses of a platform: which are taken, and which are this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from desktop_app.domain.errors import AppError


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: the only place where reporting may leave TLS out."""
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


def is_private(host: str) -> bool:
    """Tell whether a host is in this house: an address of a private network, or a name without a domain."""
    if is_loopback(host):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".local")


def checked_relay_url(url: str) -> str:
    """Return a relay's address without a trailing slash; AppError RELAY_URL.

    What is sent there is encrypted and signed already, so within a house TLS may be left out.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AppError("RELAY_URL") from error
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_private(host))
    if not host or not safe or parts.query or parts.fragment or parts.username:
        raise AppError("RELAY_URL")
    return url.strip().rstrip("/")
