"""学分银行 (五.一.3, R20): deposits with consent, an export file per bank, conversions."""

from __future__ import annotations

import io
from pathlib import Path

from desktop_app.domain import credit_bank
from desktop_app.domain.credit_bank import Bank, Conversion, Deposit
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.listings.graduates import ConversionItem, DepositItem
from desktop_app.domain.listings.results import CertificateListItem
from desktop_app.domain.records import CREDIT_CONVERSION, CREDIT_DEPOSIT
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.keys import write_atomically
from desktop_app.store.queries import graduates, results
from desktop_app.store.unit_of_work import UnitOfWork

BANK_NUMBERS = {Bank.NATIONAL: 1, Bank.HUBEI: 2}
MAX_TEXT = 100


class CreditBankService(Service):
    """Certificates of people who asked for it, once to each bank."""

    def deposits(self, bank: Bank | None = None) -> list[DepositItem]:
        """Return the deposits, personal data masked."""
        self.context.require("view_credit_bank")
        with self.context.read() as sql:
            return graduates.deposit_items(sql, bank=None if bank is None else bank.value)

    def conversions(self) -> list[ConversionItem]:
        """Return the conversions by day."""
        self.context.require("view_credit_bank")
        with self.context.read() as sql:
            return graduates.conversion_items(sql)

    @command("deposit_certificate")
    def deposit(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, deposit: Deposit) -> None:
        """Put a person's certificate on the list of a bank.

        Raises AppError CERTIFICATE_UNKNOWN, CREDIT_TEXT_LONG; RuleErrors of R20.
        """
        held = _certificate(work.sql, class_id, trainee_id)
        _check_text(deposit.account)
        key = numbered(held.assessment_id + trainee_id, BANK_NUMBERS[deposit.bank])
        self.context.heed(
            credit_bank.check_deposit(
                held.name,
                held.class_code,
                deposit,
                state=held.state,
                already=work.fields(CREDIT_DEPOSIT, key) is not None,
                today=self.context.today(),
            )
        )
        consent = None if deposit.consent_on is None else deposit.consent_on.isoformat()
        fields = {"bank": deposit.bank.value, "account": deposit.account.strip(), "consent_on": consent}
        work.put(CREDIT_DEPOSIT, key, fields)

    @command("record_conversion")
    def convert(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, conversion: Conversion) -> bytes:
        """Record which course a certificate replaces and which school grants it; return its key.

        Raises AppError CERTIFICATE_UNKNOWN, CREDIT_TEXT_LONG; RuleErrors of R20.
        """
        held = _certificate(work.sql, class_id, trainee_id)
        for text in (conversion.course, conversion.school):
            _check_text(text)
        self.context.heed(
            credit_bank.check_conversion(held.name, held.class_code, conversion, self.context.today())
        )
        key = self.context.new_id()
        fields = {
            "assessment_id": held.assessment_id,
            "trainee_id": trainee_id,
            "course": conversion.course.strip(),
            "school": conversion.school.strip(),
            "granted_on": conversion.granted_on.isoformat(),
            "credit_tenths": conversion.tenths,
        }
        work.put(CREDIT_CONVERSION, key, fields)
        return key

    def export(self, bank: Bank, path: Path, *, again: bool = False) -> int:
        """Write the deposits of a bank that no file has held yet, or all, to an .xlsx; return how many.

        The numbers are unmasked, so the export is recorded. Raises AppError NOT_PERMITTED, CREDIT_NOTHING,
        FILE_NOT_WRITABLE; then nothing is recorded.
        """
        from desktop_app.excel.credit_bank import write_deposits  # noqa: PLC0415 - loads openpyxl

        self.context.require("export_credit_bank")
        with self.context.read() as sql:
            found = graduates.deposit_items(sql, bank=bank.value, masked=False)
        chosen = [item for item in found if again or item.exported_on is None]
        if not chosen:
            raise AppError("CREDIT_NOTHING")
        buffer = io.BytesIO()
        write_deposits(buffer, bank, chosen)
        try:
            write_atomically(path, buffer.getvalue())
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        self._record_export(bank, chosen)
        return len(chosen)

    @command("export_credit_bank", undoable=False)
    def _record_export(self, work: UnitOfWork, bank: Bank, chosen: list[DepositItem]) -> None:
        today = self.context.today().isoformat()
        rows = [
            (numbered(item.assessment_id + item.trainee_id, BANK_NUMBERS[bank]), {"exported_on": today})
            for item in chosen
        ]
        for key, fields in rows:
            if not work.put(CREDIT_DEPOSIT, key, fields):
                work.remark(CREDIT_DEPOSIT, key)


def _certificate(sql: Connection, class_id: bytes, trainee_id: bytes) -> CertificateListItem:
    """Return the newest issue of a person's certificate of a class; AppError CERTIFICATE_UNKNOWN."""
    found = [
        item for item in results.certificate_items(sql, class_id=class_id) if item.trainee_id == trainee_id
    ]
    if not found:
        raise AppError("CERTIFICATE_UNKNOWN")
    return found[-1]


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise AppError("CREDIT_TEXT_LONG", limit=MAX_TEXT)
