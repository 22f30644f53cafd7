"""Evidence after the records: part by part, taken up where it broke off, complete only when all of it has arrived."""

from __future__ import annotations

import hashlib

import pytest

from desktop_app.domain.claims import Decision
from desktop_app.domain.claims.keys import claim_key
from desktop_app.domain.errors import AppError
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.ports import NEVER
from sync.contract.evidence import file_name
from sync.contract.framing import wrap
from sync.contract.signing import Purpose, enclose
from sync.contract.wire import EvidenceFile, EvidenceList, EvidenceStatus, FileStatus, encode
from sync.platform import claims, files
from sync.platform.__main__ import main as platform_main
from sync.platform.database import reading, writing
from sync.reporting import evidence_queue
from tests.factories.pictures import jpeg
from tests.sync.reporting.offices import MADE_ON, PEOPLE
from tests.sync.running_platform import OWN, frame, refusal

SUBJECT = "ab" * 16


@pytest.fixture
def claimed(office):
    """An accepted claim, and a scan for each of two people."""
    office.claim_for_all(100_000)
    for number, person in enumerate(office.people[:2]):
        scan = jpeg(f"证件 {number}", (1200, 1600))
        services = office.as_role("office")
        services.evidence.add(Owner("trainee", person), Paper("id_card"), scan, f"{number}.jpg")
    office.as_role("admin")
    return office


def standing(office):
    with reading(office.platform.engine) as connection:
        return files.standing(connection, office.class_id.hex())


def digests(office):
    with office.batches.view() as view:
        return dict(view.evidence_of(office.class_id))


def test_nothing_goes_before_the_claim_is_accepted_and_everything_after_it(claimed, capsys, seeded_url):
    assert claimed.engine.sync().pushed == ()
    assert standing(claimed) is None
    claimed.report_all()
    claimed.engine.sync()
    assert standing(claimed) == (2, 2)
    assert platform_main(["--db", seeded_url, "claim", "evidence", claimed.class_id.hex()]) == 0
    assert "佐证 2 份，已到 2 份" in capsys.readouterr().out


def test_a_run_that_breaks_off_goes_on_where_it_was(claimed, monkeypatch):
    monkeypatch.setattr(evidence_queue, "PART_BYTES", 10_000)
    claimed.report_all()
    take, starts = files.take_part, []

    def counted(connection, caller, name, start, part):
        starts.append((name, start))
        if len(starts) == 3:
            raise AppError("PLATFORM_FAILED")
        return take(connection, caller, name, start, part)

    monkeypatch.setattr(files, "take_part", counted)
    with pytest.raises(AppError, match="PLATFORM_FAILED"):
        claimed.engine.sync()
    listed, arrived = standing(claimed)
    assert listed == 2
    assert arrived < 2
    claimed.new_process().sync()
    assert standing(claimed) == (2, 2)
    assert starts[2] == starts[3]
    assert len(set(starts)) == len(starts) - 1


def test_what_has_arrived_is_not_sent_again_and_what_is_new_is(claimed, monkeypatch):
    claimed.report_all()
    claimed.engine.sync()
    take, seen = files.take_part, []
    monkeypatch.setattr(files, "take_part", lambda *given: (seen.append(given[2]), take(*given))[1])
    claimed.engine.sync()
    assert seen == []
    services = claimed.as_role("office")
    third = Owner("trainee", claimed.people[2])
    services.evidence.add(third, Paper("id_card"), jpeg("第三人"), "3.jpg")
    claimed.as_role("admin").reporting.sync()
    assert len(set(seen)) == 1
    assert standing(claimed) == (3, 3)


def test_a_file_that_is_not_here_holds_up_no_other_and_is_told(claimed):
    claimed.report_all()
    lost = min(digests(claimed))
    claimed.services.evidence.files.path(lost).unlink()
    with pytest.raises(AppError) as told:
        claimed.engine.sync()
    assert (told.value.code, told.value.params["count"]) == ("EVIDENCE_NOT_SENT", 1)
    assert standing(claimed) == (2, 1)
    (shown,) = [one for one in claimed.engine.preflight().problems if one.code == "EVIDENCE_NOT_HERE"]
    person = next(one for one, (name, _) in zip(claimed.people, PEOPLE, strict=True) if name == shown.subject)
    assert (shown.report, shown.kind, shown.key, shown.severity) == ("claim", "trainee", person, "warning")
    assert shown in claimed.engine.known_standing()[1].problems
    key = claim_key(claimed.class_id, "skill_action", MADE_ON)
    with writing(claimed.platform.engine) as connection, pytest.raises(AppError) as refused:
        claims.decide(connection, claimed.platform.clock, key.hex(), claims.Verdict(Decision.APPROVED))
    told = refused.value
    assert (told.code, told.params) == ("CLAIM_EVIDENCE_LACKING", {"listed": 2, "arrived": 1})


def test_stopping_between_two_parts_keeps_what_has_arrived(claimed, monkeypatch):
    monkeypatch.setattr(evidence_queue, "PART_BYTES", 10_000)
    claimed.report_all()

    class Stop:
        parts = 0

        def is_cancelled(self):
            return self.parts > 1

    stop, send = Stop(), evidence_queue.stop_if_cancelled

    def counted(cancel):
        stop.parts += 1
        send(stop)

    monkeypatch.setattr(evidence_queue, "stop_if_cancelled", counted)
    with pytest.raises(AppError, match="CANCELLED"):
        claimed.engine.sync(cancel=NEVER)
    monkeypatch.setattr(evidence_queue, "stop_if_cancelled", send)
    claimed.engine.sync()
    assert standing(claimed) == (2, 2)


def listed(workstation, content, size=None, name=None, **changes):
    digest = hashlib.sha256(content).digest()
    one = EvidenceFile(name or file_name(OWN, digest), digest, size or len(content))
    facts = {"uscc": OWN, "subject": SUBJECT, "files": [one]} | changes
    return enclose(workstation.private_key, Purpose.EVIDENCE, encode(EvidenceList(**facts)))


def put(workstation, path, body):
    return workstation._send("PUT", path, wrap(body))


def test_bad_lists_and_bad_parts_are_told_apart_and_harmless(workstation):
    content = b"0123456789" * 10
    name = file_name(OWN, hashlib.sha256(content).digest())
    place, path = f"/v1/evidence/{SUBJECT}", f"/v1/files/{name.hex()}?start="
    assert refusal(put(workstation, f"{path}0", content)) == (404, "FILE_UNKNOWN")
    assert refusal(put(workstation, "/v1/files/x?start=0", content)) == (404, "FILE_UNKNOWN")
    for bad, told in (
        (listed(workstation, content, name=b"n" * 32), (422, "FILE_ALTERED")),
        (listed(workstation, content, subject="cd" * 16), (403, "INSTITUTION_FOREIGN")),
        (listed(workstation, content)[:-1] + b"\0", (403, "SIGNATURE_INVALID")),
    ):
        assert refusal(put(workstation, place, bad)) == told
    status = frame(put(workstation, place, listed(workstation, content)), EvidenceStatus)
    assert [(one.name, one.received) for one in status.lacking] == [(name, 0)]
    assert refusal(put(workstation, f"{path}x", content)) == (400, "REQUEST_MALFORMED")
    assert refusal(put(workstation, f"{path}5", content)) == (409, "FILE_OUT_OF_ORDER")
    assert refusal(put(workstation, f"{path}0", content + b"x")) == (422, "FILE_ALTERED")
    first = frame(put(workstation, f"{path}0", content[:60]), FileStatus)
    assert (first.received, first.complete) == (60, False)
    assert frame(put(workstation, f"{path}0", content[:60]), FileStatus) == first
    spoilt = frame(put(workstation, f"{path}60", b"x" * 40), FileStatus)
    assert (spoilt.received, spoilt.complete) == (0, False)
    whole = frame(put(workstation, f"{path}0", content), FileStatus)
    assert (whole.received, whole.complete) == (100, True)
    assert frame(put(workstation, f"{path}0", content), FileStatus) == whole
    assert frame(put(workstation, place, listed(workstation, content)), EvidenceStatus).lacking == []
