"""Frames, records, digests, order, signatures: bytes as sent."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

import resources
from desktop_app.domain.errors import AppError
from sync.contract import signing
from sync.contract.digest import EMPTY_STATEMENT, institution_digest, statement_digest
from sync.contract.errors import HTTP_STATUS, RECORD_CODES
from sync.contract.framing import MAX_FRAME_BYTES, frame_hash, unwrap, wrap
from sync.contract.kinds import FACTS
from sync.contract.texts import hint, sentence
from sync.contract.wire import Page, Record, Section, decode, encode, in_order, left, put
from tests.sync.statements import SmallClass


@given(st.binary(max_size=3000))
def test_a_frame_gives_back_its_bytes(data):
    assert unwrap(wrap(data)) == data


@pytest.mark.parametrize("frame", [b"", b"\2abc", b"\1abc", b"\1" + zstandard.compress(b"x" * 500)[:-3]])
def test_no_frame_is_refused(frame):
    with pytest.raises(AppError, match="PAGE_MALFORMED"):
        unwrap(frame)


def test_frames_beyond_the_limits_are_refused():
    assert unwrap(b"\0" + b"x" * (MAX_FRAME_BYTES - 1))
    for frame in (b"\0" + b"x" * MAX_FRAME_BYTES, b"\1" + zstandard.compress(b"\0" * (16 * 1024 * 1024 + 1))):
        with pytest.raises(AppError, match="BODY_TOO_LARGE"):
            unwrap(frame)


def test_a_page_keeps_the_bytes_of_fields_that_it_does_not_know():
    body = msgspec.msgpack.encode({"status": "late", "mood": "sunny"})
    data = encode(Page(0, [Section(0, [Record("mark", b"k" * 32, msgspec.Raw(body))])]))
    read = decode(data, Page)
    assert read.sections[0].records[0].body == body
    assert encode(read) == data


def test_an_empty_map_is_no_record_that_left():
    assert (put("mark", b"k", {}).leaves, left("mark", b"k").leaves) == (False, True)


def test_parents_come_first_and_leave_last():
    small = SmallClass()
    records = [
        left("class", small.id),
        left("enrolment", small.enrolment(0).key),
        left("trainee", small.trainees[0]),
        small.enrolment(1),
        small.trainee(1),
        small.training_class(),
    ]
    assert [(one.kind, one.leaves) for one in in_order(records)] == [
        ("class", False),
        ("trainee", False),
        ("enrolment", False),
        ("enrolment", True),
        ("trainee", True),
        ("class", True),
    ]


def test_a_statements_digest_is_the_hash_of_its_records_as_arrays():
    small = SmallClass()
    records = [small.mark(0, 0), small.mark(0, 1, status="late")]
    expected = hashlib.sha256(b"".join(encode([r.kind, r.key, r.fields]) for r in records)).digest()
    assert statement_digest((12, r.key, r.body) for r in records) == expected
    assert statement_digest((12, r.key, r.body) for r in records[:1]) != expected


def test_an_institutions_digest_depends_on_every_report_but_not_on_order_or_empty_ones():
    reports = [("attendance", "ab", b"1" * 32), ("roster", "ab", b"2" * 32), ("roster", "aa", b"3" * 32)]
    digest = institution_digest(reports)
    assert institution_digest(reversed(reports)) == digest
    assert institution_digest([*reports, ("roster", "ff", EMPTY_STATEMENT)]) == digest
    for place, changed in enumerate(("roster", "ac", b"4" * 32)):
        other = list(reports[0])
        other[place] = changed
        assert institution_digest([tuple(other), *reports[1:]]) != digest


def test_numbers_of_kinds_are_unique_and_small():
    numbers = [facts.number for facts in FACTS.values()]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < 2**15


def test_a_signature_holds_for_its_key_purpose_and_bytes_only():
    key, other = signing.new_private_key(), signing.new_private_key()
    envelope = signing.enclose(key, signing.Purpose.RECEIPT, b"payload")
    assert signing.disclose(signing.public_key_of(key), signing.Purpose.RECEIPT, envelope) == b"payload"
    for public, purpose in (
        (signing.public_key_of(other), signing.Purpose.RECEIPT),
        (signing.public_key_of(key), signing.Purpose.STREAM),
        (b"short", signing.Purpose.RECEIPT),
    ):
        with pytest.raises(AppError, match="SIGNATURE_INVALID"):
            signing.disclose(public, purpose, envelope)
    with pytest.raises(AppError, match="SIGNATURE_INVALID"):
        signing.disclose(
            signing.public_key_of(key), signing.Purpose.RECEIPT, envelope.replace(b"payload", b"paybill")
        )


def test_what_is_no_envelope_is_refused():
    with pytest.raises(AppError, match="REQUEST_MALFORMED"):
        signing.split(encode([b"payload", b"short"]))


def test_a_page_is_named_by_the_hash_of_its_frame():
    assert frame_hash(b"\0abc") == hashlib.sha256(b"\0abc").digest()


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_every_code_of_the_contract_has_a_sentence_and_a_next_step(language):
    for code in [*HTTP_STATUS, *RECORD_CODES]:
        assert resources.has_text(f"error.{code}", language), code
        assert resources.has_text(f"hint.{code}", language), code


def test_a_code_of_a_newer_platform_is_told_as_it_is():
    assert (sentence("NEVER_HEARD_OF", {}), hint("NEVER_HEARD_OF", {})) == ("NEVER_HEARD_OF", None)
    assert sentence("LOST_HOURS_TOO_MANY", {}) == "LOST_HOURS_TOO_MANY"


def test_frames_made_by_many_threads_at_once_hold_each_its_own():
    bodies = [f"{number}".encode() * 20_000 for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(wrap, bodies * 25))
    assert [unwrap(frame) for frame in frames] == bodies * 25
