"""The wire format, byte by byte: it is hashed and signed, so it must never change unnoticed."""

from __future__ import annotations

import hashlib

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import Change, GroupWrite, Header, Leaf, leaf_hash, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.domain.stamps import Stamp
from desktop_app.store.journal import (
    Note,
    check_payload,
    compress_leaf,
    decode_header,
    encode,
    encode_header,
    expand_leaf,
    make_leaves,
    pack_entry,
    read_leaves,
    seal,
    unpack_entry,
)

OPENING = b"opening1"
STAMP = Stamp(1604275200000, 3, OPENING)
DEVICE, USER = b"device 00000001.", b"user 0000000001."
KEY = bytes(range(32))
DIGEST = bytes(range(100, 132))
PARENT = bytes(range(32, 64))

HEADER_BYTES = (
    b"\x96"  # array of 6
     b"\x91\xc4\x20" + PARENT  # array of 1: 32 raw bytes
    + b"\x93\xcf\x00\x00\x01\x75\x86\x40\xe0\x00\x03\xc4\x08" + OPENING  # uint64, counter, 8 raw bytes
    + b"\xc4\x10" + DEVICE
    + b"\xc4\x10" + USER
    + b"\xaamark_class"
    + b"\xc4\x20" + DIGEST
)  # fmt: skip
STAMP_BYTES = b"\x93\xcf\x00\x00\x01\x75\x86\x40\xe0\x00\x03\xc4\x08" + OPENING
LEAF_BYTES = (
    b"\x92\x0b\x91"  # [mark, [ one record
     b"\x92\xc4\x20" + KEY  # [key,
    + b"\x82"  # two groups, ascending
    + b"\x00\x93\x90\xc0\x00"  # deleted: [[], nil, 0]
    + b"\x01\x93\x91" + STAMP_BYTES + b"\xc0\x93\xa7present\x00\xc0"  # mark: [[stamp], nil, [present, 0, nil]]
)  # fmt: skip


def header(parents=(PARENT,), digest=DIGEST):
    return Header(parents, STAMP, DEVICE, USER, "mark_class", digest)


def change(key=KEY, entity=m.MARK):
    return Change(
        entity.number,
        key,
        {1: GroupWrite((STAMP,), None, ["present", 0, None]), 0: GroupWrite((), None, 0)},
    )


def sealed(count=2, entity=m.TRAINEE):
    changes = [
        Change(entity.number, bytes([n]) * 16, {1: GroupWrite((), None, "x" * 200)}) for n in range(count)
    ]
    leaves = make_leaves(Note("退回", b"t" * 32), changes)
    return seal(header(digest=payload_hash([leaf.digest for leaf in leaves])), leaves)


def test_header_bytes():
    assert encode_header(header()) == HEADER_BYTES
    assert len(HEADER_BYTES) == 1 + 35 + 21 + 18 + 18 + 11 + 34
    assert decode_header(HEADER_BYTES) == header()


def test_leaf_bytes():
    (leaf,) = make_leaves(Note(), [change()])
    assert leaf.body == LEAF_BYTES
    assert leaf.salt is not None
    assert leaf.digest == hashlib.sha256(leaf.salt + LEAF_BYTES).digest()
    assert read_leaves([LEAF_BYTES]) == (Note(), [change()])


def test_note_is_the_first_leaf():
    leaves = make_leaves(Note("更正", DIGEST), [change()])
    assert leaves[0].body == b"\x92\x00\x82\x01\xa6" + "更正".encode() + b"\x02\xc4\x20" + DIGEST
    assert read_leaves(leaf.body for leaf in leaves) == (Note("更正", DIGEST), [change()])


def test_salts_differ_so_that_equal_leaves_cannot_be_guessed_from_each_other():
    one, two = (make_leaves(Note(), [change()])[0] for _ in range(2))
    assert one.body == two.body
    assert one.digest != two.digest


def test_a_record_with_personal_groups_has_a_leaf_of_its_own():
    keys = [bytes([n]) * 16 for n in range(3)]
    leaves = make_leaves(Note(), [Change(m.TRAINEE.number, key, {}) for key in keys])
    assert [len(read_leaves([leaf.body])[1]) for leaf in leaves] == [1, 1, 1]


@pytest.mark.parametrize(("records", "sizes"), [(1000, [1000]), (1001, [1000, 1])])
def test_other_records_share_a_leaf_up_to_a_thousand(records, sizes):
    changes = [change(n.to_bytes(32, "big")) for n in range(records)]
    leaves = make_leaves(Note(), changes)
    assert [len(read_leaves([leaf.body])[1]) for leaf in leaves] == sizes


def test_entities_do_not_share_a_leaf():
    changes = [change(), Change(m.SESSION.number, KEY[:16], {}), change(KEY[::-1])]
    assert len(make_leaves(Note(), changes)) == 3


def test_a_blob_is_header_and_leaves_and_comes_back():
    entry = sealed()
    first = entry.leaves[0]
    assert first.salt is not None
    assert first.body is not None
    blob = pack_entry(entry)
    head = b"\x92\xc4" + bytes([len(entry.header)]) + entry.header + b"\x93\x93\xc4\x20" + first.digest
    assert blob.startswith(head + b"\xc4\x10" + first.salt + b"\xc4" + bytes([len(first.body)]) + first.body)
    assert unpack_entry(blob) == entry


def test_a_missing_leaf_travels_as_its_hash():
    entry = sealed()
    lacking = seal(decode_header(entry.header), [Leaf(entry.leaves[0].digest, None, None), *entry.leaves[1:]])
    assert unpack_entry(pack_entry(lacking)) == lacking
    assert lacking.id == entry.id


def test_stored_form_is_squeezed_only_where_that_is_shorter():
    salt = bytes(16)
    for body in (b"short", b"x" * 500, bytes(range(256))):
        leaf = Leaf(leaf_hash(salt, body), salt, body)
        stored = compress_leaf(leaf)
        assert stored is not None
        assert len(stored) <= 17 + len(body)
        assert expand_leaf(leaf.digest, stored) == leaf
    assert compress_leaf(Leaf(DIGEST, None, None)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x90",
        encode([[b"short"], STAMP.to_wire(), DEVICE, USER, "x", DIGEST]),
        encode([[], [1, 2], DEVICE, USER, "x", DIGEST]),
        encode([[], STAMP.to_wire(), DEVICE, None, "x", DIGEST]),
        HEADER_BYTES + b"\x00",
    ],
)
def test_what_is_no_header_is_refused(data):
    with pytest.raises(AppError) as caught:
        decode_header(data)
    assert caught.value.code in {"JOURNAL_MALFORMED", "STAMP_MALFORMED"}


@pytest.mark.parametrize(
    "body",
    [
        encode(7),
        encode([11]),
        encode([11, [[KEY]]]),
        encode([11, [["text", {}]]]),
        encode([11, [[KEY, {"1": [[], None, 1]}]]]),
        encode([11, [[KEY, {1: [[], None]}]]]),
        encode([11, [[KEY, {1: [[[1, 2]], None, 1]}]]]),
        encode([-1, []]),
        encode([1 << 31, []]),
        encode([0, {1: 5}]),
        encode([0, {2: "text"}]),
    ],
)
def test_what_is_no_leaf_is_refused(body):
    with pytest.raises(AppError):
        read_leaves([body])


@pytest.mark.parametrize("part", ["header", "leaf", "digest", "salt"])
def test_a_blob_altered_anywhere_is_refused(part):
    entry = sealed()
    leaf = entry.leaves[1]
    assert leaf.salt is not None
    assert leaf.body is not None
    leaves = list(entry.leaves)
    match part:
        case "header":
            blob = pack_entry(seal(header(), leaves))
        case "leaf":
            leaves[1] = Leaf(leaf.digest, leaf.salt, leaf.body[:-1] + b"y")
            blob = pack_entry(seal(decode_header(entry.header), leaves))
        case "digest":
            leaves[1] = Leaf(DIGEST, None, None)
            blob = pack_entry(seal(decode_header(entry.header), leaves))
        case _:
            leaves[1] = Leaf(leaf.digest, bytes(16), leaf.body)
            blob = pack_entry(seal(decode_header(entry.header), leaves))
    with pytest.raises(AppError) as caught:
        unpack_entry(blob)
    assert caught.value.code == "ENTRY_ALTERED"


def test_leaves_in_another_order_are_refused():
    entry = sealed()
    with pytest.raises(AppError):
        check_payload(seal(decode_header(entry.header), entry.leaves[::-1]))


@pytest.mark.parametrize("blob", [b"", encode([]), encode([b"x", [[DIGEST, None, b"x"]]]), encode([b"x", 1])])
def test_what_is_no_blob_is_refused(blob):
    with pytest.raises(AppError) as caught:
        unpack_entry(blob)
    assert caught.value.code == "JOURNAL_MALFORMED"
