"""Sharing between the workstations of one institution: a page as it travels, and one exchange with a shelf.

A *page* is a run of journal entries that only holders of an institution key can read. Whoever keeps pages on the way
(relay, folder, stick: a *shelf*) sees its head alone: random or hashed names, sizes, nothing of a person. As bytes:
magic, format byte, length of the rest (four bytes, big-endian), and the rest as ``SealedPage``; the device signs head
and sealed bytes as sent.

A shelf is append-only. It numbers pages upwards as they come (the relay with gaps of its choice, so that a number
which it has lost by a restored backup is not given again); a *cursor* is (epoch of the shelf, last number had). A shelf
that was restored or emptied has a new epoch, and a client starts anew with it.
A page without entries changes the institution key: its sealed bytes are a ``relay.SignedRotation``.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta, Struct

from desktop_app.domain.errors import AppError
from sync.contract.wire import Count, Hash, Id, decode, encode

MAGIC = b"TRSP"
FORMAT = 1
KEY_BYTES, KEY_ID_BYTES, NONCE_BYTES = 32, 8, 12
MAX_PAGE_BYTES = 4 * 1024 * 1024
"""A page as sent; pages are cut far below it, only the leaf hashes of one huge entry come near."""
MAX_PLAIN_BYTES = 16 * 1024 * 1024
ANSWER_BYTES = 2 * 1024 * 1024
"""How many bytes of pages a shelf hands out at once, one page at least."""

_START = len(MAGIC) + 1
PREFIX_BYTES = _START + 4
_SIGNED, _PAGES, _KEY_NAME = (
    b"training-sharing page\0",
    b"training-sharing page key\0",
    b"training-sharing key name\0",
)

KeyId = Annotated[bytes, Meta(min_length=KEY_ID_BYTES, max_length=KEY_ID_BYTES)]
Epoch = Annotated[bytes, Meta(max_length=16)]
Number = Annotated[int, Meta(ge=0, lt=2**53)]
Heads = Annotated[list[Hash], Meta(max_length=10_000)]


class PageHead(Struct, array_like=True, frozen=True):
    """What a shelf may read of a page.

    ``page``: its random name; ``key``: name of the institution key; ``size``: plain bytes; ``tips``: entries of the
    page that none in it follows; ``after``: parents of its entries outside it. A shelf that keeps its heads takes
    ``after`` from them and adds ``tips``.
    """

    office: Id
    key: KeyId
    device: Id
    public_key: Hash
    page: Id
    entries: Count
    size: Count
    tips: Heads
    after: Heads


class SealedPage(Struct, array_like=True, frozen=True):
    """``[head, sealed, signature]``: encoded ``PageHead``, nonce and AES-256-GCM bound to it, Ed25519 over both."""

    head: bytes
    sealed: bytes
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page whose signature holds for the key that its head names; whether that device counts is another matter.

    ``raw``: its bytes as sent.
    """

    head: PageHead
    raw_head: bytes
    sealed: bytes
    raw: bytes


class ShelfRequest(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One exchange: pages for the shelf, and what is asked of it.

    ``epoch`` (empty at first contact) and ``number``: cursor; ``again``: names of pages to be handed out once more;
    ``limit``: bytes of pages in the answer, 0 for none.
    """

    office: Id
    epoch: Epoch = b""
    number: Number = 0
    pages: Annotated[list[bytes], Meta(max_length=64)] = []
    again: Annotated[list[Id], Meta(max_length=64)] = []
    limit: Annotated[int, Meta(ge=0, le=16 * 1024 * 1024)] = ANSWER_BYTES


class ShelfPage(Struct, array_like=True, frozen=True):
    """``[number, page, body]``: a page on a shelf; ``page`` is the name under which the shelf has it."""

    number: Number
    page: Id
    body: bytes


class ShelfAnswer(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a shelf answers; all pages of the request are on it then, each once however often it came.

    Where the request's epoch is not the shelf's, nothing was put on it and no page is handed out: ``number`` is the
    newest and ``heads`` are the entries that none on the shelf follows (None: it does not keep them).
    Else ``pages`` come after the cursor in ascending order, without those of this request; ``number``: new cursor;
    ``more``: pages are left; ``again``: those of the names asked for that are there.
    """

    epoch: Annotated[bytes, Meta(min_length=16, max_length=16)]
    number: Number
    more: bool = False
    pages: list[ShelfPage] = []
    again: list[ShelfPage] = []
    heads: Heads | None = None


def new_institution_key() -> bytes:
    """Return a random institution key."""
    return secrets.token_bytes(KEY_BYTES)


def key_id(key: bytes) -> bytes:
    """Return the name of an institution key (8 bytes), which says nothing of it."""
    return hashlib.sha256(_KEY_NAME + key).digest()[:KEY_ID_BYTES]


def derived_key(key: bytes, purpose: bytes) -> bytes:
    """Return a key (32 bytes) drawn from an institution key for one purpose, by HKDF-SHA256 (RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, None, purpose).derive(key)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(derived_key(key, _PAGES))


def seal_page(head: PageHead, plain: bytes, key: bytes, private_key: bytes) -> bytes:
    """Encrypt ``plain`` under an institution key and sign the page as the device that the head names."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return sign_page(head, nonce + _cipher(key).encrypt(nonce, plain, encode(head)), private_key)


def sign_page(head: PageHead, sealed: bytes, private_key: bytes) -> bytes:
    """Return a page of bytes that are sealed already (or, changing the key, signed), signed by its device."""
    raw = encode(head)
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(_signed_bytes(raw, sealed))
    rest = encode(SealedPage(raw, sealed, signature))
    return MAGIC + bytes([FORMAT]) + len(rest).to_bytes(4, "big") + rest


def page_length(start: bytes) -> int:
    """Return how long a page is by its first bytes, for pages in a row; AppError as ``read_page``."""
    if not start or not start.startswith(MAGIC[: len(start)]):
        raise AppError("SHARE_PAGE_UNKNOWN")
    if len(start) < PREFIX_BYTES:
        raise AppError("SHARE_PAGE_TRUNCATED")
    if start[len(MAGIC)] != FORMAT:
        raise AppError("SHARE_PAGE_NEWER", found=start[len(MAGIC)], known=FORMAT)
    length = PREFIX_BYTES + int.from_bytes(start[_START:PREFIX_BYTES], "big")
    if length > MAX_PAGE_BYTES:
        raise AppError("SHARE_PAGE_ALTERED")
    return length


def read_page(data: bytes) -> ReadPage:
    """Take a page apart and check its signature by the key in its head.

    Raises AppError SHARE_PAGE_UNKNOWN (no page), SHARE_PAGE_NEWER, SHARE_PAGE_TRUNCATED, SHARE_PAGE_ALTERED.
    """
    length = page_length(data[:PREFIX_BYTES])
    if len(data) < length:
        raise AppError("SHARE_PAGE_TRUNCATED")
    if len(data) > length:
        raise AppError("SHARE_PAGE_ALTERED")
    page = decode(data[PREFIX_BYTES:], SealedPage, "SHARE_PAGE_ALTERED")
    head = decode(page.head, PageHead, "SHARE_PAGE_ALTERED")
    try:
        public = Ed25519PublicKey.from_public_bytes(head.public_key)
        public.verify(page.signature, _signed_bytes(page.head, page.sealed))
    except (InvalidSignature, ValueError) as error:
        raise AppError("SHARE_PAGE_ALTERED") from error
    return ReadPage(head, page.head, page.sealed, data)


def open_page(page: ReadPage, key: bytes) -> bytes:
    """Return the plain bytes of a page; AppError SHARE_KEY_WRONG where this key did not seal it."""
    nonce, sealed = page.sealed[:NONCE_BYTES], page.sealed[NONCE_BYTES:]
    try:
        return _cipher(key).decrypt(nonce, sealed, page.raw_head)
    except (InvalidTag, ValueError) as error:
        raise AppError("SHARE_KEY_WRONG") from error


def _signed_bytes(raw_head: bytes, sealed: bytes) -> bytes:
    return _SIGNED + len(raw_head).to_bytes(4, "big") + raw_head + sealed
