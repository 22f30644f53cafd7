"""技能人才统计 and 待遇兑现 (五.一.4, R21)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import resources
from desktop_app.domain import codes, talent_statistics
from desktop_app.domain.certificates import HELD
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.graduates import HolderItem, TreatmentItem
from desktop_app.domain.papers import PaperHead, TalentLine, TalentTable
from desktop_app.domain.records import TRAINEE, TREATMENT
from desktop_app.domain.regions import region_name
from desktop_app.domain.talent_statistics import TalentCount, Treatment
from desktop_app.services.context import Service, command
from desktop_app.services.papers import WrittenPaper, write_institution_paper
from desktop_app.store.queries import graduates
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TEXT = 200
MOST_HOLDERS = 5000
"""Certificates that a list shows at once, the last issued first."""


class TalentService(Service):
    """Distinct holders of certificates, and what enterprises give them."""

    def count(self, until: date | None = None) -> TalentCount:
        """Return the holders by 发证日 up to and including a day, without one up to today."""
        self.context.require("view_talent")
        with self.context.read() as sql:
            return talent_statistics.count_holders(graduates.holdings(sql), until or self.context.today())

    def treatments(self) -> list[TreatmentItem]:
        """Return the 待遇 that enterprises gave, by day."""
        self.context.require("view_talent")
        with self.context.read() as sql:
            return graduates.treatment_items(sql)

    def holders(self, group: str, value: object, until: date | None = None) -> list[HolderItem]:
        """Return the certificates behind a number, the last issued first, at most MOST_HOLDERS.

        ``group`` is class, level, trade or region; AppError NOT_PERMITTED.
        """
        self.context.require("view_talent")
        with self.context.read() as sql:
            return graduates.holder_items(sql, group, value, until, most=MOST_HOLDERS)

    def write_paper(self, path: Path, until: date | None = None) -> WrittenPaper:
        """Write the 技能人才统计表; the ending (.pdf, .xlsx) says the format.

        Raises AppError NOT_PERMITTED, PAPER_FORMAT, FILE_NOT_WRITABLE.
        """
        self.context.require("make_paper")
        self.context.require("view_talent")
        at = self.context.now().astimezone(SHANGHAI)
        with self.context.read() as sql:
            institution = accounts.institution(sql)
            counted = talent_statistics.count_holders(graduates.holdings(sql), until or self.context.today())
            treated = {one.trainee_id for one in graduates.treatment_items(sql) if one.since <= counted.until}
        head = PaperHead(
            institution.name, "", at, printed_by="", demo=institution.demo, solo=institution.solo
        )
        lines = tuple(
            TalentLine(resources.text(f"talent.group.{group}"), group_name(group, value), people)
            for group, found in groups_of(counted)
            for value, people in found
        )
        content = TalentTable(head, counted.until, counted.people, counted.certificates, len(treated), lines)
        return write_institution_paper(content, path)

    @command("record_treatment")
    def record(self, work: UnitOfWork, trainee_id: bytes, treatment: Treatment) -> bytes:
        """Record 待遇兑现 for the holder of a certificate; return its key.

        Raises AppError TRAINEE_UNKNOWN, TREATMENT_TEXT_LONG; RuleErrors of R21.
        """
        person = work.fields(TRAINEE, trainee_id)
        if person is None:
            raise AppError("TRAINEE_UNKNOWN")
        for text in (treatment.employer, treatment.measure, treatment.document):
            if len(text) > MAX_TEXT:
                raise AppError("TREATMENT_TEXT_LONG", limit=MAX_TEXT)
        held = [
            one.issued_on
            for one in graduates.holdings(work.sql)
            if one.person == trainee_id and one.state in HELD and one.issued_on is not None
        ]
        name = str(person["name"] or "")
        self.context.heed(
            talent_statistics.check_treatment(name, treatment, min(held, default=None), self.context.today())
        )
        key = self.context.new_id()
        fields = {
            "trainee_id": trainee_id,
            "employer": treatment.employer.strip(),
            "measure": treatment.measure.strip(),
            "since": treatment.since.isoformat(),
            "document": treatment.document.strip() or None,
        }
        work.put(TREATMENT, key, fields)
        return key


def groups_of(counted: TalentCount) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return the groups of a count in the order in which they are shown: level, trade, region."""
    return (("level", counted.by_level), ("trade", counted.by_trade), ("region", counted.by_region))


def group_name(group: str, value: str) -> str:
    """Return what people call a level, trade or region; 未填 for none."""
    if not value:
        return resources.text("talent.group.none")
    if group == "level":
        return codes.level_name(value)
    return region_name(value) if group == "region" else value
