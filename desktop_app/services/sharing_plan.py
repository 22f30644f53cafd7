"""When this workstation exchanges by itself, and by which folder beside the relay: kept here, never shared."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.context import Service
from desktop_app.services.devices import RELAY
from desktop_app.store import settings

PLAN = "sharing.plan"
MINUTES = (0, 1, 5, 15, 60)
"""What may be chosen; 0 = only by hand."""
USUAL_MINUTES = 5


@dataclass(frozen=True, slots=True)
class SharingPlan:
    """``minutes`` between two exchanges (0 = only by hand); ``folder`` on a NAS or shared drive, "" for none."""

    minutes: int = USUAL_MINUTES
    folder: str = ""
    relay: str = ""


class SharingPlanService(Service):
    """The plan of this workstation; an administrator changes it."""

    def plan(self) -> SharingPlan:
        """Return the plan; no login is needed: the schedule asks."""
        with self.context.read() as sql:
            kept, relay = settings.read(sql, PLAN), settings.read(sql, RELAY)
        told = {} if kept is None else json.loads(kept)
        return SharingPlan(**told, relay="" if relay is None else relay.decode("utf-8"))

    def keep(self, plan: SharingPlan) -> None:
        """Keep minutes and folder; the address of the relay is ``Sharing.set_relay``'s matter.

        Raises AppError NOT_PERMITTED, SHARING_MINUTES, SHELF_UNREACHABLE where there is no such folder.
        """
        self.context.require("invite_device")
        if plan.minutes not in MINUTES:
            raise AppError("SHARING_MINUTES", minutes=plan.minutes)
        if plan.folder and not Path(plan.folder).is_dir():
            raise AppError("SHELF_UNREACHABLE", detail=Path(plan.folder).name)
        kept = asdict(plan)
        del kept["relay"]
        with self.context.workstation.database.writer() as sql:
            settings.write(sql, PLAN, json.dumps(kept).encode("utf-8"))
