"""What a page shows where something failed in it: a sentence of ours, in place of Streamlit's box with an error.

Streamlit calls this for every error that nobody caught, in a page, in a part that is drawn again, and in what a press
does. What was drawn before stands; what would have followed is missing, and the sentence says so.
"""

from __future__ import annotations

import errno

import streamlit as st

from aexdash.config.settings import ConfigError
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.storage.errors import (
    StorageBusy,
    StorageError,
    StorageMissing,
    StorageNotWritable,
    StorageTooNew,
    StorageTooOld,
)
from aexdash.supervision.loop import is_foreseen, place_of
from aexdash.words.common import plain, without_home

TITLES: tuple[tuple[type[Exception], str], ...] = (
    (StorageMissing, "A file is not there"),
    (StorageTooNew, "A file is from a newer aexdash"),
    (StorageTooOld, "A file is of an older version"),
    (StorageBusy, "A file is locked"),
    (StorageNotWritable, "Nothing can be saved"),
    (StorageError, "A file cannot be read"),
    (ConfigError, "The configuration cannot be used"),
    (TaxonomyError, "The reasons cannot be read"),
)
"""What stands above the sentence of an error of ours, by its kind; the first that fits."""

FULL = "Nothing can be written: the disk is full. Free some space; what was saved before is safe."

REST = "The rest of this page is missing."


def say(error: Exception) -> bool:
    """Draw what is wrong and what to do; return True, so that Streamlit draws nothing of its own."""
    title, sentence = words_of(error)
    st.error(plain(without_home(sentence)), title=title)
    return True


def words_of(error: Exception) -> tuple[str, str]:
    """Return the title and the sentence for an error, without what an error that nobody foresaw says of itself."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full", f"{FULL} {REST}"
    for kind, title in TITLES:
        if isinstance(error, kind):
            return title, f"{error} {REST}"
    if is_foreseen(error):
        return "This cannot be done", f"{error} {REST}"
    return "Something went wrong that nobody foresaw", (
        f"An error of aexdash itself ({type(error).__name__}{place_of(error)}) kept the rest of this page from being "
        "drawn. What stands above is true. Load the page again; if it stays, run aexdash doctor, and look into the log."
    )
