"""Hashes of entries, computed here by hand from the definition."""

from __future__ import annotations

import hashlib

from desktop_app.domain.entries import Leaf, SealedEntry, entry_id, leaf_hash, payload_hash

SALT = bytes(16)


def test_leaf_hash_is_over_salt_and_body():
    assert leaf_hash(SALT, b"body") == hashlib.sha256(SALT + b"body").digest()


def test_payload_hash_is_over_the_leaf_hashes_in_order():
    assert payload_hash([b"a" * 32, b"b" * 32]) == hashlib.sha256(b"a" * 32 + b"b" * 32).digest()
    assert payload_hash([b"b" * 32, b"a" * 32]) != payload_hash([b"a" * 32, b"b" * 32])


def test_id_of_an_entry_is_the_hash_of_its_header():
    assert SealedEntry(b"header", ()).id == entry_id(b"header") == hashlib.sha256(b"header").digest()


def test_copies_with_different_leaves_complete_each_other():
    first, second = Leaf(b"1" * 32, SALT, b"one"), Leaf(b"2" * 32, SALT, b"two")
    gone = [Leaf(leaf.digest, None, None) for leaf in (first, second)]
    left = SealedEntry(b"header", (first, gone[1]))
    right = SealedEntry(b"header", (gone[0], second))
    assert not left.is_complete
    assert left.completed_by(right) == right.completed_by(left) == SealedEntry(b"header", (first, second))
    assert left.completed_by(right).is_complete
