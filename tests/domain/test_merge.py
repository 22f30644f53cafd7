"""Heads, conflicts and the declaration of what records consist of."""

from __future__ import annotations

import itertools

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.merge import Head, counts_as_deleted, merge_heads
from desktop_app.domain.stamps import Stamp


def stamp(ms: int) -> Stamp:
    return Stamp(ms, 0, b"opening1")


def fold(*writes):
    heads = ()
    for ms, seen, value in writes:
        heads = merge_heads(heads, [stamp(n) for n in seen], Head(stamp(ms), value))
    return [(head.stamp.ms, head.value) for head in heads]


def test_a_write_replaces_what_its_author_had_seen():
    assert fold((1, [], "a"), (2, [1], "b")) == [(2, "b")]


def test_writes_that_had_not_seen_each_other_stay_side_by_side_the_latest_first():
    assert fold((1, [], "a"), (2, [1], "b"), (3, [1], "c")) == [(3, "c"), (2, "b")]


def test_an_answer_that_has_seen_all_leaves_one_head():
    assert fold((1, [], "a"), (2, [], "b"), (3, [1, 2], "a")) == [(3, "a")]


def test_what_replaces_is_decided_by_sight_not_by_time():
    assert fold((9, [], "fast clock"), (2, [9], "slow clock")) == [(2, "slow clock")]


def test_any_causal_order_and_repetition_gives_the_same_heads():
    writes = [(1, [], "a"), (2, [1], "b"), (3, [1], "c"), (4, [2], "d")]
    orders = [
        order
        for order in itertools.permutations(writes)
        if order.index(writes[0]) == 0 and order.index(writes[1]) < order.index(writes[3])
    ]
    assert len(orders) == 3
    assert all(fold(*order) == [(4, "d"), (3, "c")] for order in orders)


def test_the_same_write_twice_changes_nothing():
    assert fold((1, [], "a"), (1, [], "a")) == [(1, "a")]


@pytest.mark.parametrize(
    ("deletions", "others", "live_child", "gone"),
    [
        ([], [1], False, False),
        ([(1, {1, 5})], [1], False, True),
        ([(1, {1, 5})], [1], True, False),
        ([(1, {1, 5})], [1, 2], False, False),
        ([(1, {1, 5}), (1, {2, 6})], [1, 2], False, True),
        ([(1, {1, 5}), (0, set())], [1], False, False),
        ([(0, set())], [1], False, False),
        ([(1, {5})], [5], False, True),
    ],
)
def test_a_record_is_hidden_only_while_its_deleters_had_seen_everything(deletions, others, live_child, gone):
    pairs = [(value, frozenset(stamp(n) for n in seen)) for value, seen in deletions]
    assert counts_as_deleted(pairs, [stamp(n) for n in others], has_live_child=live_child) is gone


def test_wire_numbers_are_unique_and_stay():
    assert len({entity.number for entity in m.ENTITIES}) == len(m.ENTITIES)
    for entity in m.ENTITIES:
        numbers = [group.number for group in entity.groups]
        assert len(set(numbers)) == len(numbers)
        fields = [name for group in entity.groups for name in group.fields]
        assert len(set(fields)) == len(fields)
        assert entity.groups[0].number == m.DELETED
    fixed = {"trainee": 9, "enrolment": 10, "mark": 11, "score": 13, "certificate": 14, "batch": 16}
    assert {name: m.BY_NAME[name].number for name in fixed} == fixed
    assert {group.name: group.number for group in m.SESSION.groups} == {
        "deleted": 0,
        "origin": 1,
        "number": 2,
        "place": 3,
        "content": 4,
        "state": 5,
        "make_up": 6,
        "online": 7,
        "substitute": 8,
        "shares": 9,
        "site_id": 10,
    }


def test_a_child_has_a_higher_number_than_its_parents_so_that_entries_and_deletions_can_go_by_it():
    for entity in m.ENTITIES:
        assert all(m.BY_NAME[parent].number < entity.number for parent in entity.parents.values())


def test_personal_groups_are_those_of_the_architecture():
    personal = {
        (entity.name, group.name) for entity in m.ENTITIES for group in entity.groups if group.personal
    }
    assert {
        ("trainee", "name"),
        ("trainee", "document"),
        ("trainee", "phone"),
        ("trainee", "address"),
        ("enrolment", "evidence"),
        ("enrolment", "employment"),
    } <= personal
    assert not any(entity in {"mark", "score", "session", "training_class"} for entity, _ in personal)


def test_composite_keys_split_and_join():
    key = bytes(range(32)) + b"\x01\x02"
    assert m.CERTIFICATE.key_size == 34
    assert m.CERTIFICATE.split_key(key) == (bytes(range(16)), bytes(range(16, 32)), 258)
    assert m.CERTIFICATE.join_key(m.CERTIFICATE.split_key(key)) == key
