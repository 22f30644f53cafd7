"""Records of proposed deletions, their confirmation, and what was erased (requirements §4, §9)."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

DELETION_PROPOSAL = declare(
    100,
    "deletion_proposal",
    """
    1 subject: basis, due_on, proposed_on
    2 decision: state, decided_on
    3 decision_reason!
    """,
    key=(KeyPart("trainee_id"),),
    parents={"trainee_id": "trainee"},
)
"""A person whose time of keeping is over; one record a person, so that two proposals are one."""
ERASURE = declare(
    101,
    "erasure",
    """
    1 act: basis, erased_on, certificate
    2 counts: records, files
    3 leaves*
    4 remains
    """,
    key=(KeyPart("trainee_id"),),
)
"""A person was erased. From then on the person's records are what ``remains`` says, whatever else was or is written.

``remains`` holds, packed, the records without their personal groups: so who gets the journal after their leaves lost
their bytes ends with the same. ``leaves`` are the salted hashes of those leaves: nobody waits for them.
"""
