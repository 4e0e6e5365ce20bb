"""From a text to its pieces: typed words, numbers, periods and phrases; what is left over is not understood."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from datetime import datetime, tzinfo

from aexdash.ask import typed
from aexdash.ask.language import ages, misspelt_times, periods
from aexdash.ask.language.lexicon import Hit, Lexicon, Meaning, Tag
from aexdash.ask.language.period_words import NUMBERS, NUMBERS_ZH
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import Word, fold, tidy, words_of
from aexdash.ask.question import Read
from aexdash.ask.saying import MOVE_WORDS
from aexdash.ask.vocabulary import BY_WORDS, STATE_WORDS
from aexdash.cards import CARDS
from aexdash.words.common import age_words

_TYPED = re.compile(rf'(?<!\S)({"|".join(typed.NAMES)}):("(?:[^"]|"")*"|\S+)', re.IGNORECASE)
_QUOTED = re.compile(r'["“„«]([^"”“»]{1,80})["”“»]|「([^」]{1,80})」')
_LAST_YEAR = re.compile(
    r"(?<!\w)(?:the )?same (?:period|time|days?|week|month|quarter)s? (?:of |in )?(?:the )?last year(?!\w)"
    r"|(?<!\w)(?:тем|аналогичным) же периодом прошлого года|(?<!\w)аналогичн\w+ период\w* прошлого года"
    r"|(?<!\w)(?:el )?mismo (?:periodo|mes|trimestre) del ano pasado|去年同期"
)
_ID = re.compile(r"(?<![\w.])\d{8,19}(?![\w.])")
_FEW = "|".join(f"(?:{spaced})" for count, spaced in NUMBERS.items() if count > 1)
_N = rf"(\d{{1,3}}|{_FEW})"
_ORDERED = r"oldest|newest|longest|latest|biggest|largest|worst"
_LIMIT = re.compile(
    rf"(?<!\w)(?:the )?(?:top|first|топ|первы[ех]|primer[oa]s?)[ -]?{_N}(?!\d|\w)"
    rf"|(?<!\w)l[oa]s {_N} (?:primer[oa]s|(?=\w+ mas )|(?=mas ))"
    r"|前(\d{1,3}|[一二两三四五六七八九十]{1,2})(?!\d|个?(?:小时|天|日|周|星期|礼拜|月|季|年))(?:个|名|条|位|大)?"
    rf"|(?<!\w)(?:the )?{_N} (?=(?:{_ORDERED})(?!\w)|most |самых |mas )"
    rf"|(?<=oldest |newest |latest )(?:one|{_N})(?!\w)|(?<=longest )(?:one|{_N})(?!\w)"
    r"|(?<=[久早新老贵多])的?(\d{1,3}|[一二两三四五六七八九十]{1,2})[个条件]"
)

_DIVIDED = re.compile(r"divided|split|group|broken|break|sorted|breakdown|с разбивкой|desglosad|agrupad")
"""Words that divide and can say nothing else, as *by* can."""

_MORE_ZH = re.compile(r"的多(?=[?.!\s。]*$)")
"""*Which store has more*, at the end of a question: 哪个店被拒的多; within one it belongs to 多少 or 多久."""

NOUNS_AFTER, COPULAS = (
    frozenset(("noun",)),
    frozenset(("are", "is", "still", "now", "currently", "estan", "son", "hay")),
)


_GREETING = re.compile(
    r"\W*(?:(?:good )?(?:morning|afternoon|evening)(?: (?:all|team|everyone|everybody|guys|folks))?|team|ok(?:ay)?"
    r"|alright|right|well|ок(?:ей)?|доброе утро|доброе|vale|equipo|buenas|好的?)[,!.:;，！。：；]"
)
"""What a question may begin with, set off from it."""

ONLY = ("only", "just", "solely", "только", "лишь", "solo", "solamente", "unicamente", "只", "只看", "只要")


def count_of(word: str) -> int:
    """Return the number that a word stands for."""
    if word.isdigit():
        return int(word)
    if word[0] in NUMBERS_ZH:
        tens, ten, ones = word.rpartition("十")
        return 10 * NUMBERS_ZH.get(tens, 1) * bool(ten) + NUMBERS_ZH.get(ones, 0)
    return next((count for count, spaced in NUMBERS.items() if count > 1 and re.fullmatch(spaced, word)), 1)


def lacking(pieces: Pieces) -> list[str]:
    """Return the words that say something only beside others which are not there: *or* with one thing, *profile*."""
    times = [str(said.start) for said in (*pieces.periods, *pieces.compared)]
    pairs = any(len(set(one)) > 1 for one in (*pieces.where.values(), pieces.states, times))
    return [*([] if pairs else pieces.either), *([] if pieces.where.get("profile") else pieces.profile)]


def cut(text: str, lexicon: Lexicon, now: datetime, zone: tzinfo) -> Pieces:
    """Find out what each word of a text is. Days are those of `zone`, and `now` is the present."""
    tidied, mended = misspelt_times.respelt(tidy(text), lexicon)
    cutter = _Cutter(tidied, lexicon)
    cutter.pieces.read += [Read(written, meant) for written, meant in mended]
    cutter.typed()
    cutter.greeting()
    cutter.numbers()
    cutter.quoted()
    cutter.last_year()
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
        self._named_at: dict[str, list[int]] = defaultdict(list)
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

    def greeting(self) -> None:
        """Take *Morning!* and *ok,* at the beginning: elsewhere such words say when, or how something is."""
        if found := _GREETING.match(self.rest):
            self.pieces.ignored.append(found[0].strip(" ,!.:;-"))
            self.take(found.start(), found.end())

    def numbers(self) -> None:
        """Take how long something is held, how many are to be shown, and ids of listings."""
        for age in ages.find(self.rest):
            self.pieces.ages.append(age.word)
            if self.rest[age.start : age.stop].startswith("held "):
                self.pieces.plain.add("held_for")
            self.take(age.start, age.stop, f"held {age_words(age.word)}")
        for found in _LIMIT.finditer(self.rest):
            self.pieces.limit = count_of(next((part for part in found.groups() if part), "one"))
            self.take(found.start(), found.end(), f"the first {self.pieces.limit}")
        if more := _MORE_ZH.search(self.rest):
            self.pieces.plain.add("more")
            self.take(more.start(), more.end())
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

    def last_year(self) -> None:
        """Take *same period last year* before *last year* is taken for a period of its own."""
        for found in _LAST_YEAR.finditer(self.rest):
            self.pieces.plain.add("last_year")
            self.take(found.start(), found.end(), "the same time a year before")

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
        self._only_within(hits, mended)
        negated = self._negated(hits)
        for hit in hits:
            if hit.first in negated:
                self._deny(hit, mended, negated[hit.first])
                continue
            wrong = [word.text for word, old in zip(mended, self.words, strict=True) if word is not old]
            self._sort(hit, mended, respelt=any(mended[i].text in wrong for i in range(hit.first, hit.after)))
        self._compared()
        first = next((hit for hit in hits if hit.first == 0), None)
        self.pieces.begins_with_follow = bool(first and first.meanings[0].value == "follow")

    def _only_within(self, hits: list[Hit], words: list[Word]) -> None:
        """Note *only* right before a reason: it may be the reason, or nothing but it."""
        for hit, following in itertools.pairwise(hits):
            is_only = " ".join(word.text for word in words[hit.first : hit.after]) in ONLY
            if is_only and following.first == hit.after and following.meanings[0].name == "reason":
                self.pieces.plain.add("only_within")

    def _negated(self, hits: list[Hit]) -> dict[int, Hit]:
        """Return which phrases are turned round, by the place of the phrase, each with the word that does it.

        Only one right behind such a word is: between them stand at most words that say nothing.
        """
        found: dict[int, Hit] = {}
        word: Hit | None = None
        for hit in hits:
            tag, value = hit.meanings[0].tag, hit.meanings[0].value
            if word and hit.first > self._reach(word, hits):
                word = None
            if tag is Tag.NEGATION:
                word = None if word else hit
            elif word and len(hit.meanings) == 1 and tag in (Tag.WHERE, Tag.STATE):
                found[hit.first], found[word.first] = word, word
                word = None
            elif not (tag is Tag.DIMENSION or (tag is Tag.PLAIN and value in ("stop", "noun", "profile"))):
                word = None
        return found

    def _reach(self, word: Hit, hits: list[Hit]) -> int:
        """Return the place up to which every word behind one belongs to a phrase: a time or a strange word ends it."""
        covered = {index for hit in hits for index in range(hit.first, hit.after)}
        place = word.after
        while place in covered:
            place += 1
        return place

    def _deny(self, hit: Hit, words: list[Word], word: Hit) -> None:
        """Put a phrase that is turned round where it belongs; of the word that does it nothing is left to say."""
        start, stop = words[hit.first].start, words[hit.after - 1].stop
        self.take(start, stop)
        if hit is not word:
            meaning = hit.meanings[0]
            name = meaning.name if meaning.tag is Tag.WHERE else "state"
            self.pieces.negated.append((name, meaning.value, self.text[words[word.first].start : stop]))

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
        if not counted and len(compared) == 1 and self._are_beside(compared[0].start, compare):
            counted, compared = compared, []
        self.pieces.periods, self.pieces.compared = counted, compared
        if counted and compared and self._is_crossed(compare):
            self.pieces.plain.add("crossed")

    def _is_crossed(self, compare: int) -> bool:
        """Whether names stand on both sides: *trademark last week vs copyright this week* compares two pairs."""
        return any(
            min(at) < compare < max(at) and len(set(self.pieces.where.get(name, ()))) > 1
            for name, at in self._named_at.items()
            if at
        )

    def _are_beside(self, time: int, compare: int) -> bool:
        """Whether names are compared in one time: *compare last week in Madrid and Outlet*, *Ana vs Li Wei today*."""
        for name in ("store", "owner", "category", "reason"):
            at = self._named_at[name]
            if len(set(self.pieces.where.get(name, ()))) > 1 and (time < at[-1] or compare < at[-1]):
                return True
        return False

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
                self._named_at[meaning.name].append(start)
            case Tag.BY if hit.first and words[hit.first].text == "whose":
                pass  # *listings whose title …*: of nobody
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
        said = self.text[start : words[hit.after - 1].stop]
        if value in ("either", "profile"):
            getattr(self.pieces, value).append(said)
        if value == "by" and _DIVIDED.match(fold(said)):
            self.pieces.plain.add("divided")
        value = "more" if value == "jump" and fold(said) == "more" else value
        if value == "compare":
            self._compare_at.append(start)
        if value.startswith("previous"):
            self._previous_at.append(start)
        self.pieces.plain.add(value)

    def _is_bare(self, hit: Hit, words: list[Word]) -> bool:
        """Whether *rejected* stands like a verb: no noun beside it, and no *are* right before it."""
        before, after = words[max(hit.first - 1, 0) : hit.first], words[hit.after : hit.after + 1]
        beside = [one for word in (before, after) for one in self.lexicon.hits(word, [False])]
        is_noun = any(one.meanings[0].value in ("noun", "ad") for one in beside)
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
        for said in lacking(self.pieces):
            self.pieces.unknown.append((said, ()))
        for word in self.words:
            if self.rest[word.start : word.stop].strip() and any(letter.isalnum() for letter in word.text):
                self.pieces.unknown.append((self.text[word.start : word.stop], tuple(self.lexicon.near(word.text))[:3]))
