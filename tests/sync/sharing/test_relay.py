"""The relay against the real platform on loopback: who is let in, what it keeps, and what it survives."""

from __future__ import annotations

import secrets

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER
from sync.contract.framing import MAX_FRAME_BYTES, PLAIN
from sync.contract.office_keys import open_as_member
from sync.contract.relay import Act, RelayCall, Rotation, SignedRotation
from sync.contract.sharing import ShelfRequest, key_id, new_institution_key, open_page, read_page, sign_page
from sync.contract.signing import Purpose, enclose
from sync.contract.wire import decode, encode
from sync.lines.addresses import checked_relay_url
from sync.platform import relay
from sync.platform.app import create_app
from sync.platform.database import open_database, reading
from sync.platform.limits import Rate
from sync.platform.schema import relay_page
from tests.sync.running_platform import Running, refusal, served
from tests.sync.sharing.offices import RelayOffice
from tests.sync.sharing.profile_desks import code_of
from tests.sync.statements import ManualClock


def test_pages_of_one_reach_the_others_as_they_were_sent_and_never_come_back(pair):
    first, second = pair
    pages = [first.page(b"one"), first.page(b"two")]
    assert first.exchange(*pages).pages == []
    assert second.exchange().more is False
    assert second.pages == pages
    assert open_page(read_page(second.pages[0]), second.key) == b"one"
    assert second.exchange().pages == []
    assert first.exchange().pages == []


def test_the_same_pages_again_are_on_the_shelf_once(pair, office):
    first, second = pair
    page = first.page()
    first.exchange(page)
    first.exchange(page)
    first.exchange(page, page)
    second.exchange()
    assert second.pages == [page]


def test_pages_are_opaque_where_they_lie(pair, platform):
    first, _ = pair
    first.exchange(first.page(b"Zhang San 420100199001011234" * 20))
    with reading(platform.engine) as connection:
        bodies = connection.scalars(select(relay_page.c.body)).all()
    assert len(bodies) == 1
    assert b"420100" not in bodies[0]


def test_an_answer_holds_no_more_than_is_asked_for_and_the_rest_comes_next(pair):
    first, second = pair
    pages = [first.page(secrets.token_bytes(2000)) for _ in range(5)]
    first.exchange(*pages)
    answer = second.exchange(limit=5000)
    assert (len(answer.pages), answer.more) == (2, True)
    while answer.more:
        answer = second.exchange(limit=5000)
    assert second.pages == pages


def test_nothing_to_do_is_one_request_under_a_kilobyte_both_ways(pair, monkeypatch):
    first, _ = pair
    first.exchange(*[first.page() for _ in range(5)])
    seen = []
    request = requests.Session.request

    def counting(self, *args, **kwargs):
        response = request(self, *args, **kwargs)
        seen.append((len(kwargs["data"]), len(response.content)))
        return response

    monkeypatch.setattr(requests.Session, "request", counting)
    first.exchange()
    assert len(seen) == 1
    assert sum(seen[0]) < 1024


def test_pages_can_be_asked_for_by_name_once_more(pair):
    first, second = pair
    pages = [first.page(), first.page()]
    first.exchange(*pages)
    second.exchange()
    name = read_page(pages[0]).head.page
    assert [one.body for one in second.exchange(again=[name, bytes(16)]).again] == [pages[0]]


def test_the_shelf_tells_its_heads_to_whom_it_is_new(pair, office):
    first, second = pair
    page = first.page()
    tip = read_page(page).head.tips[0]
    first.exchange(page)
    follower = second.page(after=[tip])
    second.exchange(follower)
    third = office.workstation()
    request = ShelfRequest(office=office.office)
    assert third.transport.exchange(request).heads == read_page(follower).head.tips


# Who is let in


def test_who_does_not_hold_the_institution_key_is_not_let_in(pair, office):
    stranger = office.workstation()
    stranger.key = new_institution_key()
    assert code_of(stranger.exchange) == "RELAY_KEY_FORMER"


def test_offices_do_not_see_each_other(pair, platform):
    first, _ = pair
    first.exchange(first.page())
    other = RelayOffice(platform)
    stranger = other.workstation()
    assert stranger.exchange().pages == []
    theirs = stranger.page(office=first.office.office)
    assert code_of(lambda: stranger.exchange(theirs)) == "RELAY_PAGE_FOREIGN"
    other.close()


def test_a_page_in_anothers_name_is_refused_and_nothing_of_the_request_is_kept(pair):
    first, second = pair
    stolen = second.page()
    assert code_of(lambda: first.exchange(first.page(), stolen)) == "RELAY_PAGE_FOREIGN"
    forged = first.page(device=second.device)
    assert code_of(lambda: first.exchange(forged)) == "RELAY_PAGE_FOREIGN"
    second.exchange()
    assert second.pages == []


def test_an_altered_page_is_refused(pair):
    first, _ = pair
    page = bytearray(first.page())
    page[-1] ^= 1
    assert code_of(lambda: first.exchange(bytes(page))) == "SHARE_PAGE_ALTERED"


def sent_by(sharer, office, **changes):
    """A signed exchange as bytes."""
    at = int(sharer.office.relay.clock.now().timestamp() * 1000)
    body = encode(ShelfRequest(office=office.office, epoch=sharer.epoch, number=sharer.number))
    facts = {
        "office": office.office,
        "device": sharer.device,
        "at": at,
        "nonce": secrets.token_bytes(16),
        "act": Act.EXCHANGE,
        "body": body,
    }
    return PLAIN + enclose(sharer.private_key, Purpose.RELAY, encode(RelayCall(**(facts | changes))))


def post(platform, body, act="exchange"):
    return requests.post(f"{platform.url}/v1/relay/{act}", data=body, timeout=20)


def test_a_request_that_was_overheard_is_refused_when_it_comes_again(pair, office, platform):
    first, _ = pair
    request = sent_by(first, office)
    assert post(platform, request).status_code == 200
    assert refusal(post(platform, request)) == (409, "RELAY_REPEATED")


def test_a_request_made_for_one_act_is_refused_at_another(pair, office, platform):
    request = sent_by(pair[0], office)
    assert refusal(post(platform, request, "invitation")) == (400, "REQUEST_MALFORMED")


def test_a_request_signed_by_another_key_is_refused(pair, office, platform):
    first, second = pair
    request = sent_by(second, office, device=first.device)
    assert refusal(post(platform, request)) == (403, "SIGNATURE_INVALID")


def test_a_request_of_another_hour_is_refused(pair, office, platform, clock):
    request = sent_by(pair[0], office)
    clock.move(hours=1)
    assert refusal(post(platform, request)) == (401, "RELAY_CLOCK")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_workstation_whose_clock_is_off_shares_by_the_relays(office, days):
    wrong = ManualClock()
    wrong.move(days=days)
    behind, other = office.workstation(clock=wrong), office.workstation()
    page = behind.page()
    behind.exchange(page)
    other.exchange()
    assert other.pages == [page]


# Changing the key


def test_a_revoked_workstation_is_refused_and_who_remains_goes_on_with_the_new_key(pair, office):
    first, second = pair
    lost = office.workstation()
    lost.exchange()
    new_key = new_institution_key()
    first.exchange(first.rotation([first, second], [lost], new_key))
    assert code_of(lambda: lost.exchange(lost.page())) == "SHARE_DEVICE_REVOKED"
    second.exchange()
    (page,) = [read_page(one) for one in second.pages]
    assert page.head.entries == 0
    said = decode(decode(page.sealed, SignedRotation).payload, Rotation)
    sealed = next(one.sealed_key for one in said.members if one.device == second.device)
    assert open_as_member(sealed, key_id(new_key), second.private_key) == new_key
    with pytest.raises(AppError, match="SHARE_KEY_WRONG"):
        open_as_member(sealed, key_id(new_key), lost.private_key)


def test_after_a_change_only_the_new_key_lets_in(pair, office):
    first, second = pair
    new_key = new_institution_key()
    first.exchange(first.rotation([first, second], [], new_key))
    late = office.workstation()
    assert code_of(late.exchange) == "RELAY_KEY_FORMER"
    late.key = new_key
    assert late.exchange().epoch


def test_a_workstation_let_in_by_a_lost_one_must_show_the_new_key(pair, office):
    first, second = pair
    lost = office.workstation()
    lost.exchange()
    hidden = office.workstation()
    hidden.exchange()
    first.exchange(first.rotation([first, second], [lost], new_institution_key()))
    assert code_of(hidden.exchange) == "RELAY_KEY_FORMER"


def test_a_revoked_workstation_cannot_change_the_key(pair, office):
    first, second = pair
    lost = office.workstation()
    lost.exchange()
    first.exchange(first.rotation([first, second], [lost], new_institution_key()))
    own = lost.rotation([lost], [first, second], new_institution_key())
    assert code_of(lambda: lost.exchange(own)) == "SHARE_DEVICE_REVOKED"
    assert second.exchange().epoch == second.epoch


def test_a_change_not_signed_by_the_former_key_is_refused(pair):
    first, second = pair
    true_key, first.key = first.key, new_institution_key()
    forged = first.rotation([first], [second], new_institution_key())
    head = read_page(forged)
    assert head.head.entries == 0
    first.exchange(forged)  # of a key that was never here: history, without effect
    first.key = true_key
    assert second.exchange().epoch == second.epoch
    page = read_page(first.rotation([first], [second], new_institution_key()))
    signed = decode(page.sealed, SignedRotation)
    broken = encode(SignedRotation(signed.payload, secrets.token_bytes(64)))
    again = sign_page(page.head, broken, first.private_key)
    assert code_of(lambda: first.exchange(again)) == "SIGNATURE_INVALID"


# Limits


def test_too_large_a_request_is_413(pair, platform):
    body = PLAIN + bytes(MAX_FRAME_BYTES)
    assert refusal(post(platform, body)) == (413, "BODY_TOO_LARGE")


def test_who_asks_too_often_is_told_when_to_come_again(engine, clock):
    app = create_app(engine, clock, demo=True, relay_only=True, devices=Rate(4, 1.0))
    with served(app) as url:
        office = RelayOffice(Running(url, engine, clock))
        sharer = office.workstation(attempts=1)
        assert code_of(lambda: [sharer.exchange() for _ in range(9)]) == "RATE_EXCEEDED"
        response = post(office.relay, sent_by(sharer, office))
        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) >= 1
        office.close()


def test_a_relay_alone_serves_nothing_of_reporting(empty_url, clock):
    engine = open_database(empty_url)
    with served(create_app(engine, clock, demo=False, relay_only=True)) as url:
        assert requests.get(f"{url}/v1", timeout=20).status_code == 404
        assert requests.get(f"{url}/v1/health", timeout=20).status_code == 200
        office = RelayOffice(Running(url, engine, clock))
        first, second = office.workstation(), office.workstation()
        page = first.page()
        first.exchange(page)
        second.exchange()
        assert second.pages == [page]
        assert 'endpoint="relay_exchange"' in requests.get(f"{url}/v1/metrics", timeout=20).text
        office.close()
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["http://192.168.1.10:8700", "https://relay.example.cn", "http://office-pc:8700/"]
)
def test_within_a_house_a_relay_needs_no_tls(url):
    assert checked_relay_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["http://relay.example.cn", "ftp://192.168.1.10", "http://8.8.8.8", "https://a@b"]
)
def test_beyond_it_it_does(url):
    assert code_of(lambda: checked_relay_url(url)) == "RELAY_URL"


def test_a_relay_that_is_away_is_told_as_such(office, platform):
    away = office.workstation(attempts=1)
    away.transport._caller._line.url = "http://127.0.0.1:9"
    assert code_of(lambda: away.transport.admit(NEVER)) == "SHELF_UNREACHABLE"


@pytest.mark.parametrize(("failures", "code"), [(1, None), (9, "SHELF_UNREACHABLE")])
def test_a_relay_whose_database_is_away_is_asked_again(pair, monkeypatch, failures, code):
    first, second = pair
    page = first.page()
    done, left = relay._append, [failures]

    def failing(*args):
        left[0] -= 1
        if left[0] >= 0:
            raise OperationalError("INSERT", {}, Exception())
        done(*args)

    monkeypatch.setattr(relay, "_append", failing)
    if code is None:
        first.exchange(page)
        second.exchange()
        assert second.pages == [page]
    else:
        assert code_of(lambda: first.exchange(page)) == code
