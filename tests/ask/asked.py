"""Reads the questions of `questions.txt`, asks them, and says how they came out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aexdash.ask import typed
from aexdash.ask.language.lexicon import Lexicon
from aexdash.ask.question import Question
from aexdash.ask.reading import read
from aexdash.ask.workspace import Workspace
from aexdash.desk.profiles import Profile
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from tests.ask.made import CATEGORIES, NOW

FILE = Path(__file__).with_name("questions.txt")

CARDS = {
    "@held": "aex_rejected_auditing_listings",
    "@r24": "aex_rejected_listings_24h",
    "@supp": "aex_listing_suppressed_pct",
    "@active": "aex_active_listings",
    "@total": "aex_total_listings",
    "@attr": "aex_required_attribute_completeness",
    "@quality": "aex_listing_quality_score",
    "@risk": "aexdash_at_risk",
    "@oldrej": "aexdash_oldest_rejected_days",
    "@oldaud": "aexdash_oldest_auditing_days",
    "@med": "aexdash_time_to_clear_median_days",
    "@p90": "aexdash_time_to_clear_p90_days",
    "@stuck": "aexdash_stuck_in_audit",
    "@again": "aexdash_rerejection_rate",
    "@down": "aexdash_taken_down",
    "@feed": "aex_listings_failing_feedonomics_validation",
    "@money": "aexdash_money_held_back",
}

SEEN, FRESH = "~", "+"
"""Marks of a question: it failed in the first report and was looked at since, or it was written after that report."""

LANGUAGES = {"en": "English", "zh": "Chinese", "ru": "Russian", "es": "Spanish"}

RIGHT, REFUSED_RIGHTLY, REFUSED, WRONG = "answered rightly", "refused rightly", "refused, though known", "wrong"
OUTCOMES = (RIGHT, REFUSED_RIGHTLY, REFUSED, WRONG)

_WORD = re.compile(r'(\w+):("[^"]*"|\S+)')


@dataclass(frozen=True)
class Asked:
    """A question, its language, and the readings that are right."""

    language: str
    text: str
    expected: tuple[str, ...]
    mark: str = ""

    @property
    def held_out(self) -> bool:
        """Whether nothing was tuned on it: a digest of its text says so, unless it is marked."""
        if self.mark:
            return self.mark == FRESH
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def questions() -> Iterator[Asked]:
    """Yield the questions of the file."""
    language = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            language = line[1:-1]
        elif line and not line.startswith("#"):
            text, _, expected = line.rpartition(" | ")
            mark = text[0] if text[0] in (SEEN, FRESH) else ""
            yield Asked(language, text.removeprefix(mark).strip(), tuple(expected.split("/")), mark)


def expected_question(text: str, workspace: Workspace, now: datetime = NOW) -> Question:
    """Read what a question must be read as, asked at `now`."""
    first, _, rest = text.partition(" ")
    words = {name: value.strip('"') for name, value in _WORD.findall(text)}
    if first in CARDS:
        words = {"card": CARDS[first]} | {name: value.strip('"') for name, value in _WORD.findall(rest)}
    return typed.read(words, workspace, now)


def outcome(asked: Asked, workspace: Workspace, lexicon: Lexicon) -> str:
    """Ask a question and say how it came out."""
    told = read(asked.text, workspace, lexicon, NOW)
    refusals = [one[1:] for one in asked.expected if one.startswith("!")]
    wanted = [expected_question(one, workspace) for one in asked.expected if not one.startswith("!")]
    if told.refusal is not None:
        return REFUSED_RIGHTLY if told.refusal.why.value in refusals else REFUSED if wanted else REFUSED_RIGHTLY
    return RIGHT if told.question in wanted else WRONG


def names() -> Workspace:
    """Return the names that questions may use, with no listing behind them: enough to read words."""
    stores = tuple(
        StoreRow(number, key, title, "overseas", None, "", "", watched=True)
        for number, (key, title) in enumerate((("madrid", "Madrid"), ("outlet", "Outlet")), 1)
    )
    europe = Profile("europe", "Europe", ("madrid",), NOW, "Ana")
    snapshot = Snapshot(Path("nowhere"), clock=lambda: NOW)
    return Workspace(snapshot, load_taxonomy(), stores, (europe,), ("Ana", "Li Wei"), CATEGORIES)


def tally(asked: Iterable[Asked], workspace: Workspace, lexicon: Lexicon) -> dict[str, Counter[str]]:
    """Count the outcomes by language."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for one in asked:
        counts[one.language][outcome(one, workspace, lexicon)] += 1
    return counts
