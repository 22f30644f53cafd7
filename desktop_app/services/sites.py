"""教学点/校区: where classes are held; the region of a class is its site's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import SiteListItem
from desktop_app.domain.records import SITE
from desktop_app.domain.regions import region
from desktop_app.services.context import Service, command
from desktop_app.store.queries import sites
from desktop_app.store.unit_of_work import UnitOfWork


class SiteService(Service):
    """Sites of the institution."""

    def list_sites(self) -> list[SiteListItem]:
        """Return the sites by name."""
        self.context.require("view_classes")
        with self.context.read() as sql:
            return sites.site_items(sql)

    @command("add_site")
    def add_site(self, work: UnitOfWork, name: str, region_code: str, address: str = "") -> bytes:
        """Add a site; AppError SITE_NAME_MISSING, SITE_EXISTS, REGION_UNKNOWN."""
        site_id = self.context.new_id()
        work.put(SITE, site_id, _checked(work, {"name": name, "region": region_code, "address": address}))
        return site_id

    @command("edit_site")
    def edit_site(self, work: UnitOfWork, site_id: bytes, fields: Mapping[str, str]) -> None:
        """Change name, region or address of a site; AppError SITE_UNKNOWN and what ``add_site`` raises.

        ``shareable`` names the places that several classes may use at once (可共用), separated by 、 or commas.
        """
        present = work.fields(SITE, site_id)
        if present is None:
            raise AppError("SITE_UNKNOWN")
        changes = {
            name: value
            for name, value in fields.items()
            if name != "shareable" and value.strip() != (present.get(name) or "")
        }
        stored = _checked(work, changes)
        if "shareable" in fields:
            stored["shareable"] = _places(fields["shareable"])
        work.put(SITE, site_id, stored)


def _places(text: str) -> list[str]:
    """Return the places that a text names, each once."""
    parts = (part.strip() for part in re.split("[、,，;；\n]", text))
    return list(dict.fromkeys(part for part in parts if part))


def _checked(work: UnitOfWork, fields: Mapping[str, str]) -> dict[str, object]:
    for name in fields:
        if name not in {"name", "region", "address"}:
            raise AppError("FIELD_UNKNOWN", field=name)
    if "name" in fields:
        if not fields["name"].strip():
            raise AppError("SITE_NAME_MISSING")
        if any(item.name == fields["name"].strip() for item in sites.site_items(work.sql)):
            raise AppError("SITE_EXISTS", name=fields["name"].strip())
    if "region" in fields and region(fields["region"]) is None:
        raise AppError("REGION_UNKNOWN", value=fields["region"])
    return {name: value.strip() or None for name, value in fields.items()}
