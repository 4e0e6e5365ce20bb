"""A desk for the operations lead of an AliExpress store: how many listings are held, why, and what to fix first."""

import importlib
import sys

__version__ = "0.1.0"


def _load_sqlite_utils_alone() -> None:
    """Load sqlite-utils without pandas and numpy, which it loads to name column types that no table of ours has.

    Half of the time of a short command would go into that, and pages alone need pandas. Both are found missing for
    this one import, before any other thread runs; where they are loaded already, as by Streamlit, nothing is hidden.
    """
    hidden = {"pandas", "numpy"} - sys.modules.keys()
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: the import system says "not found"
    try:
        importlib.import_module("sqlite_utils")
    finally:
        for name in hidden:
            del sys.modules[name]


_load_sqlite_utils_alone()
