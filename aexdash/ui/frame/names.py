"""Names of controls for those who hear a page or find their way on it by the keyboard.

Seventeen buttons that say *Change* are clear to the eye by the row they stand in, and to nobody else. Streamlit draws
the words of a control and lets nobody name it otherwise, so a script in the browser gives it the name told here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

SCRIPT_FILE = Path(__file__).with_name("names.js")
"""The script that gives names to the controls of a page."""

_NO_CLASS = re.compile(r"[^a-zA-Z0-9_-]")


def tell(names: Mapping[str, str | Sequence[str]]) -> None:
    """Name controls of a page, by the key of the control.

    Several names are of the links to pages within a container of that key, in order. A name begins with the words that
    are seen, so that whoever speaks to the browser can say them.
    """
    told = {f"st-key-{_NO_CLASS.sub('-', key)}": words for key, words in names.items()}
    st.html(f'<span hidden data-names="{html.escape(json.dumps(told))}"></span>')
