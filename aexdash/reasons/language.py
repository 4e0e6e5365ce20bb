"""Recognises the language of a text: first by its script, then by a language model."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LATIN = ("en", "es")
"""The languages that the model distinguishes."""

FEWEST_LETTERS = 4
"""A Latin text with fewer letters is too short for a language."""

LETTERS_OF_A_HAN = 3
LATIN_BESIDE = 3
"""How many letters a Han character counts for, and the most Latin letters per letter of another script."""

SURE = 0.7
"""The least probability for English or Spanish; below it the language is None."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SPANISH = re.compile(r"[ñáéíóú¿¡]", re.IGNORECASE)

_loading = threading.Lock()


def language_of(text: str) -> str | None:
    """Return `zh`, `ru`, `en` or `es`, or None when it cannot be recognised.

    Of two scripts the one that is not Latin counts, unless there are three times as many Latin letters: product names
    are Latin everywhere. Other languages are taken for the most similar of the four.
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
    """Return the model, loaded for the first text that needs it: it takes a second and 70 MB of memory."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LATIN)
    return identifier
