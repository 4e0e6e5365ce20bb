"""The words shared by all pages: statuses, moments, lengths, counts, prices; and the escaping of platform texts.

Pure functions without Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from aexdash.clock import day_of, midnight, zone_name
from aexdash.config.settings import home_directory
from aexdash.model import AuditKind, Provenance, Resubmit, SourceWord, Stage, Status
from aexdash.snapshot.store_rows import Freshness
from aexdash.storage.text import visible

STATUS_WORDS: Mapping[str, str] = {
    Status.REJECTED: "rejected",
    Status.AUDITING: "in audit",
    Status.ACTIVE: "active",
    Status.OFFLINE: "offline",
    Status.DELETED: "deleted",
    Status.OTHER: "other",
}

FILTER_STATUS_WORDS: Mapping[str, str] = {
    Status.REJECTED: "rejected",
    Status.AUDITING: "in audit",
    Status.OFFLINE: "taken down",
    Status.ACTIVE: "at risk",
}
"""The statuses a view can ask for: *offline* means there what AliExpress itself took down, *active* what is at risk."""

RESUBMIT_WORDS: Mapping[str, str] = {
    Resubmit.NOT_YET: "do not resubmit yet",
    Resubmit.READY: "ready to resubmit",
}

AUDIT_WORDS: Mapping[str, str] = {
    AuditKind.FIRST_REVIEW: "first review",
    AuditKind.RE_REVIEW: "re-review",
    AuditKind.RESUBMITTED: "resubmitted",
    AuditKind.UNKNOWN: "in audit when we first looked",
}

PROVENANCE_WORDS: Mapping[str, str] = {
    Provenance.PLATFORM: "AliExpress says",
    Provenance.SELLER_CENTER: "Seller Center says",
    Provenance.CHECK: "measured",
    Provenance.DIAGNOSIS: "AliExpress diagnosis",
}

STAGE_WORDS: Mapping[str, str] = {
    Stage.NEW: "to do",
    Stage.TAKEN: "taken",
    Stage.FIXED: "fixed, waiting for AliExpress",
    Stage.SNOOZED: "snoozed",
}

NOT_TAKEN = "not taken"
"""What stands for *to do* where only the stage is told, and so not whose move it is: that the lane says."""

IN_AUDIT = "in audit: waiting for AliExpress"
"""What stands for *to do* where nobody can do anything: a listing in audit that nobody has decided on."""


def age_words(word: str) -> str:
    """Say an age of a view: `at least 14 days`, `less than 1 day`, `at least 3 and less than 7 days`."""
    least, _, below = word.partition("-")
    told = [f"at least {_age_span(least)}"] if least else []
    return " and ".join([*told, f"less than {_age_span(below)}"] if below else told)


def _age_span(span: str) -> str:
    return plural(int(span[:-1]), "hour" if span.endswith("h") else "day")


AGE_WORDS: Mapping[str, str] = {"1d": "1 day", "3d": "3 days", "7d": "7 days", "30d": "30 days"}

ORDER_WORDS: Mapping[str, str] = {
    "oldest": "longest held first",
    "newest": "shortest held first",
    "in_status": "longest in this status first",
    "moved": "latest move first",
    "title": "title",
    "price": "price, highest first",
    "attempts": "most rejections first",
    "product_id": "product id",
    "money": "most money held back",
    "urgent": "what cannot wait first",
}

SOURCE_WORDS: Mapping[str, str] = {
    SourceWord.FIXED: "fixed there, push again",
    SourceWord.DRAFT: "draft",
    SourceWord.ARCHIVED: "archived",
    SourceWord.HIDDEN: "hidden",
    SourceWord.UNPUBLISHED: "on no channel",
    SourceWord.ELSEWHERE: "on other channels only",
    SourceWord.OUT_OF_STOCK: "out of stock",
    SourceWord.PRICE: "price drift",
    SourceWord.TITLE: "another title",
    SourceWord.PICTURE: "another picture since",
    SourceWord.FEEDBACK: "a channel asks",
    SourceWord.MISSING: "not in the shop",
    SourceWord.PROBABLE: "SKU differs in case",
    SourceWord.AMBIGUOUS: "ambiguous SKU",
    SourceWord.NO_KEY: "no SKU code",
    SourceWord.NOT_KNOWN: "not known yet",
    SourceWord.SAME: "no difference",
}
"""What a listing is beside the shop it comes from."""

CHOICE_WORDS: Mapping[str, Mapping[str, str]] = {
    "source": SOURCE_WORDS,
    "status": FILTER_STATUS_WORDS,
    "resubmit": RESUBMIT_WORDS,
    "provenance": PROVENANCE_WORDS,
    "audit": AUDIT_WORDS,
    "stage": {**STAGE_WORDS, Stage.NEW: NOT_TAKEN, Stage.FIXED: "fixed"},
    "age": AGE_WORDS,
    "in_status": AGE_WORDS,
}
"""The words of the choices of each filter, by its name in addresses; the choices of others say themselves."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JOINER = "\u2060"
_STARTERS = re.compile(r"([:@](?=\S)|[wW]{3}(?=\.)|[-<>=~](?=[-<>=]))")

_CHAPTER = re.compile(r"\s*\((?:reference )?§[^)]*\)|,?\s*reference (?:[\w.]+ )?§\w[\w., §]*")


def plain(text: str) -> str:
    r"""Escape a text for Markdown, so that no emphasis, link, HTML, formula, emoji or icon comes of it.

    Every ASCII punctuation mark gets a backslash. Icons (`:material/x:`), emoji, arrows (`->`) and bare addresses are
    found only after Markdown has dropped the backslashes, so an invisible word joiner follows what they begin with.
    What would turn the direction of the words around it is written as what it is.
    """
    joined = _STARTERS.sub(rf"\1{_JOINER}", " ".join(visible(text).split()))
    return _PUNCTUATION.sub(r"\\\1", joined)


def capital(words: str) -> str:
    """Begin words with a capital letter and leave the others as they are."""
    return words[:1].upper() + words[1:]


def without_home(text: str, home: Path | None = None) -> str:
    """Shorten paths in a text, so that it does not show the folders above a home (None: that of the environment)."""
    home = home_directory(home)
    for path in dict.fromkeys((str(home.resolve()), str(home))):
        text = text.replace(f"{path}/", "").replace(path, "the home directory")
    return text


def of_source(text: str) -> str:
    """Say where something is written, without the chapters of our own reference: a lead does not have that book."""
    return _CHAPTER.sub("", text).strip() or "AliExpress's documentation"


def no_such_reason(codes: Iterable[str]) -> str:
    """Say that a view asks for reasons that there are not: an empty list would look like good news."""
    return f"There is no reason {', '.join(map(repr, codes))}, so no listing can match it; the list says nothing."


def number(value: int | None) -> str:
    """Write a count with thousands apart; a dash where there is none to show."""
    return "–" if value is None else f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: `1 listing`, `4,310 listings`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span(length: timedelta) -> str:
    """Write a length of time in its one largest sensible unit: `12 s`, `5 min`, `3 h`, `9 d`."""
    seconds = max(0, int(length.total_seconds()))
    for size, unit in ((86400 * 2, "d"), (3600 * 2, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds // {'d': 86400, 'h': 3600, 'min': 60}[unit]} {unit}"
    return f"{seconds} s"


def age(length: timedelta, *, at_least: bool) -> str:
    """Write how long something has been so; with `≥` where it was so already when we first looked."""
    return f"≥ {span(length)}" if at_least else span(length)


def when_last_read(read_at: datetime, at: datetime, tolerance: float, zone: tzinfo = UTC) -> str:
    """Say of an age of which day it is; nothing while the reading is no older at a moment than `tolerance` seconds."""
    late = (at - read_at).total_seconds() > tolerance
    return f" on {day(read_at, zone)}, when last read" if late else ""


def since_words(at: datetime, zone: tzinfo = UTC, *, or_earlier: bool) -> str:
    """Say since which day something has been so: `29 Oct`, or `29 Oct or earlier` when it was so at the first look."""
    return f"{day(at, zone)} or earlier" if or_earlier else day(at, zone)


def moment(at: datetime | None, zone: tzinfo = UTC) -> str:
    """Write a moment to the minute, in UTC or another zone: `9 Mar 2026 12:04 UTC`, `9 Mar 2026 13:04 Madrid`."""
    return "–" if at is None else f"{_minute(at.astimezone(zone))} {place(zone)}"


def day(at: datetime, zone: tzinfo = UTC) -> str:
    """Write the day of a moment without its year, in UTC or another zone: `9 Mar`."""
    of_zone = day_of(at, zone)
    return f"{of_zone.day} {of_zone:%b}"


def place(zone: tzinfo) -> str:
    """Write a time zone as people call it: `Shanghai` for Asia/Shanghai, `UTC`."""
    return zone_name(zone).rpartition("/")[2].replace("_", " ")


def of_zone(zone: tzinfo) -> str:
    """Say behind the word for a day whose day it is: `, Shanghai`; nothing of UTC, in which all moments are written."""
    return "" if zone == UTC else f", {place(zone)}"


def full_day(at: datetime, zone: tzinfo = UTC) -> str:
    """Write the day of a moment with its year, in UTC or another zone: `9 Mar 2026`."""
    return f"{day(at, zone)} {day_of(at, zone).year}"


def dated_words(at: datetime, zone: tzinfo) -> str:
    """Write what a file says of its date: `9 Mar 2026 (Madrid)` where it names a day of the zone, else the moment.

    A day without a time was read as the beginning of that day in `zone`, which is another day in UTC.
    """
    return f"{full_day(at, zone)} ({place(zone)})" if at == midnight(at, zone) else moment(at, zone)


def period_range(after: datetime | None, by: datetime | None, zone: tzinfo = UTC, *, at_start: bool) -> str:
    """Say when a status period began or ended, with both ends of what we know of it, in UTC or another zone."""
    if by is None:
        return "still so"
    if after is None:
        return f"before {moment(by, zone)}, when we first looked" if at_start else moment(by, zone)
    return f"{_minute(after.astimezone(zone))} – {moment(by, zone)}"


def _minute(at: datetime) -> str:
    return f"{at.day} {at:%b %Y %H:%M}"


def freshness_line(freshness: Freshness, now: datetime, zone: tzinfo = UTC) -> str:
    """Say how current the page is, in one short line that changes only its numbers; a moment is that of `zone`."""
    if freshness.state == "archived":
        return f"not watched any more · last read {moment(freshness.read_at, zone)}"
    if freshness.read_at is None:
        return f"no data yet · {freshness.working_on}" if freshness.working_on else "no data yet"
    read = f"read {span(now - freshness.read_at)} ago"
    parts = [f"{ahead_words(freshness.stamped, now)}" if freshness.stamped else read]
    if freshness.banned_until and freshness.banned_until > now:
        parts.append(f"AliExpress asks us to wait {span(freshness.banned_until - now)}")
    elif freshness.working_on:
        parts.append(freshness.working_on)
    elif freshness.next_at:
        parts.append(f"next in {span(freshness.next_at - now)}")
    return " · ".join([*parts, "AliExpress may lag"])


def ahead_words(stamped: datetime, now: datetime) -> str:
    """Say that the last reading is stamped later than now: `last reading is stamped 2 h ahead of this clock: …`."""
    return f"last reading is stamped {span(stamped - now)} ahead of this clock: age unknown"


def trouble(freshness: Freshness, now: datetime, zone: tzinfo = UTC) -> tuple[str, str] | None:
    """Name what is wrong with how current the page is and what still holds; None when nothing is.

    Moments are written in `zone` and name it.

    Returns:
        A title and a sentence, both without platform markup to interpret beyond `plain`.
    """
    when = moment(freshness.read_at, zone)
    read = f"What you see was last fully read {when}; it clears nothing until the next full read."
    said = f"{plain(freshness.message)} " if freshness.message else ""
    if freshness.state == "archived":
        return "Archived store", f"No longer synced, kept for its history. Last read {when}."
    if freshness.state == "never":
        return (
            "No data yet",
            f"{said}No complete read so far. Run `aexdash sync`, or wait for the worker.",
        )
    if freshness.state == "ahead" and freshness.stamped:
        words = ahead_words(freshness.stamped, now)
        mend = "Set this machine's clock; if it is right now, run `aexdash repair --future-moments`."
        return "Age unknown: a clock is wrong", f"{said}{words[0].upper()}{words[1:]}. {mend}"
    if freshness.state == "stale":
        old = span(now - freshness.read_at) if freshness.read_at else "a long time"
        return f"Stale: last read {old} ago", f"{said}{read} Is the worker running? See Health."
    title = {"partial": "Partly read", "failed": "The last read failed"}.get(freshness.state)
    return (title, f"{said}{read}") if title else None
