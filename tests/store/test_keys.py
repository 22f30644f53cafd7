"""Key slots: the right secret opens, the wrong one counts, a damaged file says so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.store.keys import (
    LOCK_TIME,
    MAX_FAILURES,
    Argon2Cost,
    KeySlots,
    new_data_key,
    write_atomically,
)
from tests.factories.workstations import SetClock

CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)
KEY = bytes(range(32))
PASSWORD, WRONG = "Kechuang-2020", "Kechuang-2021"


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def slots(tmp_path, clock):
    slots = KeySlots(tmp_path / "keys.json", clock, CHEAP)
    slots.add("wang", PASSWORD, KEY)
    return slots


def code_of(call, *arguments):
    with pytest.raises(AppError) as caught:
        call(*arguments)
    return caught.value.code


def test_password_opens_and_every_user_has_a_slot(slots):
    slots.add("li", "Other-2020", KEY)
    assert slots.open("wang", PASSWORD) == KEY
    assert slots.open("li", "Other-2020") == KEY
    assert slots.logins() == ["li", "wang"]


def test_full_cost_is_64_mebibytes_and_three_passes(tmp_path, clock):
    slots = KeySlots(tmp_path / "keys.json", clock)
    slots.add("wang", PASSWORD, KEY)
    slot = json.loads((tmp_path / "keys.json").read_text())["slots"]["wang"]
    assert slot["memory_kib"] >= 64 * 1024
    assert slot["passes"] >= 3
    assert slots.open("wang", PASSWORD) == KEY


def test_the_file_holds_neither_key_nor_password(slots, tmp_path):
    text = (tmp_path / "keys.json").read_text()
    assert KEY.hex() not in text
    assert PASSWORD not in text


def test_wrong_password_counts_down_and_the_fifth_locks(slots):
    left = []
    for _ in range(MAX_FAILURES - 1):
        with pytest.raises(AppError) as caught:
            slots.open("wang", WRONG)
        assert caught.value.code == "LOGIN_WRONG"
        left.append(caught.value.params["left"])
    assert left == [4, 3, 2, 1]
    assert code_of(slots.open, "wang", WRONG) == "LOGIN_LOCKED"
    assert code_of(slots.open, "wang", PASSWORD) == "LOGIN_LOCKED"


def test_four_failures_are_forgotten_by_a_login(slots):
    for _ in range(4):
        code_of(slots.open, "wang", WRONG)
    slots.open("wang", PASSWORD)
    assert code_of(slots.open, "wang", WRONG) == "LOGIN_WRONG"
    assert slots.open("wang", PASSWORD) == KEY


def test_failures_are_counted_across_processes(slots, tmp_path, clock):
    for _ in range(5):
        code_of(KeySlots(tmp_path / "keys.json", clock, CHEAP).open, "wang", WRONG)
    assert code_of(slots.open, "wang", PASSWORD) == "LOGIN_LOCKED"


@pytest.mark.parametrize(("short_by", "opens"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_the_lock_ends_after_its_time(slots, clock, short_by, opens):
    for _ in range(5):
        code_of(slots.open, "wang", WRONG)
    clock.moment += LOCK_TIME - short_by
    if opens:
        assert slots.open("wang", PASSWORD) == KEY
    else:
        assert code_of(slots.open, "wang", PASSWORD) == "LOGIN_LOCKED"


def test_an_administrator_can_unlock(slots):
    for _ in range(5):
        code_of(slots.open, "wang", WRONG)
    slots.unlock("wang")
    assert slots.open("wang", PASSWORD) == KEY


def test_one_users_failures_do_not_lock_another(slots):
    slots.add("li", "Other-2020", KEY)
    for _ in range(5):
        code_of(slots.open, "wang", WRONG)
    assert slots.open("li", "Other-2020") == KEY


def test_unknown_name_is_told_like_a_wrong_password(slots):
    assert code_of(slots.open, "nobody", PASSWORD) == "LOGIN_WRONG"


def test_a_removed_slot_opens_no_more_and_a_new_password_replaces_the_old(slots):
    slots.add("wang", "New-2020", KEY)
    assert code_of(slots.open, "wang", PASSWORD) == "LOGIN_WRONG"
    slots.remove("wang")
    slots.remove("wang")
    assert code_of(slots.open, "wang", "New-2020") == "LOGIN_WRONG"


def test_recovery_code_opens_however_it_is_typed_and_is_no_login(slots):
    code = slots.add_recovery(KEY)
    assert len(code.replace("-", "")) == 32
    assert slots.open_with_code(code) == KEY
    assert slots.open_with_code(code.lower().replace("-", " ")) == KEY
    assert slots.logins() == ["wang"]


def test_wrong_or_former_recovery_code_is_refused(slots):
    assert code_of(slots.open_with_code, "AAAA") == "RECOVERY_CODE_WRONG"
    former = slots.add_recovery(KEY)
    slots.add_recovery(KEY)
    assert code_of(slots.open_with_code, former) == "RECOVERY_CODE_WRONG"


def test_a_slot_moved_to_another_name_does_not_open(slots, tmp_path):
    path = tmp_path / "keys.json"
    content = json.loads(path.read_text())
    content["slots"]["li"] = content["slots"]["wang"]
    path.write_text(json.dumps(content))
    assert code_of(slots.open, "li", PASSWORD) == "LOGIN_WRONG"


def test_no_file_means_not_set_up(tmp_path, clock):
    slots = KeySlots(tmp_path / "keys.json", clock, CHEAP)
    assert not slots.exists()
    assert code_of(slots.open, "wang", PASSWORD) == "PROFILE_NOT_SET_UP"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"slots": []}',
        b'{"slots": {"wang": 1}}',
        b'{"slots": {"wang": {}}}',
        b'{"slots": {"wang": {"salt": "zz", "memory_kib": 8, "passes": 1, "lanes": 1, "nonce": "", "wrapped": ""}}}',
        b'{"slots": {"wang": {"salt": "00", "memory_kib": 0, "passes": 1, "lanes": 1, "nonce": "", "wrapped": ""}}}',
    ],
)
def test_a_damaged_file_says_so(slots, tmp_path, content):
    (tmp_path / "keys.json").write_bytes(content)
    assert code_of(slots.open, "wang", PASSWORD) == "KEY_FILE_DAMAGED"


def test_data_keys_are_random_and_of_256_bits():
    keys = {new_data_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


def test_writing_replaces_whole_files_only(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [child.name for child in tmp_path.iterdir()] == ["file"]
