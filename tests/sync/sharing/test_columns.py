"""What is inside a page comes back to the byte, and what is no page is refused."""

from __future__ import annotations

import secrets

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.entries import Header, Leaf, SealedEntry, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.domain.stamps import Stamp
from desktop_app.store.journal import encode_header, make_leaf
from sync.sharing.columns import Cargo, LateLeaves, Tip, pack, unpack

OUTSIDE = secrets.token_bytes(32)
DEVICES = [b"device %08d." % n for n in range(3)]


def entry(parents, *bodies, ms=1_600_000_000_000, device=DEVICES[0], erased=()):
    leaves = [make_leaf(body) for body in bodies]
    leaves = [Leaf(leaf.digest, None, None) if n in erased else leaf for n, leaf in enumerate(leaves)]
    digest = payload_hash([leaf.digest for leaf in leaves])
    stamp = Stamp(ms, 3, b"opening!")
    return SealedEntry(
        encode_header(Header(tuple(parents), stamp, device, b"", "mark", digest)), tuple(leaves)
    )


@st.composite
def journals(draw):
    """Entries that follow one another, others in the page, or some outside; some leaves are not here."""
    made: list[SealedEntry] = []
    for _ in range(draw(st.integers(1, 8))):
        known = [one.id for one in made] + [OUTSIDE, bytes(32)]
        parents = draw(st.lists(st.sampled_from(known), max_size=3, unique=True))
        bodies = draw(st.lists(st.binary(max_size=40), max_size=3))
        erased = draw(st.sets(st.integers(0, 2)))
        ms = draw(st.integers(0, (1 << 48) - 1))
        made.append(entry(parents, *bodies, ms=ms, device=draw(st.sampled_from(DEVICES)), erased=erased))
    return made


@settings(max_examples=60, deadline=None)
@given(journals())
def test_entries_come_back_to_the_byte(made):
    packed = pack(Cargo(made))
    assert list(unpack(packed.plain).entries) == made
    followed = {parent for one in made for parent in msgspec.msgpack.decode(one.header)[0]}
    ids = [one.id for one in made]
    assert packed.tips == [name for name in ids if name not in followed]
    assert set(packed.after) == followed - set(ids)


def test_a_header_that_another_version_wrote_differently_comes_back_too():
    one = entry([OUTSIDE], b"body")
    longer = SealedEntry(
        b"\xdc\x00\x06" + one.header[1:], one.leaves
    )  # an array of six, written in the long form
    after = entry([longer.id], b"next")
    assert list(unpack(pack(Cargo([one, longer, after])).plain).entries) == [one, longer, after]


def test_late_leaves_and_signatures_travel_beside():
    late = LateLeaves(OUTSIDE, 2, [(b"s" * 16, b"body"), None])
    tip = Tip(OUTSIDE, DEVICES[0], b"signature")
    read = unpack(pack(Cargo((), [late], [tip])).plain)
    assert (list(read.late), list(read.tips)) == ([late], [tip])


@pytest.mark.parametrize(
    "spoil", [lambda plain: plain[:-3], lambda _: b"", lambda _: b"\x28\xb5\x2f\xfd" * 4]
)
def test_what_is_no_page_is_refused(spoil):
    with pytest.raises(AppError) as refused:
        unpack(spoil(pack(Cargo([entry([OUTSIDE], b"body")])).plain))
    assert refused.value.code == "SHARE_PAGE_MALFORMED"
