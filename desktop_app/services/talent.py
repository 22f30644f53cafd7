"""技能人才统计 and 待遇兑现 (五.一.4, R21)."""

from __future__ import annotations

from datetime import date

from desktop_app.domain import talent_statistics
from desktop_app.domain.certificates import HELD
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.graduates import TreatmentItem
from desktop_app.domain.records import TRAINEE, TREATMENT
from desktop_app.domain.talent_statistics import TalentCount, Treatment
from desktop_app.services.context import Service, command
from desktop_app.store.queries import graduates
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TEXT = 200


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
