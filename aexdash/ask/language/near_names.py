"""Names in other letters, with an ending or without an apostrophe: *в Мадриде*, *Li Weis*. They are asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from aexdash.ask.language.lexicon import Meaning
from aexdash.ask.language.text import Word, fold, words_of

_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True)),
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ю": "iu",
    "я": "ia",
    "ь": "",
    "ъ": "",
}

_ENDINGS = sorted(
    ("", "а", "у", "е", "ы", "и", "ой", "ом", "ем", "ей", "ою", "я", "ю", "ям", "ами", "ах", "й"), key=len, reverse=True
)
"""What Russian cases end a name with."""

_ALIKE = (("ou", "au"), ("w", "v"), ("y", "i"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"))
"""Letters of names that Russian writes alike; *ch* stays."""

_VOWELS = "aeiou"


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
    return bool(word) and all(letter in _LETTERS for letter in word)


def _is_form(word: str, name: str) -> bool:
    """Whether a Russian word is a name in any case: its stem is the name, or the name without its last vowel."""
    wanted = _plain(name)
    stems = {wanted} | ({wanted[:-1]} if wanted[-1:] in _VOWELS else set())
    told = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(len(stem) > 1 and _plain("".join(map(_LETTERS.__getitem__, stem))) in stems for stem in told)


def _plain(word: str) -> str:
    """Return a word with letters that sound alike written alike, and none twice in a row."""
    word = word.replace("ch", "\0")
    for letters, instead in _ALIKE:
        word = word.replace(letters, instead)
    word = word.replace("\0", "ch")
    return "".join(letter for letter, before in zip(word, " " + word, strict=False) if letter != before)
