"""The script that the app runs: it knows the pages and hands over to the one asked for."""

from __future__ import annotations

import streamlit as st

from aexdash.ui.frame import nav

st.navigation(list(nav.pages().values()), position="hidden").run()
