"""Recognises the language of a text: by its script, then by its letters, its known words and a language model."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING

from aexdash.reasons.phrasing import term
from aexdash.reasons.taxonomy import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ALPHABETS: Mapping[Language, str] = {
    "en": "",
    "es": "ñáéíóúü",
    "pt": "áâãàçéêíóôõú",
    "fr": "àâçèéêëîïôùûüœæÿ",
    "de": "äöüß",
    "tr": "çğıöşüâîû",
}
"""The languages in Latin letters that are distinguished, each with its letters beside a to z."""

FEWEST_LETTERS = 4
"""A Latin text with fewer letters is too short for a language."""

LETTERS_OF_A_CHARACTER = 3
LATIN_BESIDE = 3
"""How many letters a Han or Hangul character counts for, and the most Latin letters per letter of another script."""

SURE = 0.7
"""The least probability of a language; below it the language is None."""

POSSIBLE = 0.03
"""The least probability of a language whose phrases are tried when the language is not sure."""

KNOWN_WORD = 6.0
"""How much more likely a language becomes by a word of it that data/words.toml knows."""

KNOWN_WITHIN = 400
"""Characters of a text in which known words are looked for; by then the model is sure."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SCRIPTS: Mapping[Language, re.Pattern[str]] = {"zh": _HAN, "ko": _HANGUL, "ru": _CYRILLIC}
_BEYOND = re.compile(r"[\u00df-\u024f]")

_loading = threading.Lock()

Vocabulary = Mapping[Language, Collection[str]]


def language_of(text: str, vocabulary: Vocabulary | None = None) -> Language | None:
    """Return the language of a text (ISO 639-1), or None when it cannot be recognised.

    Of two scripts the one that is not Latin counts, unless there are three times as many Latin letters: product names
    are Latin everywhere. Other languages in the same letters are taken for the most similar of ours.
    """
    return surest(text, likely_languages(text, vocabulary))


def surest(text: str, likely: Mapping[Language, float]) -> Language | None:
    """Return the likeliest language of a text where it is sure enough to be told."""
    if len(_LATIN.findall(text)) < FEWEST_LETTERS and _script(text) is None:
        return None
    return next((language for language, probability in likely.items() if probability >= SURE), None)


def likely_languages(text: str, vocabulary: Vocabulary | None = None) -> Mapping[Language, float]:
    """Return the languages that a text may be in with their probabilities, the likeliest first; none for other scripts.

    `vocabulary` are words by language, folded: they decide short texts, at which the model guesses.
    """
    if _KANA.search(text):
        return {}
    script = _script(text)
    if script:
        return {script: 1.0}
    latin = _latin(text, vocabulary or {}) if _LATIN.search(text) else {}
    beside = _beside(text)
    return {**latin, beside: POSSIBLE} if beside else latin


def _beside(text: str) -> Language | None:
    """The language of a few characters of another script in a text that is mostly Latin: 缺 CE certificate."""
    return next((language for language, letters in _SCRIPTS.items() if letters.search(text)), None)


def _script(text: str) -> Language | None:
    """The language of a script that only one of our languages has; None when Latin letters prevail."""
    han, hangul, cyrillic, latin = (len(letters.findall(text)) for letters in (*_SCRIPTS.values(), _LATIN))
    characters = LETTERS_OF_A_CHARACTER * (han + hangul)
    if characters >= max(cyrillic, 1) and LATIN_BESIDE * characters >= latin:
        return "ko" if hangul >= han else "zh"
    return "ru" if cyrillic and LATIN_BESIDE * cyrillic >= latin else None


def _latin(text: str, vocabulary: Vocabulary) -> Mapping[Language, float]:
    weights = _by_model(text)
    words = set(term(text[:KNOWN_WITHIN]))
    for language, known in vocabulary.items():
        if language in weights:
            weights[language] *= KNOWN_WORD ** sum(word in known for word in words)
    whole = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    return {language: weight / whole for language, weight in ranked if weight / whole >= POSSIBLE}


def _by_model(text: str) -> dict[Language, float]:
    """What the model thinks, of the languages that have all letters of a text; when none has, of all."""
    lower = unicodedata.normalize("NFC", text.replace("İ", "i").lower())
    beyond = set(_BEYOND.findall(lower))
    written = [language for language, letters in ALPHABETS.items() if beyond <= set(letters)] or list(ALPHABETS)
    with _loading:
        ranked = dict(_identifier().rank(lower))
    return {language: max(float(ranked[language]), 0.001) for language in written}


@cache
def _identifier() -> LanguageIdentifier:
    """Return the model, loaded for the first text that needs it: it takes a second and 70 MB of memory."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(tuple(ALPHABETS))
    return identifier
