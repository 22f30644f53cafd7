"""What a request holds: its body, its token, the batch or file in its address."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import from_text
from sync.contract.framing import MAX_FRAME_BYTES

_DIGITS = 9


async def body_of(request: Request) -> bytes:
    """Return the body; one that is announced as too large is not read, another no further than the limit.

    Raises AppError BODY_TOO_LARGE; REQUEST_MALFORMED where the sender died in the middle, for nobody to hear.
    """
    announced = request.headers.get("Content-Length", "0")
    if announced.isdecimal() and int(announced) > MAX_FRAME_BYTES:
        raise AppError("BODY_TOO_LARGE", limit=MAX_FRAME_BYTES)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_FRAME_BYTES:
                raise AppError("BODY_TOO_LARGE", limit=MAX_FRAME_BYTES)
            chunks.append(chunk)
    except ClientDisconnect as error:
        raise AppError("REQUEST_MALFORMED", detail="body") from error
    return b"".join(chunks)


def batch_id_of(request: Request) -> bytes:
    """Return the batch that the address names; AppError BATCH_UNKNOWN where it is no id."""
    try:
        return from_text(request.path_params["batch"])
    except AppError as error:
        raise AppError("BATCH_UNKNOWN") from error


def token_of(request: Request) -> str:
    """Return the bearer token; AppError TOKEN_MISSING."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AppError("TOKEN_MISSING")
    return token


def file_name_of(request: Request) -> bytes:
    """Return the name of the file that a request is about; AppError FILE_UNKNOWN."""
    try:
        return bytes.fromhex(request.path_params["name"])
    except ValueError as error:
        raise AppError("FILE_UNKNOWN") from error


def number_of(request: Request, name: str) -> int:
    """Return a number from a request's query, 0 where it is left out; AppError REQUEST_MALFORMED."""
    told = request.query_params.get(name, "0")
    if not told.isascii() or not told.isdecimal() or len(told) > _DIGITS:
        raise AppError("REQUEST_MALFORMED", detail=name)
    return int(told)
