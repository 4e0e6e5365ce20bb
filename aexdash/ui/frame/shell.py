"""The script that the app runs: it lists the pages, runs the one in the address, and leads from its foot to help."""

from __future__ import annotations

import streamlit as st

from aexdash.supervision import page_time
from aexdash.ui.frame import nav

page = st.navigation(list(nav.pages().values()), position="hidden")
with page_time.measured(page.url_path):
    page.run()
nav.to_help(page.url_path)
