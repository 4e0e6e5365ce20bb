"""The script that the app runs: it lists the pages and runs the one in the address."""

from __future__ import annotations

import streamlit as st

from aexdash.ui.frame import nav

st.navigation(list(nav.pages().values()), position="hidden").run()
