"""From a text to its pieces: typed words, numbers, periods and phrases; what is left over is not understood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, tzinfo

from aexdash.ask import typed
from aexdash.ask.language import counts, near_names, patterns
from aexdash.ask.language.lexicon import BETWEEN, Hit, Lexicon, Meaning, Tag
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import Word, fold, tidy, words_of
from aexdash.ask.language.times import ages, misspelt_times, periods
from aexdash.ask.language.times.period_words import NUMBERS
from aexdash.ask.meaning import comparing
from aexdash.ask.meaning.in_context.how_long import HELD_BEFORE
from aexdash.ask.meaning.in_context.neighbours import all_but, done_by_somebody, lacking, only_within, turned_round
from aexdash.ask.question import Read
from aexdash.ask.saying import MOVE_WORDS
from aexdash.ask.vocabulary import BY_WORDS, OWNING, STATE_WORDS
from aexdash.cards import CARDS
from aexdash.words.common import age_words

_TYPED = re.compile(rf'(?<!\S)({"|".join(typed.NAMES)}):("(?:[^"]|"")*"|\S+)', re.IGNORECASE)
_QUOTED = re.compile(r'["“„«]([^"”“»]{1,80})["”“»]|「([^」]{1,80})」')
_LAST_YEAR = re.compile(
    r"(?<!\w)(?:the )?same (?:period|time|days?|week|month|quarter)s? (?:of |in )?(?:the )?last year(?!\w)"
    r"|(?<!\w)(?:тем|аналогичным) же периодом прошлого года|(?<!\w)аналогичн\w+ период\w* прошлого года"
    r"|(?<!\w)(?:el )?mismo (?:periodo|mes|trimestre) del ano pasado|去年同期"
)
_ID = re.compile(r"(?<![^\W㐀-鿿])(?<!\.)\d{8,19}(?![^\W㐀-鿿]|\.\d)")
_DIVIDED = re.compile(r"divided|split|group|broken|break|sorted|breakdown|с разбивкой|desglosad|agrupad")
"""Words that divide and can say nothing else, as *by* can."""

_IN_DAYS = re.compile(r"(?<!\w)(?:in|en|в) (?:days|dias|днях)(?!\w)|\((?:days|dias|дней)\)")
"""The unit of a number that is told in days anyhow."""

_SAME_DAYS = re.compile(
    r"\b(?:the )?same days? (?:of |in |from )?(?:the )?(?=(?:last|previous) week\b)"
    r"|\b(?:теми же|те же|тех же|тем же) дн\w+ (?=прошл\w+ недел)"
    r"|\b(?:l[oa]s )?mismos dias (?:de )?(?:la )?(?=semana pasada)"
)
_THIS_WEEK = re.compile(r"\bthis week\b|\bэт\w+ недел|\besta semana\b")
"""*This week vs the same days last week*: as much of that week as has passed of this one, as it is compared anyhow."""

_EACH = (
    ("day", re.compile(r"(?<!\w)(?:dia (?:a|por|tras) dia|day (?:by|after|to) day|день за дн[её]м)(?!\w)")),
    ("week", re.compile(r"(?<!\w)(?:semana (?:a|por|tras) semana|week (?:by|after|to) week|неделя за неделей)(?!\w)")),
    ("month", re.compile(r"(?<!\w)(?:mes (?:a|por|tras) mes|month (?:by|after|to) month|месяц за месяцем)(?!\w)")),
)
"""Divisions by time whose words would be taken for a time: *la semana pasada día a día*."""

_THAT_DAY = re.compile(
    "(?<=[0-9一二三四五六七八九十][号日])(?:当天|那天|这天|那一天|这一天|当日)|(?<=周[一二三四五六日天])(?:当天|那天|这天|那一天)"
    "|(?:(?<=双11)|(?<=双十一))(?:当天|那天|这天|那一天)"
)
"""*On the 15th, that day*: the second says nothing more, and alone it would be a day of its own."""

_MORE_ZH = re.compile(r"(?:的|(?<=拒)|(?<=驳回)|(?<=审)|(?<=卡)|(?<=扣)|更|比较)多(?:一些|一点|些)?(?=[?.!\s。]*$)")
"""*Which store has more*, at the end of a question: 哪个店被拒的多; within one it belongs to 多少 or 多久."""

_ENDS_ZH = re.compile(r"呢[?？。\s]*$")

COPULAS = frozenset(("are", "is", "still", "now", "currently", "estan", "son", "hay"))


_GREETING = re.compile(
    r"\W*(?:(?:good )?(?:morning|afternoon|evening)(?: (?:all|team|everyone|everybody|guys|folks))?|team|ok(?:ay)?"
    r"|alright|right|well|ок(?:ей)?|доброе утро|доброе|vale|equipo|buenas|好的?)[,!.:;，！。：；]"
)
"""What a question may begin with, set off from it."""

_OCCASION = re.compile(
    r"\bfor (?:my|our|the) (?:(?:weekly|daily|monthly|board|team|\d{1,2}(?::\d\d)? ?(?:am|pm)) )*"
    r"(?:call|meeting|report|standup|boss|manager|slides?|deck|\d{1,2}(?::\d\d)? ?(?:am|pm))(?!\w)"
)
"""What a number is needed for, which says nothing of which number."""

_QUE = re.compile(r"\b(?:mas|menos|mayor|menor)\b.*\b(?P<que>q(?:ue)?) (?:en |el |la )*$")

_UP_ON = re.compile(r"\b(?P<que>(?:up|down|higher|lower)) *$")

_ONE_N = re.compile("(?<=[аяе])н(?=(?:ы[ехй]|ыми?|ого|ому|ая|ой|ую|ое)$)")
"""Where many write one letter, and two belong: *отклоненые*, *удаленных* is right."""


_NOT_MISSPELT = ("cuando", "fired", "filed", "fined", "mixed")
"""Words that are near to others and mean something else: *cuándo* is no *cuánto*, and *fired* no *fixed*."""


def cut(text: str, lexicon: Lexicon, now: datetime, zone: tzinfo) -> Pieces:
    """Find out what each word of a text is. Days are those of `zone`, and `now` is the present.

    Where words are misspelt, or names are in other letters, the text is read again as it was meant, so that ages, times
    and what is looked for in the text see it too.
    """
    tidied, mended = misspelt_times.respelt(tidy(text), lexicon)
    cutter = _read(_Cutter(tidied, lexicon), now, zone)
    slips = [(tidied[word.start : word.stop], word.text.strip()) for word in cutter.slips]
    for word in sorted(cutter.slips, key=lambda one: one.start, reverse=True):
        tidied = f"{tidied[: word.start]}{word.text}{tidied[word.stop :]}"
    if slips:
        cutter = _read(_Cutter(tidied, lexicon), now, zone)
    cutter.pieces.read = [_as_written(one, slips) for one in cutter.pieces.read]
    told = {word for one in cutter.pieces.read for word in one.words.split()}
    rest = [(written, meant) for written, meant in (*mended, *slips) if written not in told]
    cutter.pieces.read += [Read(written, meant) for written, meant in rest]
    return cutter.pieces


def _as_written(read: Read, slips: Sequence[tuple[str, str]]) -> Read:
    """Return what words were read as, with the words as they were written, and as they were meant before it."""
    words = read.words.split()
    written = [next((wrong for wrong, meant in slips if meant == fold(one)), one) for one in words]
    return read if written == words else Read(" ".join(written), f"{read.words}: {read.meaning}")


def _read(cutter: _Cutter, now: datetime, zone: tzinfo) -> _Cutter:
    """Take all parts of a text, one sort after the other."""
    cutter.typed()
    cutter.greeting()
    cutter.numbers()
    cutter.quoted()
    cutter.last_year()
    for said in periods.find(cutter.rest, now, zone, pairs=cutter.compares()):
        cutter.period(said)
    cutter.phrases()
    cutter.pieces.compared = comparing.with_same_days(cutter.pieces, zone)
    cutter.leftovers()
    return cutter


class _Cutter:
    """A text whose parts are taken out one after the other; what is taken is blank in `rest`."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.rest, self.lexicon = text, fold(text), lexicon
        self.pieces = Pieces(text=text)
        self.words = words_of(text)
        self._compare_at: list[int] = []
        self._named_at: dict[str, list[int]] = defaultdict(list)
        self._previous_at: list[int] = []
        self._by_at = 0, 0
        self._said: list[periods.Said] = []
        self.slips: list[Word] = []

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
        for found in _OCCASION.finditer(self.rest):
            self.pieces.ignored.append(self.text[found.start() : found.end()].strip())
            self.take(found.start(), found.end())

    def numbers(self) -> None:
        """Take how long something is held, how many are to be shown, and ids of listings."""
        for day in _THAT_DAY.finditer(self.rest):
            self.take(day.start(), day.end())
        for age in ages.find(self.rest):
            self.pieces.ages.append(age.word)
            said = self.rest[age.start : age.stop]
            if said.startswith(("held ", "扣", "压")) or HELD_BEFORE.search(self.rest[: age.start].rstrip()):
                self.pieces.plain.add("held_for")
            self.take(age.start, age.stop, f"held {age_words(age.word)}")
        for before in counts.befores(self.rest):
            self.pieces.before = before
            self.pieces.plain.add("compare")
            self._previous_at.append(before.start)
            self.take(before.start, before.stop)
        if _THIS_WEEK.search(self.rest) and (same := _SAME_DAYS.search(self.rest)):
            self.take(same.start(), same.end(), "as much of it as has passed of this week")
        for days in _IN_DAYS.finditer(self.rest):
            self.pieces.in_days.append(self.text[days.start() : days.end()].strip())
            self.take(days.start(), days.end())
        for found in counts.LIMIT.finditer(self.rest):
            self.pieces.limit = counts.count_of(next((part for part in found.groups() if part), "one"))
            self.take(found.start(), found.end(), f"the first {self.pieces.limit}")
        if (last := counts.LAST.search(self.rest)) and counts.LISTED.search(self.rest[: last.start()]):
            self.pieces.limit = int(last[1])
            self.take(last.start(), last.end(), f"the first {last[1]}")
        for unit, pattern in _EACH:
            for each in pattern.finditer(self.rest):
                self.pieces.by.append(unit)
                self.take(each.start(), each.end(), f"divided by {unit}")
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
        """Take a period; *que* before it compares, where *más* or *menos* stands before that, and so does *up on*."""
        self._said.append(said)
        pattern = _UP_ON if self.rest[said.start :].startswith("on ") else _QUE
        if que := pattern.search(self.rest[: said.start]):
            self._compare_at.append(que.start("que"))
            self.pieces.plain.add("compare")
            self.take(que.start("que"), said.start)
        self.take(said.start, said.stop)

    def phrases(self) -> None:
        """Take every phrase of the vocabulary; misspelt words are mended where only one word is near."""
        taken = [not self.rest[word.start : word.stop].strip() for word in self.words]
        hits = patterns.hits(self.lexicon, self.words, taken)
        covered = {index for hit in hits for index in range(hit.first, hit.after)}
        mended: list[Word] = list(self.words)
        free = {index for index, gone in enumerate(taken) if not gone and index not in covered}
        for index in sorted(free):
            word = self.words[index]
            if near := self._respelt(word.text):
                mended[index] = Word(near, word.start, word.stop)
                self.slips.append(mended[index])
        if mended != self.words:
            hits = patterns.hits(self.lexicon, mended, taken)
        free -= {index for index, word in enumerate(self.words) if mended[index] is not word}
        self.slips += near_names.spelt(self.words, free, self.lexicon.names, OWNING, self.text)
        only_within(hits, mended, self.pieces)
        hits = done_by_somebody(hits, mended, self.take)
        hits = all_but(hits, mended, self.pieces)
        negated = turned_round(hits)
        for hit in hits:
            if hit.first in negated:
                self._deny(hit, mended, negated[hit.first])
                continue
            wrong = [word.text for word, old in zip(mended, self.words, strict=True) if word is not old]
            self._sort(hit, mended, respelt=any(mended[i].text in wrong for i in range(hit.first, hit.after)))
        times = comparing.times_of(self.pieces, self._said, self._compare_at, self._previous_at, self._named_at)
        self.pieces.periods, self.pieces.compared = times
        if all(times) and comparing.is_crossed(self.pieces, min(self._compare_at), self._named_at):
            self.pieces.plain.add("crossed")
        first = next((hit for hit in hits if hit.first == 0), None)
        ends = _ENDS_ZH.search(self.text) and "count" not in self.pieces.plain  # 恢复的呢
        self.pieces.begins_with_follow = bool(ends or (first and first.meanings[0].value == "follow"))

    def _respelt(self, word: str) -> str:
        """Return the known word that a misspelt one can be; *отклоненые* of one *н* is *отклоненные*.

        None that says nothing, but for swapped letters: what is left out would be no such word.
        """
        if any(re.fullmatch(spaced, word) for spaced in NUMBERS.values()):
            return ""  # *three* is not *there*
        if word in _NOT_MISSPELT:
            return ""
        doubled = _ONE_N.sub("нн", word)
        near = doubled if doubled != word and self.lexicon.knows(doubled) else self.lexicon.respelt(word)
        return near if sorted(near) == sorted(word) or not self.lexicon.says_nothing(near) else ""

    def _deny(self, hit: Hit, words: list[Word], word: Hit) -> None:
        """Put a phrase that is turned round where it belongs; of the word that does it nothing is left to say."""
        start, stop = words[hit.first].start, words[hit.after - 1].stop
        self.take(start, stop)
        if hit is not word:
            meaning = hit.meanings[0]
            name = meaning.name if meaning.tag is Tag.WHERE else "state"
            begin, end = min(words[word.first].start, start), max(words[word.after - 1].stop, stop)
            self.pieces.negated.append((name, meaning.value, self.text[begin:end]))

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
        said = self.text[start : words[hit.after - 1].stop]
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
                pieces.named.append((meaning.name, meaning.value, said))
                self._named_at[meaning.name].append(start)
            case Tag.BY if hit.first and words[hit.first].text == "whose":
                pass  # *listings whose title …*: of nobody
            case Tag.BY:
                pieces.by.append(meaning.value)
                return f"divided by {BY_WORDS[meaning.value]}"  # type: ignore[index]
            case Tag.DIMENSION:
                pieces.dimensions.append(meaning.value)
                by, stop = self._by_at
                begin = by if set(fold(self.text[stop:start]).split()) <= BETWEEN and stop else start
                pieces.shaped.append((meaning.value, self.text[begin : words[hit.after - 1].stop]))
            case Tag.ORDER:
                pieces.orders.append(meaning.value)
                pieces.shaped.append((meaning.value, said))
            case Tag.PLAIN:
                self._shape(meaning.value, start, hit, words)
            case _:
                pieces.done += [meaning.value] if meaning.tag is Tag.DONE and meaning.value else []
                pieces.refused.setdefault(meaning.tag.value, said)
        return ""

    def _shape(self, value: str, start: int, hit: Hit, words: list[Word]) -> None:
        if value == "polite":
            self.pieces.ignored.append(self.text[start : words[hit.after - 1].stop])
            return
        said = self.text[start : words[hit.after - 1].stop]
        if value in ("either", "profile"):
            getattr(self.pieces, value).append(said)
        self.pieces.shaped.append((value, said))
        if value == "by":
            self._by_at = start, words[hit.after - 1].stop
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
        for index, word in enumerate(self.words):
            if self.rest[word.start : word.stop].strip() and any(letter.isalnum() for letter in word.text):
                for begin, meaning in near_names.near(self.words[: index + 1], self.lexicon.names, OWNING):
                    self.pieces.perhaps[self.text[begin : word.stop]] = meaning
                self.pieces.unknown.append((self.text[word.start : word.stop], tuple(self.lexicon.near(word.text))[:3]))
