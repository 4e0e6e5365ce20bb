"""A panel that was closed stays closed, and one that was opened since stays open."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_a_closing_that_is_told_again_leaves_the_listing_that_was_opened_meanwhile():
    """Streamlit tells a closing again with what is asked for while it answers the first."""

    def script():
        import streamlit as st  # noqa: PLC0415

        from aexdash.ui.frame import address  # noqa: PLC0415
        from aexdash.ui.worklist import listing_detail  # noqa: PLC0415

        address.open_("main", 1)
        listing_detail._close(0)
        st.text(str(address.open_listing()))
        address.open_("main", 2)
        listing_detail._close(0)
        st.text(str(address.open_listing()))
        listing_detail._close(1)
        st.text(str(address.open_listing()))

    shown = AppTest.from_function(script).run()
    assert [text.value for text in shown.text] == ["None", "('main', 2)", "None"]
