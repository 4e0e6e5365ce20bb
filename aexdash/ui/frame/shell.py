"""The script that the app runs: it lists the pages, runs the one in the address, and leads from its foot to help.

A page is drawn from one state of the files. So is a part of a page that is drawn alone, which this script has no hand
in: such parts say so themselves.
"""

from __future__ import annotations

import streamlit as st

from aexdash.storage.one_state import one_state
from aexdash.supervision import page_time
from aexdash.ui.frame import nav

page = st.navigation(list(nav.pages().values()), position="hidden")
with page_time.measured(page.url_path), one_state():
    page.run()
nav.to_help(page.url_path)
