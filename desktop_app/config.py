"""Fixed names of the installation, which environment variables are read, and how long threads keep the interpreter."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

APPLICATION = "training-client"

# Environment variables, see the command line in README and `training-client --help`.
PASSWORD_VARIABLE = "TRAINING_CLIENT_PASSWORD"  # noqa: S105 - a variable's name, not a password
NEW_PASSWORD_VARIABLE = "TRAINING_CLIENT_NEW_PASSWORD"  # noqa: S105 - the same
CLOCK_VARIABLE = "TRAINING_CLOCK"

# Each statement and each paint hands the interpreter's lock over. By default a thread that draws a paper keeps it for
# 5 ms each time: a mark of 30 statements took a quarter of a second, a paint of a hundred calls half of one.
SWITCH_SECONDS = 0.0002

PROFILE_LOCK = "profile.lock"
PROFILE_KEYS = "keys.json"


def default_profile_folder() -> Path:
    """Return the folder of the user's own profile: the platform's user-data folder. It may not exist yet."""
    return user_data_path(APPLICATION, appauthor=False, roaming=False) / "profile"
