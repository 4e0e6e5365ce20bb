"""Finds letters that are foreign to a language, by the script in the name that Unicode gives each letter."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_IDEOGRAPHS = frozenset({"CJK"})

_IN_LATIN = ("en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "id", "vi", "cs", "sk", "ro", "hu", "sv", "da", "fi")

_WRITTEN_IN: dict[str, frozenset[str]] = {
    **dict.fromkeys(_IN_LATIN, frozenset()),
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "kk"), frozenset({"CYRILLIC"})),
    **dict.fromkeys(("ar", "fa", "ur"), frozenset({"ARABIC"})),
    **dict.fromkeys(("he", "iw"), frozenset({"HEBREW"})),
    "zh": _IDEOGRAPHS,
    "ja": _IDEOGRAPHS | {"HIRAGANA", "KATAKANA"},
    "ko": _IDEOGRAPHS | {"HANGUL"},
    "th": frozenset({"THAI"}),
    "hi": frozenset({"DEVANAGARI"}),
}
"""The scripts of a language beside Latin, which any title may hold: brands and sizes are written in it."""

_TOLD_APART = frozenset().union(*_WRITTEN_IN.values())
"""Greek is not among them: its letters stand for units and models in every language."""


def foreign_letters(text: str, locale: str) -> set[str]:
    """The letters of a text that do not belong to the language of its locale (`ru_RU`); none for unknown languages."""
    own = _WRITTEN_IN.get(locale.replace("-", "_").partition("_")[0].lower())
    if own is None or text.isascii():
        return set()
    return {character for character in set(text) if (script := _script(character)) and script not in own}


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    if not letter.isalpha():
        return ""
    script = unicodedata.name(letter, "").partition(" ")[0]
    return script if script in _TOLD_APART else ""
