"""Python loads this first in the app of a test that names the folder: it holds a page that is being drawn again.

The page waits at the moment when its run has ended and the next has not begun, until the test opens the gate. Where a
click starts a run beside it, that one waits before it looks up its page, so that the older run always comes last.
The gate speaks in files: `closed` and `open` are the test's, `waiting`, `beside`, `passed` and `asked` are said here.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager

GATE = Path(os.environ["AEXDASH_TEST_GATE"])

set_script_intent = PagesManager.set_script_intent
set_pages_and_resolve = PagesManager.set_pages_and_resolve
request_rerun = AppSession.request_rerun

this_thread = threading.local()


def said(word: str) -> bool:
    return (GATE / word).exists()


def say(word: str) -> None:
    (GATE / word).touch()


def wait_for(word: str) -> None:
    pause = threading.Event()
    while not said(word):
        pause.wait(0.01)


def begin(self: PagesManager, *words: str) -> None:
    begins_anew, this_thread.has_run = getattr(this_thread, "has_run", False), True
    if begins_anew and said("closed") and not said("waiting"):
        this_thread.is_held = True
        say("waiting")
        wait_for("open")
    set_script_intent(self, *words)


def look_up(self: PagesManager, *words: object, **more: object) -> object:
    if getattr(this_thread, "is_held", False):
        say("passed")
    elif said("waiting") and not said("passed"):
        say("beside")
        wait_for("passed")
    return set_pages_and_resolve(self, *words, **more)


def ask(self: AppSession, client_state) -> None:
    # What is asked for before the page waits is what made it begin anew, and it may wait before this comes back.
    before, is_held = self._scriptrunner, said("waiting")
    request_rerun(self, client_state)
    if is_held and not said("open") and not client_state.is_auto_rerun:
        if self._scriptrunner is not before:
            wait_for("beside")
        say("asked")


PagesManager.set_script_intent = begin
PagesManager.set_pages_and_resolve = look_up
AppSession.request_rerun = ask
