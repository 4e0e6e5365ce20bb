from __future__ import annotations

import json
import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from aexdash.storage.text import json_array, storable, storable_row

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_every_text_can_be_stored_and_only_halves_of_characters_are_replaced(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    [(stored,)] = connection.execute("SELECT ?", [storable(text)])
    connection.close()
    assert stored == "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)


def test_a_row_keeps_all_that_is_no_text() -> None:
    assert storable_row((1, None, 2.5, b"\xff", "a\ud83d")) == (1, None, 2.5, b"\xff", "a\ufffd")


@given(st.lists(st.text()))
def test_a_json_array_says_the_same_texts(texts: list[str]) -> None:
    assert json.loads(json_array(tuple(texts))) == texts


def test_a_json_array_is_readable() -> None:
    assert json_array(()) == "[]"
    assert json_array(("Größe", 'a "b"')) == '["Größe", "a \\"b\\""]'
