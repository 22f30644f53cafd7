"""Checking a claim's trail with public keys alone: hashes, ways to signed tips, who wrote what when and where.

What is shown: every mark, enrolment, score and certificate was written by a journal entry of a workstation that this
institution had admitted, at that time, under that account, and stands unaltered under that workstation's signature.
What cannot be shown: that the institution sent every later write of it as well; the accepted value is shown, and each
write that was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from desktop_app.domain.entries import TIP_CONTEXT, entry_id, leaf_hash, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.records import DEVICE, MARK, USER
from sync.contract.proof import EntryHeader, Tip, Trail, read_header, read_leaf
from sync.contract.records import MarkFields
from sync.contract.trail_acts import Act, Author, Facts, read_acts

_MARK, _IDENTITY = MARK.by_name["mark"].number, DEVICE.by_name["identity"].number
_DISPLAY, _LOGIN = USER.by_name["display"].number, USER.by_name["login"].number
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Stands = tuple[str | None, int, str | None]


@dataclass(frozen=True, slots=True)
class Written(Author):
    """One write of a mark, and what it says."""

    session: bytes
    trainee: bytes
    status: str | None
    lost_hours: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a trail shows: the writes of every mark by its key (session + trainee id), and the other acts.

    Both the latest last.
    """

    marks: Mapping[bytes, tuple[Written, ...]]
    acts: tuple[Act, ...]
    entries: int


class _Graph:
    """Entries and headers of a trail by their ids, hashes checked."""

    def __init__(self, trail: Trail) -> None:
        self.headers: dict[bytes, EntryHeader] = {}
        for data in trail.path:
            self.headers[entry_id(data)] = read_header(data)
        self.bodies: dict[bytes, list[bytes]] = {}
        for entry in trail.entries:
            header, name = read_header(entry.header), entry_id(entry.header)
            if payload_hash(entry.hashes) != header.payload_hash:
                raise AppError("CLAIM_PROOF_ALTERED", entry=name.hex()[:12])
            for leaf in entry.leaves:
                inside = leaf.place < len(entry.hashes)
                if not inside or leaf_hash(leaf.salt, leaf.body) != entry.hashes[leaf.place]:
                    raise AppError("CLAIM_PROOF_ALTERED", entry=name.hex()[:12])
            self.headers[name] = header
            self.bodies[name] = [leaf.body for leaf in entry.leaves]

    def cover(self, tip: bytes, reached: set[bytes]) -> None:
        """Add what a tip covers, itself among it, to what earlier tips of the same device have ``reached``."""
        todo = [tip]
        while todo:
            entry = todo.pop()
            header = self.headers.get(entry)
            if header is not None and entry not in reached:
                reached.add(entry)
                todo.extend(header.parents)


def show(trail: Trail, devices: Mapping[bytes, tuple[str, bytes]]) -> Shown:
    """Check every hash and signature of a trail and return what it shows.

    ``devices``: name and public key of the workstations that the platform has registered; others count once an entry
    of a trusted one names their key. Raises AppError CLAIM_PROOF_ALTERED (a hash), CLAIM_PROOF_SIGNATURE,
    CLAIM_PROOF_UNSIGNED (an entry that no tip of its device covers), CLAIM_PROOF_MALFORMED.
    """
    graph = _Graph(trail)
    covered, names = _trust(graph, trail, dict(devices))
    for name in graph.bodies:
        if name not in covered:
            raise AppError("CLAIM_PROOF_UNSIGNED", entry=name.hex()[:12])
    facts = _facts(_users(graph), names)
    marks: dict[bytes, list[tuple[tuple[int, int, bytes], Written]]] = {}
    for name, bodies in graph.bodies.items():
        header = graph.headers[name]
        for key, value in _writes(bodies, MARK.number, _MARK):
            written = _written(key, value, facts(header))
            marks.setdefault(key, []).append((header.stamp, written))
    ordered = {key: tuple(one for _, one in sorted(found, key=_stamp)) for key, found in marks.items()}
    acts = read_acts(((graph.headers[name], bodies) for name, bodies in graph.bodies.items()), facts)
    return Shown(ordered, acts, len(graph.bodies))


def _stamp(item: tuple[tuple[int, int, bytes], Written]) -> tuple[int, int, bytes]:
    return item[0]


def _trust(
    graph: _Graph, trail: Trail, devices: dict[bytes, tuple[str, bytes]]
) -> tuple[set[bytes], dict[bytes, str]]:
    """Return the entries covered by their own device's signature, and the workstations' names.

    Goes on as long as what is covered names further workstations.
    """
    covered, read = set[bytes](), set[bytes]()
    reached: dict[bytes, set[bytes]] = {}
    waiting = list(trail.tips)
    while True:
        for tip in waiting:
            if tip.device in devices:
                _check_tip(graph, tip, devices[tip.device][1])
                graph.cover(tip.entry, reached.setdefault(tip.device, set()))
        waiting = [tip for tip in waiting if tip.device not in devices]
        for device, entries in reached.items():
            covered |= {name for name in entries if graph.headers[name].device == device}
        named: dict[bytes, tuple[str, bytes]] = {}
        for name in sorted(covered - read):
            for device, value in _writes(graph.bodies.get(name, ()), DEVICE.number, _IDENTITY):
                if device not in devices and named.setdefault(device, _identity(value)) != _identity(value):
                    raise AppError("CLAIM_PROOF_SIGNATURE")
        read |= covered
        if not named:
            if waiting:
                raise AppError("CLAIM_PROOF_UNSIGNED", entry=waiting[0].entry.hex()[:12])
            return covered, {device: name for device, (name, _) in devices.items()}
        devices |= named


def _check_tip(graph: _Graph, tip: Tip, key: bytes) -> None:
    """Check that a device signed an entry of its own; AppError CLAIM_PROOF_SIGNATURE."""
    header = graph.headers.get(tip.entry)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(tip.signature, TIP_CONTEXT + tip.entry)
    except (InvalidSignature, ValueError) as error:
        raise AppError("CLAIM_PROOF_SIGNATURE") from error
    if header is None or header.device != tip.device:
        raise AppError("CLAIM_PROOF_SIGNATURE")


def _identity(value: object) -> tuple[str, bytes]:
    match value:
        case [str(name), bytes(key)]:
            return name, key
    raise AppError("CLAIM_PROOF_MALFORMED")


def _writes(bodies: Iterable[bytes], entity: int, group: int) -> Iterable[tuple[bytes, object]]:
    """Yield key and new value of one group's writes in some leaves."""
    for body in bodies:
        number, records = read_leaf(body)
        if number == entity:
            for key, groups in records:
                if group in groups:
                    yield key, groups[group][2]


def _users(graph: _Graph) -> dict[bytes, str]:
    """Return what accounts are called: the newest name shown, else the login."""
    found: dict[bytes, tuple[bool, tuple[int, int, bytes], str]] = {}
    for name, bodies in graph.bodies.items():
        stamp = graph.headers[name].stamp
        for group in (_LOGIN, _DISPLAY):
            for user, value in _writes(bodies, USER.number, group):
                if isinstance(value, str) and value:
                    candidate = (group == _DISPLAY, stamp, value)
                    found[user] = max(found.get(user, candidate), candidate)
    return {user: value for user, (_, _, value) in found.items()}


def _facts(people: Mapping[bytes, str], names: Mapping[bytes, str]) -> Callable[[EntryHeader], Facts]:
    """Return what says of a header who wrote the entry; names of accounts and of workstations by their ids."""

    def of(header: EntryHeader) -> Facts:
        at = _EPOCH + timedelta(milliseconds=header.stamp[0])
        by, workstation = people.get(header.user, ""), names.get(header.device, "")
        return header.command, header.user, by, at, header.device, workstation

    return of


def _written(key: bytes, value: object, facts: Facts) -> Written:
    match value:
        case [str(status), lost, reason]:
            stands: Stands = (
                status,
                lost if isinstance(lost, int) else 0,
                reason if isinstance(reason, str) else None,
            )
        case _:  # taken back: nothing stands there
            stands = None, 0, None
    return Written(*facts, key[:ID_BYTES], key[ID_BYTES:], *stands)


def check_marks(shown: Shown, accepted: Mapping[bytes, MarkFields], people: Collection[bytes]) -> int:
    """Check that each accepted mark of some people is one that was written as it stands; return how many there are.

    ``accepted``: by session + trainee id. Raises AppError CLAIM_PROOF_MARK_MISSING.
    """
    count = 0
    for key, mark in sorted(accepted.items()):
        if key[ID_BYTES:] not in people:
            continue
        said = (mark.status, mark.lost_hours, mark.reason)
        if not any((one.status, one.lost_hours, one.reason) == said for one in shown.marks.get(key, ())):
            raise AppError(
                "CLAIM_PROOF_MARK_MISSING", session=key[:ID_BYTES].hex(), trainee=key[ID_BYTES:].hex()
            )
        count += 1
    return count
