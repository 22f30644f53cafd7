"""A pytest plugin: lets the functions of one rule find nothing, before anything else has imported them."""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib import import_module

from desktop_app import domain
from desktop_app.domain import rules

VARIABLE = "EMPTIED_RULE"


def import_domain() -> None:
    """Import every module of the domain, so that all rules are known."""
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        import_module(module.name)


def empty(code: str) -> int:
    """Replace the functions of a rule wherever a loaded module names them; return how many functions there are."""
    found = rules.FUNCTIONS.get(code, [])
    for one in found:
        nothing = one.empty
        for module in [m for m in list(sys.modules.values()) if m.__name__.startswith(domain.__name__)]:
            for name, value in list(vars(module).items()):
                if value is one.function:
                    setattr(module, name, lambda *_, nothing=nothing, **__: nothing)
    return len(found)


def pytest_configure() -> None:
    """Empty the rule that the environment names."""
    import_domain()
    if not empty(os.environ[VARIABLE]):
        msg = f"no function stands for {os.environ[VARIABLE]}"
        raise RuntimeError(msg)
