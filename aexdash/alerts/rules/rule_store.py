"""Reads and writes the rules in force: those that ship, replaced or joined by what people wrote.

The table is a log: every change adds a row, and none is ever changed or taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aexdash.alerts.episodes.routing import reschedule
from aexdash.alerts.model import Rule
from aexdash.alerts.rules.problems import problems
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.storage.text import storable

WRITE = "INSERT INTO alert_rule (key, spec, at, by) VALUES (?, ?, ?, ?)"

LATEST = """
SELECT key, spec FROM alert_rule
JOIN (SELECT min(id) AS first, max(id) AS last FROM alert_rule GROUP BY key) ON id = last ORDER BY first
"""

HISTORY = "SELECT key, spec, at, by FROM alert_rule WHERE key = ? ORDER BY id DESC"

MARK = "SELECT coalesce(max(id), 0) FROM alert_rule"


class RuleError(Exception):
    """A rule cannot be saved or found; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A saved version of a rule; `rule` None: it was removed, or set back to the one that ships."""

    key: str
    rule: Rule | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules in force, and a sentence for each that cannot be read; then the one that ships is used, if any."""

    rules: tuple[Rule, ...]
    unreadable: tuple[str, ...] = ()


class RuleStore:
    """Reads and writes rules. Every call opens the desk file anew, so any thread may make it.

    Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def rules(self) -> list[Rule]:
        """List the rules in force, those that ship first; also those that are switched off."""
        return list(self.read().rules)

    def read(self) -> RulesInForce:
        """Return the rules in force, and a sentence for each saved rule that cannot be read."""
        found: dict[str, Rule] = dict(DEFAULTS)
        unreadable = []
        for key, spec in desk_file.rows(self.path, "alert_rule", LATEST):
            if spec is None:
                continue
            rule = _rule(spec)
            if rule is None:
                stands = "the one that ships is in force" if key in DEFAULTS else "it says nothing"
                unreadable.append(f"Rule {key} was written by another version and cannot be read: {stands}.")
            else:
                found[key] = rule
        return RulesInForce(tuple(found.values()), tuple(unreadable))

    def rule(self, key: str) -> Rule:
        """Return a rule by its key.

        Raises:
            RuleError: there is none of that name.
        """
        found = {rule.key: rule for rule in self.rules()}
        if key not in found:
            raise RuleError(f"There is no rule {key}; there is {', '.join(found)}.")
        return found[key]

    @needs(Role.OWNER)
    def save(self, rule: Rule, *, by: str, now: datetime) -> None:
        """Save a rule under its key, in place of the one that was there.

        Raises:
            RuleError: the rule has a problem; the text is the first one.
        """
        if found := problems(rule):
            raise RuleError(found[0])
        self._write(rule.key, rule, by, now)

    @needs(Role.OWNER)
    def remove(self, key: str, *, by: str, now: datetime) -> None:
        """Take a rule away; one that ships is again as it shipped. The log of it stays."""
        self.rule(key)
        self._write(key, None, by, now)

    @needs(Role.OPERATOR)
    def mute(self, key: str, until: datetime | None, *, by: str, now: datetime) -> None:
        """Mute a rule until a moment: its episodes go on and nothing is sent; None ends the mute."""
        self._write(key, self.rule(key).model_copy(update={"muted_until": until}), by, now)

    @needs(Role.OWNER)
    def switch(self, key: str, enabled: bool, *, by: str, now: datetime) -> None:
        """Switch a rule on or off."""
        self._write(key, self.rule(key).model_copy(update={"enabled": enabled}), by, now)

    def history(self, key: str) -> list[RuleChange]:
        """List who wrote a rule and when, the newest first; what cannot be read any more is left out."""
        return desk_file.read(self.path, "alert_rule", HISTORY, rule_change_of, [key])

    def mark(self) -> int:
        """Return a number that grows whenever somebody writes a rule."""
        found: Sequence[Sequence[int]] = desk_file.rows(self.path, "alert_rule", MARK)
        return found[0][0] if found else 0

    def _write(self, key: str, rule: Rule | None, by: str, now: datetime) -> None:
        spec = storable(rule.model_dump_json()) if rule else None
        with desk_file.writing(self.path) as connection:
            connection.execute(WRITE, [storable(key), spec, to_text(now), storable(by)])
            if valid := rule or DEFAULTS.get(key):
                reschedule(connection, valid, now)


def rule_change_of(row: Sequence[Any]) -> RuleChange:
    """Read the row of a rule that somebody saved; a damaged one raises what `sound` takes."""
    key, spec, at, by = row
    return RuleChange(key, None if spec is None else Rule.model_validate_json(spec), from_text(at), by)


def _rule(spec: str) -> Rule | None:
    try:
        return Rule.model_validate_json(spec)
    except ValidationError:
        return None
