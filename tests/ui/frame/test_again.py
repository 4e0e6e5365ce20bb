"""A page that draws itself again gives way to a click that came in meanwhile."""

from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from aexdash.ui.frame.again import draw_again

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if st.session_state["runs"] == 1:
    get_script_run_ctx().script_requests.request_rerun(RerunData(query_string="clicked=on"))
    draw_again()
st.text(st.query_params.get("clicked", "lost"))
"""


def test_a_click_that_waits_is_answered_by_the_next_run():
    shown = AppTest.from_string(PAGE).run()
    assert not shown.exception
    assert [text.value for text in shown.text] == ["on"]
