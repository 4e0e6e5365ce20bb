"""Finds the problems of a rule: it can never fire or recover, or names a store, card or reason that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aexdash.alerts.model import QuietHours, Rule

KEY = re.compile("[a-z0-9]+(-[a-z0-9]+)*")

NO_NAME = "A rule needs a name."

LONGEST_TITLE = 60
"""Characters of the longest title: it stands in subjects of mails, in the log, and in lists."""


def problems(rule: Rule) -> list[str]:
    """List the problems of a rule, a sentence each; empty when there are none."""
    return [*_named(rule), *_quiet(rule.quiet), *rule.condition.problems(rule.severity)]


def _named(rule: Rule) -> Iterator[str]:
    if not rule.title.strip():
        yield NO_NAME
    if len(rule.title) > LONGEST_TITLE:
        yield f"A name of a rule has at most {LONGEST_TITLE} characters; this one has {len(rule.title)}."
    if not KEY.fullmatch(rule.key):
        yield f"The key of a rule is made of a-z, 0-9 and hyphens between them, so not {rule.key!r}."
    if rule.muted_until is not None and rule.muted_until.tzinfo is None:
        yield "The end of a mute needs a time zone."


def _quiet(quiet: QuietHours | None) -> Iterator[str]:
    if quiet is None:
        return
    if quiet.start == quiet.end:
        yield f"Quiet hours from {quiet.start:%H:%M} to {quiet.end:%H:%M} have no length; leave them out."
    if quiet.start.tzinfo or quiet.end.tzinfo:
        yield "Quiet hours are those of their zone: write them without an offset."
    try:
        ZoneInfo(quiet.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"There is no time zone {quiet.zone!r}; write one like Europe/Berlin."
