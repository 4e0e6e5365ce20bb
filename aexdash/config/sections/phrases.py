"""The phrases that a lead adds under [phrases] of aexdash.toml, to recognise annotations without touching code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from aexdash.reasons.phrasing import load_wording
from aexdash.reasons.taxonomy import load_taxonomy

TABLE = "phrases"


class PhraseMistake(Exception):
    """An entry that cannot be used. `where` is its place in the file, the text what is wrong and what to do."""

    def __init__(self, where: tuple[str, ...], text: str) -> None:
        super().__init__(text)
        self.where = (TABLE, *where)


def read_own_phrases(table: object) -> dict[str, tuple[str, ...]]:
    """Check the table and return the phrases by code. A code may be written with quotes or without.

    Raises:
        PhraseMistake: it is no table, a code does not exist, or a phrase is no text that could be recognised.
    """
    if not isinstance(table, dict):
        raise PhraseMistake((), f'{TABLE} must be a heading [{TABLE}] with lines like "image.unclear" = ["too dark"]')
    codes = load_taxonomy().codes if table else {}
    return {_known(code, codes): _texts(code, texts) for code, texts in _flat(table)}


def _flat(table: dict[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Entries by whole code: `image.unclear` without quotes is a table in a table to TOML."""
    for key, value in table.items():
        code = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            yield from _flat(value, code)
        else:
            yield code, value


def _known(code: str, codes: Iterable[str]) -> str:
    if code in codes:
        return code
    near = difflib.get_close_matches(code.lower(), tuple(codes), n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}" if near else "the page Reasons lists the codes"
    raise PhraseMistake(tuple(code.split(".")), f"there is no reason {code!r}; {hint}")


def _texts(code: str, texts: object) -> tuple[str, ...]:
    where = tuple(code.split("."))
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise PhraseMistake(where, f'the phrases of {code} must be a list of texts, like ["too dark", "背景太暗"]')
    for text in texts:
        if load_wording().says_nothing(text):
            raise PhraseMistake(where, f"the phrase {text!r} of {code} says nothing: write the words that matter")
    return tuple(texts)
