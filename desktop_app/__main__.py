"""Entry: the window, or with a COMMAND the same services without one.

Everything is loaded here when it is needed, so that ``--version`` answers at once and no command loads Qt.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from desktop_app.version import describe


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, or the window where no command is named; return the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        sys.stdout.write(describe() + "\n")
        return 0
    if arguments[:1] == ["demo"] and find_spec("desktop_app.cli.demo"):  # an installed program has no demo
        return int(import_module("desktop_app.cli.demo.run").main(main, arguments[1:]))
    opener = import_module("desktop_app.bootstrap")
    match arguments:  # the window alone needs no parser, and no command
        case []:
            return int(opener.open_window(import_module("desktop_app.config").default_profile_folder()))
        case ["--profile", folder]:
            return int(opener.open_window(Path(folder)))
        case _:
            return int(import_module("desktop_app.cli.main").run(arguments, opener))


if __name__ == "__main__":
    sys.exit(main())
