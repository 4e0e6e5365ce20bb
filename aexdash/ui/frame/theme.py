"""The theme in the reader's browser, and the style of what a theme cannot say."""

from __future__ import annotations

import streamlit as st


def theme() -> str:
    """Return `light` or `dark`; light until the browser has reported its theme."""
    return "dark" if st.context.theme.type == "dark" else "light"


LOOK = """
<style>
[data-testid="stPageLink-NavLink"] { color: inherit }
[data-testid="stPageLink-NavLink"]:focus-visible { outline: 2px solid currentcolor; outline-offset: 1px }
.st-key-pages a[aria-current="page"] { box-shadow: inset 0 -2px 0 currentcolor }
[data-testid="stButtonGroup"] button[data-selected="true"]:not([data-disabled]) { color: inherit; font-weight: 600 }
[data-testid="stToastContainer"] { top: auto !important; bottom: 1rem }
@keyframes more-behind {
  0%, 97% { mask-image: linear-gradient(to right, black calc(100% - 3rem), transparent) }
  100% { mask-image: none }
}
@media (max-width: 640px) {
  .st-key-pages, .st-key-chips [data-testid="stButtonGroup"] > div {
    animation: more-behind linear both; animation-timeline: scroll(self inline)
  }
  .st-key-topbar { gap: 0.25rem 0.75rem }
  .st-key-topbar > :has(> .st-key-pages) { max-width: 100% }
  .st-key-pages { flex-wrap: nowrap; overflow-x: auto; padding-bottom: 3px }
  .st-key-topbar > :has(.st-key-freshness) { order: 1; flex-basis: 100% }
}
</style>
"""
"""Where the focus is among links; which page is shown, by a line and not by a shade of grey alone; what is chosen, in
letters that can be read on a tinted ground. What was done is told at the foot of the page, where no control lies under
it. On a telephone the bar takes three lines; its links move sideways, and fade where there are more."""


def look() -> None:
    """Add the style to the page."""
    st.html(LOOK)
