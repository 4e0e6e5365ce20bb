"""From a text to its pieces: typed words, numbers, periods and phrases; what is left over is not understood."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from aexdash.ask import typed
from aexdash.ask.language import periods
from aexdash.ask.language.lexicon import Hit, Lexicon, Meaning, Tag
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import Word, fold, tidy, words_of
from aexdash.ask.question import Read
from aexdash.ask.saying import MOVE_WORDS
from aexdash.ask.vocabulary import BY_WORDS, STATE_WORDS
from aexdash.cards import CARDS

_TYPED = re.compile(rf'(?<!\S)({"|".join(typed.NAMES)}):("(?:[^"]|"")*"|\S+)', re.IGNORECASE)
_QUOTED = re.compile(r'["“„«]([^"”“»]{1,80})["”“»]|「([^」]{1,80})」')
_ID = re.compile(r"(?<![\w.])\d{8,19}(?![\w.])")
_LIMIT = re.compile(
    r"(?<!\w)(?:the )?(?:top|first|топ|первы[ех]|primer[oa]s?)[ -]?(\d{1,3}|three|five|ten)(?!\d|\w)"
    r"|(?<!\w)los (\d{1,3}) primeros|前(\d{1,3}|三|五|十)(?:个|名|条|位)?"
    r"|(?<!\w)(?:the )?(\d{1,3}) (?=oldest|newest|longest|latest|most |самых|mas )"
)
_JUST_ONE = re.compile(r"(?<=oldest |newest |latest )one(?!\w)|(?<=longest )one(?!\w)")
_COUNT = {"three": 3, "five": 5, "ten": 10, "三": 3, "五": 5, "十": 10}
_NUMBER = r"(\d{1,3}|an?|one|two|three|seven|ten|thirty|три|семь|tres|siete|treinta)"
_AGE = re.compile(
    rf"(?<!\w)(?:held )?(?:for )?(?:more than|longer than|over|at least|older than|not less than|>=?|≥) ?{_NUMBER} ?"
    r"(d|days?|weeks?|months?|h|hours?)(?!\w)(?: or (?:more|longer))?(?: old)?"
    rf"|(?<!\w)(?:held )?(?:for )?{_NUMBER} (days?|weeks?|months?) (?:or (?:more|longer)|old|and more|plus)(?!\w)"
    rf"|(?<!\w)(?:дольше|более|больше|старше|не менее|свыше|минимум) {_NUMBER} "
    r"(дн[а-я]*|сут[а-я]*|недел[а-я]*|месяц[а-я]*|час[а-я]*)"
    rf"|(?<!\w)(?:desde )?(?:hace )?(?:mas de|al menos|minimo|por mas de) {_NUMBER} "
    r"(dias?|semanas?|mes(?:es)?|horas?)(?!\w)"
    r"|(?:超过|至少|大于)(\d{1,3}|[一三七])个?(天|周|小时|月)(?:以上)?|(\d{1,3}|[一三七])个?(天|周|月)以上"
)
_AGE_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "seven": 7, "ten": 10, "thirty": 30, "три": 3, "семь": 7,
    "tres": 3, "siete": 7, "treinta": 30, "一": 1, "三": 3, "七": 7,
}  # fmt: skip
_AGE_DAYS = (("h", 1 / 24), ("час", 1 / 24), ("小时", 1 / 24), ("week", 7), ("недел", 7), ("semana", 7), ("周", 7),
             ("m", 30), ("месяц", 30), ("月", 30))  # fmt: skip

NOUNS_AFTER, COPULAS = (
    frozenset(("noun",)),
    frozenset(("are", "is", "still", "now", "currently", "estan", "son", "hay")),
)


def cut(text: str, lexicon: Lexicon, now: datetime, zone: tzinfo) -> Pieces:
    """Find out what each word of a text is. Days are those of `zone`, and `now` is the present."""
    tidied = tidy(text)
    cutter = _Cutter(tidied, lexicon)
    cutter.typed()
    cutter.numbers()
    cutter.quoted()
    for said in periods.find(cutter.rest, now, zone, pairs=cutter.compares()):
        cutter.period(said)
    cutter.phrases()
    cutter.leftovers()
    return cutter.pieces


class _Cutter:
    """A text whose parts are taken out one after the other; what is taken is blank in `rest`."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.rest, self.lexicon = text, fold(text), lexicon
        self.pieces = Pieces(text=text)
        self.words = words_of(text)
        self._compare_at: list[int] = []
        self._previous_at: list[int] = []
        self._said: list[periods.Said] = []

    def take(self, start: int, stop: int, meaning: str = "") -> None:
        """Blank a part of the text; a meaning tells what it was read as."""
        if meaning:
            self.pieces.read.append(Read(self.text[start:stop].strip(), meaning))
        self.rest = self.rest[:start] + " " * (stop - start) + self.rest[stop:]

    def typed(self) -> None:
        """Take words as an address writes them, `status:rejected`."""
        for found in _TYPED.finditer(self.text):
            name, value = found[1].lower(), found[2]
            if value.startswith('"'):
                value = value[1:-1].replace('""', '"')
            self.pieces.typed[name] = value
            self.take(found.start(), found.end(), f"{name} {value}")

    def numbers(self) -> None:
        """Take how long something is held, how many are to be shown, and ids of listings."""
        for found in _AGE.finditer(self.rest):
            number, unit = (part for part in found.groups() if part)
            days = _AGE_NUMBERS.get(number) or int(number)
            per = next((size for begin, size in _AGE_DAYS if unit.startswith(begin)), 1)
            self.pieces.days_held = days * per
            self.take(found.start(), found.end())
        for found in _LIMIT.finditer(self.rest):
            word = next(part for part in found.groups() if part)
            self.pieces.limit = _COUNT.get(word) or int(word)
            self.take(found.start(), found.end(), f"the first {self.pieces.limit}")
        for found in _JUST_ONE.finditer(self.rest):
            self.pieces.limit = 1
            self.take(found.start(), found.end(), "the first 1")
        for found in _ID.finditer(self.rest):
            self.pieces.where["q"].append(found[0])
            self.take(found.start(), found.end(), f"listing {found[0]}")

    def quoted(self) -> None:
        """Take a text in quotes: a name that there is, else a text in titles."""
        for found in _QUOTED.finditer(self.rest):
            inner = self.text[found.start() + 1 : found.end() - 1]
            words = words_of(inner)
            hits = self.lexicon.hits(words, [False] * len(words))
            named = len(hits) == 1 and hits[0].after == len(words) and hits[0].meanings[0].tag is Tag.WHERE
            if named:
                self.rest = self.rest[: found.start()] + " " + self.rest[found.start() + 1 :]
                continue
            self.pieces.where["q"].append(inner.strip())
            self.take(found.start(), found.end(), f"title, id or SKU with “{inner.strip()}”")

    def compares(self) -> bool:
        """Whether a word such as *compare* or *vs* stands in the text, so that times joined by *and* are two."""
        hits = self.lexicon.hits(self.words, [False] * len(self.words))
        return any(one.value == "compare" for hit in hits for one in hit.meanings)

    def period(self, said: periods.Said) -> None:
        """Take a period."""
        self._said.append(said)
        self.take(said.start, said.stop)

    def phrases(self) -> None:
        """Take every phrase of the vocabulary; misspelt words are mended where only one word is near."""
        taken = [not self.rest[word.start : word.stop].strip() for word in self.words]
        hits = self.lexicon.hits(self.words, taken)
        covered = {index for hit in hits for index in range(hit.first, hit.after)}
        mended: list[Word] = list(self.words)
        for index, word in enumerate(self.words):
            if index not in covered and not taken[index] and (near := self.lexicon.respelt(word.text)):
                mended[index] = Word(near, word.start, word.stop)
        if mended != self.words:
            hits = self.lexicon.hits(mended, taken)
        for hit in hits:
            wrong = [word.text for word, old in zip(mended, self.words, strict=True) if word is not old]
            self._sort(hit, mended, respelt=any(mended[i].text in wrong for i in range(hit.first, hit.after)))
        self._compared()
        first = next((hit for hit in hits if hit.first == 0), None)
        self.pieces.begins_with_follow = bool(first and first.meanings[0].value == "follow")

    def _compared(self) -> None:
        """Tell times that are counted from those compared with; of *compare A with B* A is counted."""
        if not self._compare_at:
            self.pieces.periods = self._said
            return
        compare = min(self._compare_at)
        counted = [said for said in self._said if said.start < compare]
        compared = [said for said in self._said if said.start > compare]
        if len(counted) > 1 and not compared:  # *October and November compared*
            counted, compared = counted[:1], counted[1:]
        if not counted and (len(compared) > 1 or any(at > said.start for said in compared for at in self._previous_at)):
            counted, compared = compared[:1], compared[1:]
        self.pieces.periods, self.pieces.compared = counted, compared

    def _sort(self, hit: Hit, words: list[Word], *, respelt: bool) -> None:
        """Put a phrase where it belongs."""
        pieces, start, stop = self.pieces, words[hit.first].start, words[hit.after - 1].stop
        said, meaning = self.text[start:stop], hit.meanings[0]
        self.take(start, stop)
        if len(hit.meanings) > 1 and all(one.tag is Tag.PLAIN for one in hit.meanings):
            for one in hit.meanings:
                self._shape(one.value, start, hit, words)
            return
        if len(hit.meanings) > 1:
            pieces.doubts.append((said, hit.meanings))
            return
        known = " ".join(word.text for word in words[hit.first : hit.after]) if respelt else ""
        told = self._kept(meaning, hit, words)
        if told:
            pieces.read.append(Read(said, f"{known}: {told}" if known else told))

    def _kept(self, meaning: Meaning, hit: Hit, words: list[Word]) -> str:
        """Keep a phrase with one meaning; return what it was read as, empty where it says nothing by itself."""
        pieces, start = self.pieces, words[hit.first].start
        match meaning.tag:
            case Tag.CARD:
                pieces.cards.append(meaning.value)
                return f"the card {CARDS[meaning.value].title}"
            case Tag.MOVE:
                pieces.moves.append(meaning.value)
                return f"listings {MOVE_WORDS[meaning.value]}"
            case Tag.STATE:
                pieces.states.append(meaning.value)
                if meaning.value in ("rejected", "held", "halted"):
                    pieces.bare = self._is_bare(hit, words)
                return STATE_WORDS.get(meaning.value, "")
            case Tag.WHERE:
                pieces.where[meaning.name].append(meaning.value)
                said = self.text[start : words[hit.after - 1].stop]
                pieces.named.append((meaning.name, meaning.value, said))
            case Tag.BY:
                pieces.by.append(meaning.value)
                return f"divided by {BY_WORDS[meaning.value]}"  # type: ignore[index]
            case Tag.DIMENSION:
                pieces.dimensions.append(meaning.value)
            case Tag.ORDER:
                pieces.orders.append(meaning.value)
            case Tag.PLAIN:
                self._shape(meaning.value, start, hit, words)
            case _:
                pieces.refused.setdefault(meaning.tag.value, self.text[start : words[hit.after - 1].stop])
        return ""

    def _shape(self, value: str, start: int, hit: Hit, words: list[Word]) -> None:
        if value == "polite":
            self.pieces.ignored.append(self.text[start : words[hit.after - 1].stop])
            return
        if value == "compare":
            self._compare_at.append(start)
        if value.startswith("previous"):
            self._previous_at.append(start)
        self.pieces.plain.add(value)

    def _is_bare(self, hit: Hit, words: list[Word]) -> bool:
        """Whether *rejected* stands like a verb: no noun beside it, and no *are* right before it."""
        before, after = words[max(hit.first - 1, 0) : hit.first], words[hit.after : hit.after + 1]
        beside = [one for word in (before, after) for one in self.lexicon.hits(word, [False])]
        is_noun = any(one.meanings[0].value == "noun" for one in beside)
        is_said = any(word.text in COPULAS for word in before)
        if words[hit.first].is_chinese:
            return not self._is_before_noun(hit, words)
        return not (is_said or is_noun)

    def _is_before_noun(self, hit: Hit, words: list[Word]) -> bool:
        """Whether a Chinese phrase stands before what it describes: 被拒商品, 被拒的商品."""
        after = hit.after + (hit.after < len(words) and words[hit.after].text == "的")
        beside = self.lexicon.hits(words[after : after + 3], [False] * 3)
        return any(one.first == 0 and any(of.value == "noun" for of in one.meanings) for one in beside)

    def leftovers(self) -> None:
        """Note what nothing was made of, each word with what is near it; typed words are read at last."""
        for word in self.words:
            if self.rest[word.start : word.stop].strip() and any(letter.isalnum() for letter in word.text):
                self.pieces.unknown.append((self.text[word.start : word.stop], tuple(self.lexicon.near(word.text))[:3]))
