"""Fixed names of the installation: where a profile lies and which environment variables are read."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

APPLICATION = "training-client"

# Environment variables, see the command line in README and `training-client --help`.
PASSWORD_VARIABLE = "TRAINING_CLIENT_PASSWORD"  # noqa: S105 - a variable's name, not a password
NEW_PASSWORD_VARIABLE = "TRAINING_CLIENT_NEW_PASSWORD"  # noqa: S105 - the same
CLOCK_VARIABLE = "TRAINING_CLOCK"

PROFILE_LOCK = "profile.lock"
PROFILE_KEYS = "keys.json"


def default_profile_folder() -> Path:
    """Return the folder of the user's own profile: the platform's user-data folder. It may not exist yet."""
    return user_data_path(APPLICATION, appauthor=False, roaming=False) / "profile"
