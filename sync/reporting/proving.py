"""Trails of accepted claims: after a claim's receipt the platform gets the journal entries behind its people.

They go after the records and hold up nothing: a platform that cannot be reached gets them with the next push or
``sync``. What was delivered is known by the accepted statements that it was made for, so a 更正 brings it anew.
"""

from __future__ import annotations

from desktop_app.services.batches import BatchService
from desktop_app.services.ports import CancelToken, stop_if_cancelled
from desktop_app.services.stored_reports import StoredReports
from sync.contract.kinds import PROVES, RecordKind, ReportKind
from sync.contract.proof import Basis, OpenLeaf, ProvenEntry, Tip, Trail
from sync.contract.signing import Purpose, enclose
from sync.contract.wire import decode, encode
from sync.reporting.line import Adapter

DELIVERED = "trails"
CLAIM_BYTES = 20


def deliver_trails(batches: BatchService, api: Adapter, cancel: CancelToken) -> int:
    """Send the trail of every class of which claims, or what they rest on, are accepted other than it was sent for.

    Returns for how many classes; none where nobody answers, for there nothing is ever accepted. Raises what the
    adapter raises, AppError CANCELLED between two classes.
    """
    if not api.answers:
        return 0
    with batches.view() as view:
        wanted = _wanted(view)
    stored = batches.setting(DELIVERED) if wanted else None
    delivered = {} if stored is None else decode(stored, dict[str, list[Basis]])
    lacking = [subject for subject, basis in sorted(wanted.items()) if delivered.get(subject) != basis]
    for subject in lacking:
        stop_if_cancelled(cancel)
        api.put_trail(subject, make_trail(batches, subject, wanted[subject]))
        delivered[subject] = wanted[subject]
        batches.set_settings({DELIVERED: encode(delivered)})
    return len(lacking)


def make_trail(batches: BatchService, subject: str, basis: list[Basis]) -> bytes:
    """Return the trail (envelope) of the accepted claims of one class; ``basis``: what it is made for."""
    batches.context.workstation.sign_tips()
    with batches.view() as view:
        accepted = view.accepted(ReportKind.CLAIM.value, subject)
        people = {key[CLAIM_BYTES:] for kind, key in accepted if kind == RecordKind.CLAIM_LINE}
        found = view.proof_of_people(bytes.fromhex(subject), people)
    trail = Trail(
        uscc=batches.institution().uscc,
        subject=subject,
        basis=basis,
        entries=[
            ProvenEntry(
                entry.header,
                [leaf.digest for leaf in entry.leaves],
                [
                    OpenLeaf(place, leaf.salt, leaf.body)
                    for place, leaf in enumerate(entry.leaves)
                    if place in shown and leaf.salt is not None and leaf.body is not None
                ],
            )
            for entry, shown in found.entries
        ],
        path=list(found.path),
        tips=[Tip(one.entry, one.device, one.signature) for one in found.tips],
    )
    return enclose(batches.device()[1], Purpose.TRAIL, encode(trail))


def _wanted(view: StoredReports) -> dict[str, list[Basis]]:
    """Return what the trails of all classes with an accepted claim must be made for, by subject."""
    claimed = view.versions(ReportKind.CLAIM.value)
    if not claimed:
        return {}
    versions = {place: one for kind in PROVES for place, one in view.versions(kind.value).items()}
    return {
        subject: [
            Basis(of.value, versions[of.value, subject].version, versions[of.value, subject].digest)
            for of in PROVES
            if (of.value, subject) in versions
        ]
        for _, subject in claimed
    }
