"""Words for times that are only misspelt: *yesteday*, *septmber*. All other words are mended by the vocabulary."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from aexdash.ask.language.lexicon import LONG, Lexicon
from aexdash.ask.language.text import Word, words_of

WORDS = (
    *("today", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("january", "february", "september", "october", "november", "december"),
    *("month", "months", "weeks", "quarter", "weekend", "hours"),
    *("сегодня", "вчера", "позавчера", "понедельника", "понедельник", "вторник", "четверг", "пятницу", "субботу"),
    *("январь", "января", "январе", "февраль", "февраля", "феврале", "сентябрь", "сентября", "сентябре"),
    *("октябрь", "октября", "октябре", "ноябрь", "ноября", "ноябре", "декабрь", "декабря", "декабре"),
    *("неделя", "неделе", "неделю", "недели", "месяц", "месяце", "месяца", "прошлой", "прошлом", "прошлую", "прошлый"),
    *("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    *("septiembre", "octubre", "noviembre", "diciembre", "febrero", "semana", "pasada", "pasado"),
)
"""Words that stand for times and little else: none as short as *march* or *august*, which unknown names come near."""


def respelt(text: str, lexicon: Lexicon) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a tidy text with misspelt times mended, and what was mended: (as it was written, as it was read).

    A word that the vocabulary knows, as a name, or comes near is left to it; so is what may be two times.
    """
    mended: list[tuple[str, str]] = []
    for word in reversed(words_of(text)):
        if meant := _meant(word, lexicon):
            mended.append((text[word.start : word.stop], meant))
            text = f"{text[: word.start]}{meant}{text[word.stop :]}"
    return text, tuple(reversed(mended))


def _meant(word: Word, lexicon: Lexicon) -> str:
    slips = 2 if len(word.text) >= LONG else 1
    if len(word.text) < 5 or not word.text.isalpha() or word.text in WORDS or lexicon.knows(word.text):
        return ""
    near = [known for known in WORDS if _is_near(word.text, known, slips)]
    ends = [known for known in near if known[-1] == word.text[-1]]
    others = set(lexicon.near(word.text)) - set(WORDS)
    meant = near if len(near) == 1 else ends
    return meant[0] if len(meant) == 1 and not others else ""


def _is_near(word: str, known: str, slips: int) -> bool:
    """Whether a word is a slip of a known one: of a short one only where it ends alike, or has two letters swapped."""
    if known[0] != word[0] or OSA.distance(word, known, score_cutoff=slips) > slips:
        return False
    return len(known) >= LONG - 1 or known[-2:] == word[-2:] or sorted(known) == sorted(word)
