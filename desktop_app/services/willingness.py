"""意愿登记 (一.3, 四.1, R12): wishes kept without a class, matched to new ones, and ended with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.domain import codes, willingness
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.enrolment import WishListItem
from desktop_app.domain.records import WILLINGNESS
from desktop_app.domain.willingness import Consent, Wish, willingness_id
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.enrolment_steps import consent_fields, person_name, write_application
from desktop_app.store.queries import enrolment as queries
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TRADE = 50


class WillingnessService(Service):
    """The pool of those who want to train."""

    def list_wishes(self, *, unmet: bool = False) -> list[WishListItem]:
        """Return all wishes, the oldest first, masked; ``unmet`` only 愿训未训: open, or on a waiting list."""
        self.context.require("view_willingness")
        with self.context.read() as sql:
            found = queries.wish_items(sql)
        return [one for one in found if one.is_unmet or not unmet]

    def matching(self, class_id: bytes) -> list[WishListItem]:
        """Return the open wishes that fit a class's 工种 and are matched to no class; AppError CLASS_UNKNOWN."""
        self.context.require("view_willingness")
        with self.context.read() as sql:
            training_class = one_class(sql, class_id, self.context.today())
            found = queries.wish_items(sql)
        return [
            one
            for one in found
            if one.state is Wish.OPEN
            and one.class_id is None
            and willingness.wants(one.trade, training_class.trade)
        ]

    @command("record_willingness")
    def record(
        self,
        work: UnitOfWork,
        trainee_id: bytes,
        trade: str,
        *,
        level: str | None = None,
        consent: Consent | None = None,
    ) -> bytes:
        """Note a wish and return its key; the same person and 工种 again is the same wish, opened anew.

        Raises AppError TRAINEE_UNKNOWN, TRADE_TOO_LONG, LEVEL_UNKNOWN.
        """
        person_name(work, trainee_id)
        wanted = trade.strip()
        if len(wanted) > MAX_TRADE:
            raise AppError("TRADE_TOO_LONG", limit=MAX_TRADE)
        if level is not None and codes.level(level) is None:
            raise AppError("LEVEL_UNKNOWN", value=level[:20])
        key = willingness_id(trainee_id, wanted)
        present = work.fields(WILLINGNESS, key)
        fields: dict[str, object] = {"level": level}
        if present is None:
            fields |= {"trainee_id": trainee_id, "trade": wanted, "state": Wish.OPEN.value}
            fields["noted_on"] = self.context.today().isoformat()
        elif present["state"] == Wish.REJECTED.value:
            fields |= {"state": Wish.OPEN.value, "class_id": None, "reason": None}
        if consent is not None and consent.given_on is not None:
            fields |= consent_fields(consent)
        work.put(WILLINGNESS, key, fields)
        return key

    @command("match_willingness")
    def match(self, work: UnitOfWork, class_id: bytes, wish_ids: Sequence[bytes]) -> int:
        """Let wishes become 报名 of a class of a catalogue project; return how many.

        Raises AppError CLASS_UNKNOWN, WISH_UNKNOWN, WISH_OTHER_TRADE, WRONG_STEP; RuleErrors R12.
        """
        training_class = one_class(work.sql, class_id, self.context.today())
        has_project = training_class.project_id is not None
        self.context.heed(willingness.check_project(training_class.code, has_project=has_project))
        lacking = []
        for wish_id in wish_ids:
            item = _wish(work, wish_id)
            if not willingness.wants(item.trade, training_class.trade):
                raise AppError(
                    "WISH_OTHER_TRADE", person=item.name, trade=item.trade, class_code=training_class.code
                )
            consent = Consent(item.consent_version, item.consented_on, item.sensitive_on)
            write_application(work, class_id, item.trainee_id, self.context.today(), consent, wish_id)
            work.put(WILLINGNESS, wish_id, {"class_id": class_id, "state": Wish.OPEN.value})
            if item.consented_on is None:
                lacking.append(item.name)
        self.context.heed(willingness.check_consent(lacking, training_class.code))
        return len(wish_ids)

    @command("close_willingness")
    def close(self, work: UnitOfWork, wish_ids: Sequence[bytes], reason: str) -> int:
        """End open wishes without a class, with a reason; return how many.

        Raises AppError WISH_UNKNOWN, WISH_IN_CLASS, REASON_MISSING.
        """
        if not reason.strip():
            raise AppError("REASON_MISSING")
        for wish_id in wish_ids:
            item = _wish(work, wish_id)
            if item.class_id is not None and item.enrolment_state not in {None, "rejected", "withdrawn"}:
                raise AppError("WISH_IN_CLASS", person=item.name, class_code=item.class_code or "")
            work.put(WILLINGNESS, wish_id, {"state": Wish.REJECTED.value, "reason": reason.strip()})
        work.reason = reason.strip()
        return len(wish_ids)


def _wish(work: UnitOfWork, wish_id: bytes) -> WishListItem:
    found = queries.wish_items(work.sql, wish_id)
    if not found:
        raise AppError("WISH_UNKNOWN")
    return found[0]
