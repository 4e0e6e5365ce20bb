"""Names in other letters, with an ending or without an apostrophe: *в Мадриде*, 李伟, *Li Weis*.

A name that is written out in the letters of another language, and that one name alone fits, is that name. All else is
asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence

from anyascii import anyascii

from aexdash.ask.language.lexicon import Meaning
from aexdash.ask.language.text import Word, fold, words_of

_ENDINGS = sorted(
    ("", "а", "у", "е", "ы", "и", "ой", "ом", "ем", "ей", "ою", "я", "ю", "ям", "ами", "ах", "й"), key=len, reverse=True
)
"""What Russian cases end a name with."""

_ALIKE = (("ou", "au"), ("w", "v"), ("y", "i"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"))
"""Letters of names that Russian writes alike; *ch* stays."""

_VOWELS = "aeiou"


SHORTEST_SPELT = 4
"""Letters of the shortest name in Russian letters that is taken for one: *ли* asks, and is no Li."""

MOST_CHARACTERS = 4
"""Characters of the longest name in Chinese. The shortest has two: 鞋 sounds like Xie, and is a shoe."""


def spelt(
    words: Sequence[Word],
    free: Container[int],
    names: Sequence[tuple[str, Meaning]],
    kinds: Collection[str],
    text: str,
) -> Iterator[Word]:
    """Yield names of some kinds that are written in Russian or Chinese letters, each in its Latin spelling.

    `free` are the places of words that nothing else was made of. What several names fit is none of them. A person is
    written with a capital letter in Russian: *без марки* is without a brand, and not without Mark.
    """
    known = [(name, meaning) for name, meaning in names if meaning.name in kinds]
    place = 0
    while place < len(words):
        is_other = place in free and (words[place].is_chinese or _is_cyrillic(words[place].text))
        for length in _lengths(words, place) if is_other else ():
            said = words[place : place + length]
            is_proper = said[0].is_chinese or all(text[word.start].isupper() for word in said)
            may_be = [(name, meaning) for name, meaning in known if is_proper or meaning.name != "owner"]
            fits = {meaning: name for name, meaning in may_be if _is_spelt(said, name)}
            if len(fits) == 1 and all(index in free for index in range(place, place + length)):
                name = fold(next(iter(fits.values())))
                yield Word(f" {name} " if said[0].is_chinese else name, said[0].start, said[-1].stop)
                place += length - 1
                break
        place += 1


def _lengths(words: Sequence[Word], place: int) -> range:
    """Return how many words from a place may be a name, the most first; one Chinese character alone is none."""
    return range(min(MOST_CHARACTERS, len(words) - place), int(words[place].is_chinese), -1)


def _is_spelt(said: Sequence[Word], name: str) -> bool:
    """Whether words are a name as it is written in Russian, in any case, or in Chinese."""
    parts = [word.text for word in words_of(fold(name))]
    if all(word.is_chinese for word in said):
        return "".join(parts) == anyascii("".join(word.text for word in said)).lower()
    letters = "".join(word.text for word in said)
    is_long = len(letters) >= SHORTEST_SPELT and len(parts) == len(said)
    return (
        is_long
        and _is_cyrillic(letters)
        and all(_is_form(word.text, part) for word, part in zip(said, parts, strict=True))
    )


def near(
    words: Sequence[Word], names: Sequence[tuple[str, Meaning]], kinds: Collection[str]
) -> Iterator[tuple[int, Meaning]]:
    """Yield names of some kinds that the last words may be, each with the place where it begins in the text."""
    for name, meaning in names:
        parts = [word.text for word in words_of(fold(name))]
        said = words[-len(parts) :]
        if meaning.name in kinds and parts and len(said) == len(parts) and _is_near(said, parts):
            yield said[0].start, meaning


def _is_near(said: Sequence[Word], parts: Sequence[str]) -> bool:
    *firsts, last = (word.text for word in said)
    if last == f"{parts[-1]}s":
        return firsts == list(parts[:-1])
    return all(map(_is_cyrillic, (*firsts, last))) and all(map(_is_form, (*firsts, last), parts))


def _is_cyrillic(word: str) -> bool:
    return bool(word) and all("а" <= letter <= "я" for letter in word)  # folded, so that there is no ё


def _is_form(word: str, name: str) -> bool:
    """Whether a Russian word is a name in any case: its stem is the name, or the name without its last vowel."""
    wanted = _plain(name)
    stems = {wanted} | ({wanted[:-1]} if wanted[-1:] in _VOWELS else set())
    told = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(len(stem) > 1 and _plain(anyascii(stem).lower()) in stems for stem in told)


def _plain(word: str) -> str:
    """Return a word with letters that sound alike written alike, and none twice in a row."""
    word = word.replace("ch", "\0")
    for letters, instead in _ALIKE:
        word = word.replace(letters, instead)
    word = word.replace("\0", "ch")
    return "".join(letter for letter, before in zip(word, " " + word, strict=False) if letter != before)
