"""In which language a text is written: its letters decide first, a language model what letters cannot."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LATIN = ("en", "es")
"""The languages in Latin letters that a text is told apart between."""

FEWEST_LETTERS = 4
"""A Latin text of fewer letters has no language that anybody could tell."""

LETTERS_OF_A_HAN = 3
LATIN_BESIDE = 3
"""What a Han character says in letters, and how many times as many Latin letters a text of another script may have."""

SURE = 0.7
"""The least probability by which English and Spanish are told apart; below it the language stays untold."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SPANISH = re.compile(r"[ñáéíóú¿¡]", re.IGNORECASE)

_loading = threading.Lock()


def language_of(text: str) -> str | None:
    """Return `zh`, `ru`, `en` or `es`, or None where nothing can be told.

    A text of two scripts is of the one that is not Latin, unless Latin letters are three times as many: names of goods
    are Latin everywhere. Texts in other languages of the same letters are taken for the nearest of the four.
    """
    if _KANA_OR_HANGUL.search(text):
        return None
    han, cyrillic, latin = (len(letters.findall(text)) for letters in (_HAN, _CYRILLIC, _LATIN))
    if LETTERS_OF_A_HAN * han >= max(cyrillic, 1) and LATIN_BESIDE * LETTERS_OF_A_HAN * han >= latin:
        return "zh"
    if cyrillic and LATIN_BESIDE * cyrillic >= latin:
        return "ru"
    return _latin(text, latin)


def _latin(text: str, letters: int) -> str | None:
    if letters < FEWEST_LETTERS:
        return None
    if _SPANISH.search(text):
        return "es"
    with _loading:
        language, probability = _identifier().classify(text.lower())
    return language if probability >= SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    """The model, loaded when the first text needs it: some 70 MB and a second that pages without texts do without."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LATIN)
    return identifier
