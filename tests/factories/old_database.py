"""Leave the small database that a released schema owes the later ones.

``python -m tests.factories.old_database`` writes NAME.db, NAME.keys and NAME.json (login, password, state hash) of the
present schema to ``tests/data/old_databases``: an office at work in which everything was tried that a role may do.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.profile import Profile
from desktop_app.store import schema
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import CHEAP, PASSWORD, TestClock, found_office
from tests.services import permissions
from tests.services.test_permission_matrix import ATTEMPTS, EXPECTED
from tests.source_tree import ROOT

FOLDER = ROOT / "tests" / "data" / "old_databases"
LOGIN = "admin"
LEFT_OUT = frozenset({"backup", "disable_user", "seal_batch", "dissolve_batch"})


def leave() -> Path:
    """Write the three files and return the database's path."""
    target = FOLDER / f"{schema.HEAD}.db"
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "profile"
        office = found_office(folder, TestClock())
        for command in sorted(set(EXPECTED) - LEFT_OUT):
            services = office.as_role(EXPECTED[command].split()[0])
            try:
                if command in permissions.PREPARED:
                    permissions.PREPARED[command](services, office)()
                else:
                    ATTEMPTS[command](services, office)
            except AppError as error:
                sys.stdout.write(f"{command}: {error.code}\n")
        office.profile.close()
        profile = Profile(folder, cost=CHEAP, clock=TestClock())
        with profile.log_in(LOGIN, PASSWORD).read() as sql:
            digest = state_hash(sql).digest
        profile.close()
        shutil.copyfile(folder / "store.db", target)
        shutil.copyfile(folder / "keys.json", target.with_suffix(".keys"))
    said = {"login": LOGIN, "password": PASSWORD, "state_hash": digest}
    target.with_suffix(".json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    return target


if __name__ == "__main__":
    sys.stdout.write(f"{leave().name}\n")
