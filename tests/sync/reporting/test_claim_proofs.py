"""A claim's proof: delivered after the claim, exported by the platform, checked with public keys alone."""

from __future__ import annotations

import json
import random

import msgspec
import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from desktop_app.services.attendance import NewMark
from desktop_app.services.ports import NEVER
from sync.contract.checking import check_claim
from sync.contract.kinds import PROVES
from sync.contract.proof import ClaimProof, OpenLeaf, Trail, read_header
from sync.contract.signing import Purpose, enclose, new_private_key, split
from sync.contract.wire import Record, decode, encode
from sync.platform.__main__ import main
from sync.platform.claim_proofs import export_claim
from sync.platform.database import writing
from sync.platform.identity import load_identity
from sync.platform.schema import claim_trail
from sync.reporting.http_adapter import PlatformApi
from sync.reporting.proving import DELIVERED, deliver_trails, make_trail
from tests.factories.offices import PASSWORD
from tests.sync.reporting.offices import FREE, PEOPLE, TAKEN
from tests.sync.statements import ManualClock

FEN = 120_000


@pytest.fixture
def key(office):
    """A claim of all three people was accepted, and its trail with it."""
    key = office.claim_for_all(FEN)
    assert office.report_all().rejected == 0
    return key


def export(office, key):
    with writing(office.platform.engine) as connection:
        return export_claim(connection, ManualClock(), load_identity(office.platform.engine), key.hex())


def platform_key(office):
    return load_identity(office.platform.engine).public_key


def code_of(call, *given):
    with pytest.raises(AppError) as caught:
        call(*given)
    return caught.value.code


def read(data):
    return decode(split(data).payload, ClaimProof)


def forged(office, proof, **changed):
    """The proof as the platform itself would sign it with other contents: signatures within must still tell."""
    platform = load_identity(office.platform.engine)
    return enclose(platform.private_key, Purpose.PROOF, encode(msgspec.structs.replace(proof, **changed)))


def with_trail(office, proof, change):
    """The proof with a trail that the institution's own workstation signed, altered."""
    trail = decode(split(proof.trail).payload, Trail)
    device, private = office.batches.device()
    assert device == proof.devices[0].device
    return forged(office, proof, trail=enclose(private, Purpose.TRAIL, encode(change(trail))))


def test_the_proof_says_who_marked_whom_when_and_where(office, key):
    claim = check_claim(export(office, key), platform_key(office))
    assert [one.name for one in claim.people] == [
        name for _, (name, _) in sorted(zip(office.people, PEOPLE, strict=True))
    ]
    assert claim.marks == len(PEOPLE) * len(office.sessions)
    workstation = office.batches.device_name()
    for person in claim.people:
        assert (person.fen, person.granted_fen, person.paid_fen) == (FEN, 0, 0)
        assert person.document[6:16] == "*" * 10
        assert set(person.marks) == set(office.sessions)
        for writes in person.marks.values():
            (write,) = writes
            assert (write.status, write.command, write.by) == ("present", "mark_one", "office 账号")
            assert write.workstation == workstation
            assert write.at.year == 2020


def test_the_proof_says_who_enrolled_scored_and_certified_whom(office, key):
    data = export(office, key)
    claim, workstation = check_claim(data, platform_key(office)), office.batches.device_name()
    assert claim.records == 3 * len(PEOPLE)
    for person in claim.people:
        assert [act.kind for act in person.acts] == ["enrolment", "score", "certificate"]
        assert {(act.by, act.workstation) for act in person.acts} == {("office 账号", workstation)}
        enrolled, scored, certified = person.acts
        assert enrolled.values["funding"][0] == "employee"
        assert (scored.values["theory"], scored.values["practice"]) == (["scored", 800], ["scored", 750])
        assert certified.values["number"][0].startswith(FREE)
    for _, number in PEOPLE:
        assert number.encode() not in data
    assert b"13800001111" not in data


def test_a_corrected_number_is_shown_with_the_one_before(office, key):
    office.number(0, TAKEN[:-1] + "9")
    office.report_all("与发证名单核对")
    claim = check_claim(export(office, key))
    person = next(one for one in claim.people if one.trainee == office.people[0])
    numbers = [act.values["number"][0] for act in person.acts if act.kind == "certificate"]
    assert len(numbers) == 2
    assert numbers[-1] == TAKEN[:-1] + "9"


def test_acts_that_are_altered_left_out_or_told_otherwise_are_refused(office, key):
    proof = read(export(office, key))

    def without(word, code):
        """The trail without the leaves that say a word."""

        def change(trail):
            entries = [
                msgspec.structs.replace(one, leaves=[leaf for leaf in one.leaves if word not in leaf.body])
                for one in trail.entries
            ]
            assert entries != trail.entries
            return msgspec.structs.replace(trail, entries=entries)

        assert code_of(check_claim, with_trail(office, proof, change)) == code

    def altered(word, other):
        def change(trail):
            place, entry = next(
                (place, one)
                for place, one in enumerate(trail.entries)
                if any(word in leaf.body for leaf in one.leaves)
            )
            leaves = [
                OpenLeaf(leaf.place, leaf.salt, leaf.body.replace(word, other)) for leaf in entry.leaves
            ]
            return replaced(trail, place, msgspec.structs.replace(entry, leaves=leaves))

        assert code_of(check_claim, with_trail(office, proof, change)) == "CLAIM_PROOF_ALTERED"

    for word in (b"employee", b"scored", FREE.encode()):
        without(word, "CLAIM_PROOF_RECORD_MISSING")
        altered(word, word[::-1])
    first, *others = proof.enrolments
    told = msgspec.structs.replace(first, category="key_group", key_group="disabled")
    for enrolments in ([told, *others], others):
        data = forged(office, proof, enrolments=enrolments)
        assert code_of(check_claim, data) == "CLAIM_PROOF_RECORD_MISSING"


def test_a_correction_is_shown_with_what_stood_there_before(office, key):
    attendance = office.as_role(Role.OFFICE).attendance
    late = NewMark(office.people[0], Mark(MarkStatus.LATE, 1))
    attendance.mark(office.sessions[0], [late], reason="签到表为迟到")
    office.profile.log_in("admin", PASSWORD)
    office.report_all("核对签到表")
    claim = check_claim(export(office, key))
    person = next(one for one in claim.people if one.trainee == office.people[0])
    first, second = person.marks[office.sessions[0]]
    assert (first.status, second.status, second.lost_hours) == ("present", "late", 1)
    assert "签到表为迟到".encode() not in export(office, key)


def test_nothing_is_proven_before_the_trail_has_come(office, key):
    with writing(office.platform.engine) as connection:
        connection.execute(claim_trail.delete())
    assert code_of(export, office, key) == "CLAIM_PROOF_MISSING"
    assert code_of(export, office, b"\0" * 20) == "CLAIM_UNKNOWN"
    assert code_of(export, office, b"\0" * 3) == "CLAIM_UNKNOWN"


def test_a_trail_that_did_not_get_through_goes_with_the_next_sync_and_once_only(office, monkeypatch):
    key = office.claim_for_all(FEN)
    sent = PlatformApi.put_trail

    def refuse(*_given):
        raise AppError("PLATFORM_UNREACHABLE", detail="cut")

    monkeypatch.setattr(PlatformApi, "put_trail", refuse)
    assert office.report_all().rejected == 0
    assert code_of(export, office, key) == "CLAIM_PROOF_MISSING"
    calls = []
    monkeypatch.setattr(PlatformApi, "put_trail", lambda *given: calls.append(1) or sent(*given))
    office.engine.sync()
    assert check_claim(export(office, key)).marks == len(PEOPLE) * len(office.sessions)
    office.engine.sync()
    assert len(calls) == 1


def test_who_never_answers_gets_no_trail(office, key):
    office.batches.set_settings({DELIVERED: encode({})})

    class Mute:
        answers = False

    assert deliver_trails(office.batches, Mute(), NEVER) == 0
    assert office.batches.setting(DELIVERED) == encode({})


def test_a_proof_of_another_platform_is_refused(office, key):
    data = export(office, key)
    assert code_of(check_claim, data, bytes(32)) == "CLAIM_PROOF_KEY"
    fake = new_private_key()
    signed = enclose(fake, Purpose.PROOF, split(data).payload)
    assert code_of(check_claim, signed) == "CLAIM_PROOF_SIGNATURE"


def test_forged_statements_are_refused(office, key):
    proof = read(export(office, key))
    claim, attendance, *results = proof.statements
    line = next(one for one in claim.records if one.kind == "claim_line")
    richer = msgspec.msgpack.decode(line.body) | {"fen": FEN * 2}
    record = Record(line.kind, line.key, msgspec.Raw(encode(richer)))
    records = [record if one is line else one for one in claim.records]
    variants = {
        "an amount": [msgspec.structs.replace(claim, records=records), attendance, *results],
        "a person less": [msgspec.structs.replace(claim, records=claim.records[:-1]), attendance, *results],
        "no mark": [claim, msgspec.structs.replace(attendance, records=[]), *results],
        "another's receipt": [msgspec.structs.replace(claim, kind="attendance"), attendance, *results],
        "no scores and certificates": [claim, attendance],
    }
    for name, statements in variants.items():
        data = forged(office, proof, statements=statements)
        assert code_of(check_claim, data) == "CLAIM_PROOF_STATEMENT", name
    other = msgspec.structs.replace(proof.people[0], line=key + b"\1" * 16)
    data = forged(office, proof, people=[*proof.people, other])
    assert code_of(check_claim, data) == "CLAIM_PROOF_STATEMENT"
    assert code_of(check_claim, forged(office, proof, devices=[])) == "CLAIM_PROOF_SIGNATURE"


def outcome(data):
    """What a check shows, or the code it is refused with."""
    try:
        return check_claim(data)
    except AppError as error:
        return error.code


def first_mark(trail):
    """The first entry with a shown mark, and its place."""
    return next((place, one) for place, one in enumerate(trail.entries) if b"present" in one.leaves[0].body)


def replaced(trail, place, entry):
    entries = list(trail.entries)
    entries[place] = entry
    return msgspec.structs.replace(trail, entries=entries)


def test_forged_trails_are_refused_even_when_the_workstation_signs_them(office, key):
    proof = read(export(office, key))

    def other_mark(trail):
        place, entry = first_mark(trail)
        leaf = entry.leaves[0]
        body = leaf.body.replace(b"present", b"absent_")
        return replaced(
            trail, place, msgspec.structs.replace(entry, leaves=[OpenLeaf(leaf.place, leaf.salt, body)])
        )

    def other_author(trail):
        place, entry = first_mark(trail)
        header = read_header(entry.header)
        said = encode(msgspec.structs.replace(header, user=b"x" * 16))
        return replaced(trail, place, msgspec.structs.replace(entry, header=said))

    def other_time(trail):
        place, entry = first_mark(trail)
        header = read_header(entry.header)
        ms, counter, opening = header.stamp
        said = encode(msgspec.structs.replace(header, stamp=(ms - 86_400_000, counter, opening)))
        return replaced(trail, place, msgspec.structs.replace(entry, header=said))

    def one_entry_less(trail):
        place, _ = first_mark(trail)
        return msgspec.structs.replace(trail, entries=trail.entries[:place] + trail.entries[place + 1 :])

    def no_tips(trail):
        return msgspec.structs.replace(trail, tips=[])

    def no_path(trail):
        return msgspec.structs.replace(trail, path=[])

    def other_tip(trail):
        tip = msgspec.structs.replace(trail.tips[-1], signature=bytes(64))
        return msgspec.structs.replace(trail, tips=[*trail.tips[:-1], tip])

    expected = {
        other_mark: {"CLAIM_PROOF_ALTERED"},
        other_author: {"CLAIM_PROOF_UNSIGNED"},
        other_time: {"CLAIM_PROOF_UNSIGNED"},
        one_entry_less: {"CLAIM_PROOF_MARK_MISSING", "CLAIM_PROOF_UNSIGNED"},
        no_tips: {"CLAIM_PROOF_UNSIGNED"},
        no_path: {"CLAIM_PROOF_UNSIGNED", "CLAIM_PROOF_SIGNATURE"},
        other_tip: {"CLAIM_PROOF_SIGNATURE"},
    }
    for change, codes in expected.items():
        assert code_of(check_claim, with_trail(office, proof, change)) in codes, change.__name__


def test_any_byte_changed_in_the_file_or_in_the_trail_is_refused(office, key):
    data = export(office, key)
    proof, chance = read(data), random.Random(7)

    def flipped(some):
        at = chance.randrange(len(some))
        return some[:at] + bytes([some[at] ^ (1 << chance.randrange(8))]) + some[at + 1 :]

    for _ in range(60):
        assert code_of(check_claim, flipped(data)).startswith(("CLAIM_PROOF_", "REQUEST_"))
    signed, shown, refusals = split(proof.trail), check_claim(data), 0
    for _ in range(60):
        payload = flipped(signed.payload)
        again = enclose(office.batches.device()[1], Purpose.TRAIL, payload)
        told = outcome(forged(office, proof, trail=again))
        # What the trail says of its basis is between institution and platform: it changes nothing that is shown.
        assert told == shown or str(told).startswith("CLAIM_PROOF_")
        refusals += told != shown
    assert refusals > 50


def test_the_platform_refuses_what_it_could_not_show(office, key):
    subject = office.class_id.hex()
    with office.batches.view() as view:
        versions = view.versions()
    assert {kind for kind, _ in versions} >= {one.value for one in PROVES}
    envelope = make_trail(office.batches, subject, [])
    platform = office.engine._line.required()
    with office.engine._line.open(platform.url) as api:
        assert code_of(api.put_trail, subject, envelope) == "CLAIM_PROOF_STALE"
        assert code_of(api.put_trail, "f" * 32, envelope) == "INSTITUTION_FOREIGN"
        stranger = enclose(new_private_key(), Purpose.TRAIL, split(envelope).payload)
        assert code_of(api.put_trail, subject, stranger) == "SIGNATURE_INVALID"
        assert code_of(api.put_trail, subject, b"nothing") == "REQUEST_MALFORMED"


def test_the_command_line_checks_a_file_without_a_database(office, key, tmp_path, capsys, monkeypatch):
    file, url = tmp_path / "claim.proof", str(office.platform.engine.url)
    monkeypatch.chdir(tmp_path)
    assert main(["--db", url, "--json", "export-claim", key.hex(), str(file)]) == 0
    exported = json.loads(capsys.readouterr().out)
    assert exported["bytes"] == file.stat().st_size
    assert main(["--json", "verify-claim", str(file), "--key", exported["key"]]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["count"], told["marks"], told["records"]) == (True, 3, 9, 9)
    assert [act["kind"] for act in told["people"][0]["acts"]] == ["enrolment", "score", "certificate"]
    assert told["people"][0]["marks"][0]["writes"][0]["by"] == "office 账号"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".db"] == []
    assert main(["--json", "verify-claim", str(file), "--key", "00" * 32]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "CLAIM_PROOF_KEY"
    file.write_bytes(file.read_bytes()[:-9])
    assert main(["verify-claim", str(file)]) == 1
    assert "核对" in capsys.readouterr().err
    assert main(["verify-claim", str(tmp_path / "none")]) == 1
