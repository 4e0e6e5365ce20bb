"""Reads the bytes of a text file as text: tells its code page, or asks for it with the same line read in each.

UTF-8 and UTF-16 are told by rule; the other code pages of sellers' countries by charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from aexdash.sources.columns.headings import names_listing, names_reason
from aexdash.sources.errors import SourceError
from aexdash.sources.formats.kinds import SAVE_AS

CODE_PAGES: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "GBK (simplified Chinese)",
    "big5": "Big5 (traditional Chinese)",
    "cp949": "CP949 (Korean)",
    "cp932": "Shift JIS (Japanese)",
    "cp1251": "Windows-1251 (Russian)",
    "koi8-r": "KOI8-R (Russian)",
    "cp866": "CP866 (Russian)",
    "cp1252": "Windows-1252 (western Europe)",
    "cp1250": "Windows-1250 (central Europe)",
    "cp1254": "Windows-1254 (Turkish)",
}
"""The code pages that can be chosen, with the names that people know."""

DETECTED = tuple(page for page in CODE_PAGES if not page.startswith("utf"))
CYRILLIC = frozenset(("cp1251", "koi8-r", "cp866"))
WESTERN = frozenset(("cp1252", "cp1250", "cp1254"))

SAMPLE = 16_000
"""Bytes that are looked at, of the lines that hold more than ASCII."""

SURE_BY = 0.05
"""A code page that reads less like a mess than all others by this much is taken without a question."""

READ_IN = "Read in the code page"

MOST_SIGNS = 0.15

SHOWN = 80
"""Characters of a line that are shown for a person to choose by."""

BEFORE = 20
"""Bytes that are shown before the letters that tell the code pages apart."""

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
_BELOW_LETTERS = re.compile(rb"[\x80-\xbf]")
"""Where Windows-1251 and KOI8-R have signs and a few rare letters."""

_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_LETTER = re.compile(rb"[A-Za-z]")

_TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
"""Letters of Turkish where Windows-1252 has letters of Icelandic."""

_CENTRAL = re.compile(rb"(?<=[A-Za-z])[\x8c\x8d\x8f\x9c\x9d\x9f\xa3\xa5\xaf\xb3\xb9\xbf]|[\x9c\x9f\xb3\xb9](?=[a-z])")
"""Letters of central Europe in a word, where Windows-1252 has signs, or letters that hardly any text has."""

_KANA = re.compile("[\u3041-\u30ff]")

_BROKEN = "\ufffd"


class CodePageUnclear(SourceError):
    """Several code pages fit a file; `samples` is one line of it as each reads it, by code page."""

    def __init__(self, name: str, samples: Mapping[str, str]) -> None:
        shown = "; ".join(f"{page}: {line!r}" for page, line in samples.items())
        super().__init__(f"{name} does not say in which code page it was written. Choose the one that reads: {shown}.")
        self.samples = samples


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file, and in `note` how it was read where that was not certain from the file itself."""

    text: str
    note: str = ""


def text_of(name: str, content: bytes, code_page: str | None = None) -> Text:
    """Read the bytes of file `name` as text; `code_page` is what a person chose. What is cut reads as U+FFFD.

    Raises:
        CodePageUnclear: several code pages fit, and none was chosen.
        SourceError: these are not the bytes of a text, or there is no such code page.
    """
    if code_page is not None:
        return Text(_chosen(name, content, code_page))
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return Text(content.decode(encoding, "replace"))
    if b"\0" in content:
        return Text(content.decode(_wide_encoding(name, content), "replace"))
    as_utf8 = content.decode("utf-8", "replace")
    if _is_utf8(content, as_utf8):
        return Text(as_utf8)
    page = _told_apart(name, content)
    return Text(
        content.decode(page, "replace"), f"{READ_IN} {CODE_PAGES[page]}: if letters look wrong, choose another."
    )


def was_guessed(note: str) -> bool:
    """Tell whether the note of a table says that its code page was told by the look of its letters."""
    return READ_IN in note


def samples_of(content: bytes) -> dict[str, str]:
    """Return one line of a text as each code page reads it, for a person to choose; those that read alike come once."""
    return _samples(_sample(content), DETECTED)


def _chosen(name: str, content: bytes, code_page: str) -> str:
    if code_page not in CODE_PAGES:
        raise SourceError(f"{name}: there is no code page {code_page!r} here; there are {', '.join(CODE_PAGES)}.")
    return content.decode(code_page, "replace").removeprefix("\ufeff")


def _wide_encoding(name: str, content: bytes) -> str:
    """Recognise UTF-16 without a byte order mark: ASCII characters have a zero byte, always on the same side."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    for encoding, more, fewer in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if more > len(content) / 20 and fewer == 0:
            return encoding
    raise SourceError(f"{name} is neither a workbook nor a text: {SAVE_AS}")


def _is_utf8(content: bytes, text: str) -> bool:
    """Whether it is UTF-8, perhaps with a character cut here and there; other code pages give hardly any of it."""
    cut = text.count(_BROKEN) - content.count(_BROKEN.encode())
    above = len(_ABOVE_ASCII.findall(content))
    return cut == 0 or (above - 2 * cut) >= 0.9 * above


def _told_apart(name: str, content: bytes) -> str:
    sample = _sample(content)
    near = [page for page in _near(sample) if _may_be(page, sample)]
    if _is_japanese(sample):
        return "cp932"
    if near and set(near) <= WESTERN:
        return _western(name, sample, near)
    if len(near) == 1:
        return near[0]
    if near and set(near) <= CYRILLIC and "cp1251" in near:
        return "cp1251"
    named = [page for page in near if _names_columns(sample.decode(page, "replace"))]
    if len(named) == 1:
        return named[0]
    raise CodePageUnclear(name, _samples(sample, near or DETECTED))


def _western(name: str, sample: bytes, near: Sequence[str]) -> str:
    """Tell the three code pages of Europe apart by the letters of one in which another has signs."""
    if near == ["cp1250"]:
        raise CodePageUnclear(name, _samples(sample, DETECTED))
    if _CENTRAL.search(sample):
        raise CodePageUnclear(name, _samples(sample, sorted(WESTERN)))
    return "cp1254" if _TURKISH.search(sample) else "cp1252"


def _sample(content: bytes) -> bytes:
    lines = (line for line in content.splitlines() if _ABOVE_ASCII.search(line))
    taken: list[bytes] = []
    left = SAMPLE
    for line in lines:
        taken.append(line[:left])
        left -= len(line)
        if left <= 0:
            break
    return b"\n".join(taken)


def _near(sample: bytes) -> list[str]:
    """The code pages in which the text looks best, and those that are hardly worse, the best first."""
    found = {
        page.replace("_", "-"): match.chaos
        for match in from_bytes(sample, cp_isolation=list(DETECTED))
        for page in match.could_be_from_charset  # those that read it letter for letter alike
    }
    least = min(found.values(), default=0.0)
    near = (page for page in found if found[page] <= least + SURE_BY)
    return sorted(near, key=lambda page: (found[page], DETECTED.index(page)))


def _may_be(page: str, sample: bytes) -> bool:
    """Whether words are made as its languages make them: accents among ASCII letters, or Russian letters alone.

    What stands alone is no word but a sign, as in `450 × 450` or `5 €`. A text that has signs alone is western.
    """
    if page not in WESTERN | CYRILLIC:
        return True
    words = [word for word in _WORD.findall(sample) if len(word) > 1]
    accented = not words or sum(bool(_LETTER.search(word)) for word in words) > len(words) / 2
    below = len(_BELOW_LETTERS.findall(sample)) / max(1, len(_ABOVE_ASCII.findall(sample)))
    return accented == (page in WESTERN) and (page not in ("cp1251", "koi8-r") or below <= MOST_SIGNS)


def _is_japanese(sample: bytes) -> bool:
    """Whether it has the syllables that only Japanese has: where they stand, the other code pages have rare letters."""
    text = sample.decode("cp932", "replace")
    return _BROKEN not in text and len(_KANA.findall(text)) > sum(not letter.isascii() for letter in text) / 3


def _names_columns(text: str) -> bool:
    """Whether a cell beyond ASCII is the heading of an id, of a SKU or of reasons: by chance it hardly ever is."""
    first = text.splitlines()[0] if text else ""
    cells = (cell for cell in re.split("[,;\t|]", first) if not cell.isascii())
    return any(names_listing(cell) or names_reason(cell) for cell in cells)


def _samples(sample: bytes, pages: Sequence[str]) -> dict[str, str]:
    """Show in each code page the part of a line that most of them read in another way.

    Pages that read the whole sample alike are named once: it does not matter which of them is chosen.
    """
    pages = list({sample.decode(page, "replace"): page for page in reversed(pages)}.values())[::-1]
    parts = [part for line in sample.splitlines() for part in _parts(line)] or [b""]
    telling = max(
        parts, key=lambda part: (len({_shown(part, page) for page in pages}), len(_ABOVE_ASCII.findall(part)))
    )
    return {page: _shown(telling, page) for page in pages}


def _parts(line: bytes) -> Iterator[bytes]:
    """Yield what may be shown of a line: all of it, or where it is long what stands about a word beyond ASCII."""
    if len(line) <= SHOWN:
        yield line
        return
    for word in _WORD.finditer(line):
        before = line[max(0, word.start() - BEFORE) : word.start()]
        yield re.split(_ABOVE_ASCII, before)[-1] + line[word.start() : word.start() + 2 * SHOWN]


def _shown(part: bytes, page: str) -> str:
    return " ".join(part.decode(page, "replace").split())[:SHOWN]
