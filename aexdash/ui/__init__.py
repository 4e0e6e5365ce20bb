"""What the pages share: everything drawn with Streamlit, a folder a page and `frame` for what stands around each.

May know: every room below it, but neither `cli` nor `demo`; no SQL and no HTTP. Begin with: `frame/guard.py`, the
first line of every page, then the folder of a page.
"""
