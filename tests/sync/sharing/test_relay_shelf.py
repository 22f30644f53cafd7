"""What the relay's shelf promises whatever database keeps it: order, epochs, and who is shut out."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, select, update

from sync.contract.sharing import ShelfRequest, new_institution_key
from sync.platform import relay
from sync.platform.database import reading, writing
from sync.platform.schema import relay_device, relay_key, relay_office, relay_page
from tests.sync.sharing.profile_desks import code_of

BOTH_DATABASES = True


def test_two_administrators_who_change_the_key_at_once_both_shut_out_whom_they_revoke(pair, office):
    first, second = pair
    one, other = office.workstation(), office.workstation()
    one.exchange()
    other.exchange()
    first.exchange(first.rotation([first, second, other], [one], new_institution_key()))
    second.exchange(second.rotation([first, second, one], [other], new_institution_key()))
    assert code_of(one.exchange) == "SHARE_DEVICE_REVOKED"
    assert code_of(other.exchange) == "SHARE_DEVICE_REVOKED"
    assert first.exchange().epoch == second.exchange().epoch


def emptied(platform):
    with writing(platform.engine) as connection:
        for table in (relay_page, relay_device, relay_key, relay_office):
            connection.execute(delete(table))


def test_an_emptied_relay_takes_all_back_in_a_new_epoch(pair, platform):
    first, second = pair
    page = first.page()
    first.exchange(page)
    former = first.epoch
    emptied(platform)
    first.exchange(page)
    assert first.epoch != former
    second.exchange()
    assert second.epoch == first.epoch
    assert page in second.pages


def test_a_restored_relay_begins_a_new_epoch_though_it_has_grown_again(pair, platform):
    """Numbers that it lost are not given again, so the workstation that had them is not passed over."""
    first, second = pair
    first.exchange(first.page())
    second.exchange()
    with reading(platform.engine) as connection:
        saved = connection.execute(select(relay_office.c.newest, relay_office.c.heads)).one()
    first.exchange(first.page())
    second.exchange()
    former = second.epoch
    with writing(platform.engine) as connection:
        connection.execute(delete(relay_page).where(relay_page.c.number > saved.newest))
        connection.execute(update(relay_office).values(newest=saved.newest, heads=saved.heads))
    first.number = saved.newest
    missed = [first.page() for _ in range(20)]
    first.exchange(*missed)
    second.exchange()
    assert second.epoch != former
    assert set(missed) <= set(second.pages)


def test_a_page_that_commits_late_is_never_passed_over(pair, platform, office):
    """Two workers at work on one shelf, the one that came first commits last, and a pull comes in between."""
    first, second = pair
    reader = office.workstation()
    reader.exchange()
    pages = [first.page(b"first"), second.page(b"second")]
    holding, go_on, done = threading.Event(), threading.Event(), threading.Event()
    append = relay._append

    def slow(connection, row, read, bodies):
        append(connection, row, read, bodies)
        if bodies == [pages[0]]:
            holding.set()
            assert go_on.wait(20)

    def put(sharer, page):
        sharer.exchange(page)
        if sharer is second:
            done.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "_append", slow)
        threads = [threading.Thread(target=put, args=one) for one in zip(pair, pages, strict=True)]
        threads[0].start()
        assert holding.wait(20)
        threads[1].start()
        assert not done.wait(0.3)  # it waits for its turn
        assert reader.exchange().pages == []
        go_on.set()
        for thread in threads:
            thread.join()
    reader.exchange()
    assert reader.pages == pages


def test_the_same_page_twice_at_once_is_on_the_shelf_once(pair, office):
    """As a request that timed out and is made again while the relay still works on the first."""
    first, second = pair
    page = first.page(b"once")
    together = threading.Barrier(2)
    append = relay._append

    def slow(connection, row, read, bodies):
        append(connection, row, read, bodies)
        threading.Event().wait(0.05)  # the other request comes to the office's row meanwhile

    def put(way):
        together.wait(20)
        way.exchange(ShelfRequest(office=office.office, epoch=first.epoch, number=first.number, pages=[page]))

    ways = [first.another_way(), first.another_way()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "_append", slow)
        threads = [threading.Thread(target=put, args=(way,)) for way in ways]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    second.exchange()
    assert second.pages == [page]
