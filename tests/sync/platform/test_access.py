"""Who is let in: registration, challenges, tokens, signatures, institutions, demo profiles, revocation."""

from __future__ import annotations

import secrets

import pytest

from sync.contract import signing
from sync.contract.framing import wrap
from sync.contract.wire import Challenge, ChallengeRequest, decode_json, encode_json
from sync.platform.app import create_app
from sync.platform.database import writing
from sync.platform.institutions import revoke_device
from tests.sync.running_platform import OTHER, OWN, Running, answer_of, refusal, served
from tests.sync.statements import ReportKind, SmallClass, of_class

BOTH_DATABASES = True


@pytest.fixture
def small():
    return SmallClass()


def ask_challenge(workstation):
    answer = workstation.post("/v1/challenges", encode_json(ChallengeRequest(device=workstation.device)))
    return decode_json(answer.content, Challenge).challenge


def test_registration_names_the_institution_and_the_platforms_key(workstation, platform):
    told = workstation.registered.json()
    assert (told["uscc"], told["name"], told["kind"]) == (OWN, "湖北江城职业技术学院", "public-vocational")
    assert len(platform.public_key) == signing.KEY_BYTES


def test_a_device_number_with_another_key_is_refused(platform, workstation):
    workstation.private_key = signing.new_private_key()
    assert refusal(workstation.register(platform.code())) == (409, "DEVICE_KNOWN")


def test_a_lost_answer_to_a_registration_is_asked_again(platform, workstation):
    code = platform.code()
    workstation.device = secrets.token_bytes(16)
    assert workstation.register(code).status_code == 201
    assert workstation.register(code).status_code == 201


def test_a_code_is_good_for_one_device(platform, workstation):
    code = platform.code()
    workstation.device = secrets.token_bytes(16)
    assert workstation.register(code).status_code == 201
    workstation.device = secrets.token_bytes(16)
    assert refusal(workstation.register(code)) == (403, "DEVICE_CODE_INVALID")


def test_an_unknown_code_is_refused(workstation):
    workstation.device = secrets.token_bytes(16)
    assert refusal(workstation.register("AAAA-BBBB-CCCC-DDDD")) == (403, "DEVICE_CODE_INVALID")


@pytest.mark.parametrize(("days", "status"), [(6.99, 201), (7.01, 403)])
def test_a_code_is_good_for_seven_days(platform, workstation, clock, days, status):
    code = platform.code()
    workstation.device = secrets.token_bytes(16)
    clock.move(days=days)
    assert workstation.register(code).status_code == status


def test_a_key_that_the_device_does_not_hold_is_refused(platform, workstation):
    stolen = signing.public_key_of(signing.new_private_key())
    workstation.device = secrets.token_bytes(16)
    assert refusal(workstation.register(platform.code(), public_key=stolen)) == (403, "SIGNATURE_INVALID")


def test_an_unknown_contract_is_refused_with_what_to_do(platform, workstation):
    response = workstation.register(platform.code(), contract=99)
    assert refusal(response) == (400, "CONTRACT_UNKNOWN")
    assert "99" in response.json()["error"]["message"]
    assert response.json()["error"]["hint"]


def test_a_challenge_is_good_once(workstation):
    challenge = ask_challenge(workstation)
    assert workstation.answer_challenge(challenge).status_code == 201
    assert refusal(workstation.answer_challenge(challenge)) == (401, "CHALLENGE_INVALID")


def test_a_challenge_expires(workstation, clock):
    challenge = ask_challenge(workstation)
    clock.move(minutes=2, seconds=1)
    assert refusal(workstation.answer_challenge(challenge)) == (401, "CHALLENGE_INVALID")


def test_a_challenge_signed_by_another_key_is_refused(workstation):
    challenge = ask_challenge(workstation)
    response = workstation.answer_challenge(challenge, signing.new_private_key())
    assert refusal(response) == (403, "SIGNATURE_INVALID")


def test_an_unknown_device_gets_no_challenge(workstation):
    answer = workstation.post("/v1/challenges", encode_json(ChallengeRequest(device=b"?" * 16)))
    assert refusal(answer) == (403, "DEVICE_UNKNOWN")


@pytest.mark.parametrize(("seconds", "status"), [(15 * 60 - 1, 200), (15 * 60, 401)])
def test_a_token_is_good_for_15_minutes(workstation, clock, seconds, status):
    clock.move(seconds=seconds)
    assert workstation.exchange().status_code == status


def test_expired_missing_and_forged_tokens_are_told_apart(workstation, clock):
    token = workstation.token
    workstation.token = ""
    assert refusal(workstation.exchange()) == (401, "TOKEN_MISSING")
    workstation.token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    assert refusal(workstation.exchange()) == (401, "TOKEN_INVALID")
    workstation.token = "not base64!"
    assert refusal(workstation.exchange()) == (401, "TOKEN_INVALID")
    workstation.token = token
    clock.move(minutes=15)
    assert refusal(workstation.exchange()) == (401, "TOKEN_EXPIRED")


def test_a_revoked_device_is_refused_at_once_and_in_mid_push(workstation, platform, small):
    batch = workstation.sealer.seal(of_class(small), page_records=10)
    workstation.put_manifest(batch)
    workstation.put_page(batch, 0)
    with writing(platform.engine) as connection:
        revoke_device(connection, platform.clock, workstation.device)
    assert refusal(workstation.put_page(batch, 1)) == (403, "DEVICE_REVOKED")
    assert refusal(workstation.exchange()) == (403, "DEVICE_REVOKED")


def test_a_colleagues_workstation_carries_a_push_on(workstation, platform, small):
    batch = workstation.sealer.seal(of_class(small), page_records=10)
    workstation.put_manifest(batch)
    workstation.put_page(batch, 0)
    colleague = platform.workstation()
    assert colleague.push(batch).accepted == 22
    colleague.session.close()


def test_an_altered_page_is_refused(workstation, small):
    batch = workstation.sealer.seal(of_class(small))
    workstation.put_manifest(batch)
    frame_bytes = bytearray(batch.pages[0])
    frame_bytes[-1] ^= 1
    assert refusal(workstation.put_page(batch, 0, bytes(frame_bytes))) == (422, "PAGE_ALTERED")
    assert workstation.push(batch).accepted == 22


def test_an_altered_manifest_is_refused(workstation, small):
    batch = workstation.sealer.seal(of_class(small))
    parts = signing.split(batch.envelope)
    batch.envelope = signing.join(parts.payload.replace(b"h" * 32, b"i" * 32), parts.signature)
    assert refusal(workstation.put_manifest(batch)) == (403, "SIGNATURE_INVALID")


def test_a_signature_for_another_purpose_is_refused(workstation, small):
    batch = workstation.sealer.seal(of_class(small))
    payload = signing.split(batch.envelope).payload
    batch.envelope = signing.enclose(workstation.private_key, signing.Purpose.CHALLENGE, payload)
    assert refusal(workstation.put_manifest(batch)) == (403, "SIGNATURE_INVALID")


def test_a_batch_of_another_institution_is_refused(workstation, platform, small):
    other = platform.workstation(OTHER)
    batch = other.sealer.seal(of_class(small))
    assert refusal(workstation.put_manifest(batch)) == (403, "INSTITUTION_FOREIGN")
    forged = workstation.sealer.seal(of_class(small), device=other.device)
    assert refusal(workstation.put_manifest(forged)) == (403, "DEVICE_UNKNOWN")
    other.session.close()


def test_an_institution_sees_nothing_of_another(workstation, platform, small):
    batch = workstation.sealer.seal(of_class(small))
    workstation.push(batch)
    other = platform.workstation(OTHER)
    assert refusal(other.get_receipt(batch)) == (404, "BATCH_UNKNOWN")
    assert other.reported().reports == []
    own = answer_of(workstation.exchange(None, institution=0))
    foreign = answer_of(other.exchange(None, institution=0))
    assert not set(own.pages) & set(foreign.pages)
    other.session.close()


def test_a_demo_profile_is_refused_by_a_platform_without_demo(engine, clock, small):
    with served(create_app(engine, clock, demo=False)) as url:
        platform = Running(url, engine, clock)
        refused = platform.workstation()
        assert refusal(refused.registered) == (403, "DEMO_REFUSED")
        real = platform.workstation(demo=False)
        assert real.push(real.sealer.seal(of_class(small))).accepted == 22
        mixed = real.sealer.seal(of_class(SmallClass(2)), demo=True)
        assert refusal(real.put_manifest(mixed)) == (403, "DEMO_REFUSED")
        refused.session.close()
        real.session.close()


def test_a_demo_device_is_refused_once_the_platform_runs_without_demo(engine, clock):
    with served(create_app(engine, clock, demo=True)) as url:
        workstation = Running(url, engine, clock).workstation()
    with served(create_app(engine, clock, demo=False)) as url:
        workstation.platform.url = url
        assert refusal(workstation.exchange()) == (403, "DEMO_REFUSED")
    workstation.session.close()


def test_bodies_that_are_no_contract_are_refused(workstation, small):
    batch = workstation.sealer.seal(of_class(small, ReportKind.ROSTER))
    assert refusal(workstation.post("/v1/exchange", b"\7rubbish")) == (400, "REQUEST_MALFORMED")
    assert refusal(workstation.post("/v1/exchange", wrap(b"\xc1"))) == (400, "REQUEST_MALFORMED")
    assert refusal(workstation.post("/v1/tokens", b"{")) == (400, "REQUEST_MALFORMED")
    batch.envelope = b"\xc1"
    assert refusal(workstation.put_manifest(batch)) == (422, "MANIFEST_MALFORMED")
    assert refusal(workstation.get("/v1/nothing")) == (404, "ENDPOINT_UNKNOWN")
    assert refusal(workstation.get("/v1/exchange")) == (405, "METHOD_NOT_ALLOWED")
    assert refusal(workstation.post("/v1/exchange", b"\0" * (4 * 1024 * 1024 + 1))) == (413, "BODY_TOO_LARGE")


def test_every_answer_tells_the_platforms_clock(workstation, clock):
    answer = workstation.get("/v1")
    assert answer.headers["Training-Now"] == clock.now().isoformat(timespec="seconds")
    assert answer.json()["contracts"] == [1]
