"""What people were told: alerts and messages beside what was read, and no secret in any file or line of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tests.simulation import promises
from tests.simulation.home import HOOK, SECRET, Home
from tests.simulation.known import Known
from tests.simulation.promises import Promise, keep, read_only
from tests.simulation.shops import TOKEN

EVENTS = """
SELECT v.id, e.rule_key, e.store_key, v.kind FROM alert_event AS v JOIN alert_episode AS e ON e.id = v.episode_id
WHERE v.id > ? ORDER BY v.id
"""
OPEN = "SELECT rule_key, store_key FROM alert_episode WHERE closed_at IS NULL"
GIVEN_UP = "SELECT event_id FROM alert_delivery WHERE given_up_at IS NOT NULL AND attempts >= 4"


class Told:
    """The alerts of a home, with the stores that they are about, and the secrets that nobody may be told."""

    def __init__(self, home: Home, counts: Counter[str], known: Mapping[str, Known]) -> None:
        self.home, self.counts, self.known = home, counts, known
        self.last_event = 0
        self.tokens: set[str] = set()

    def check(self) -> None:
        """Compare new events with what was read, and let nothing be told that was not written down."""
        events, is_open = self.new_events()
        self.counts["alert events"] += len(events)
        promises.alerts(events, is_open, self.known, self.home.clock())
        told = self._arrived()
        keep(Promise.MESSAGES, not told or max(told) <= self.last_event, f"told {told}, last event {self.last_event}")

    def new_events(self) -> tuple[list[tuple[str, str, str]], set[tuple[str, str]]]:
        """The events since the last look, as (rule, store, kind), and which episodes are open, as (rule, store)."""
        with read_only(self.home.settings.desk_path) as connection:
            rows = connection.execute(EVENTS, [self.last_event]).fetchall()
            is_open = set(connection.execute(OPEN).fetchall())
        self.last_event = max((row[0] for row in rows), default=self.last_event)
        return [row[1:] for row in rows if row[2] in self.known], is_open

    def check_all_arrived(self) -> None:
        """At the end every alert has arrived that was not given up."""
        with read_only(self.home.settings.desk_path) as connection:
            events = {row[0] for row in connection.execute(EVENTS, [0]) if row[2] in self.known}
            events -= {event for (event,) in connection.execute(GIVEN_UP)}
        told = self._arrived()
        keep(Promise.MESSAGES, events <= told, f"never told: {sorted(events - told)[:5]}")
        self.counts["alerts told"] += len(events)

    def check_secrets(self) -> None:
        """Look for every secret in the log, and in all files but those that are there for them."""
        folder = self.home.folder
        for token_file in (folder / "tokens").glob("*.json"):
            self.tokens |= set(promises.tokens_in(token_file))
        secrets = {SECRET, HOOK, TOKEN, *self.tokens}
        texts = {f"log: {line}": line.encode() for line in self.home.log[-200:]}
        files = (one for one in folder.rglob("*") if one.is_file())
        texts |= {
            one.name: one.read_bytes() for one in files if one.name != "secrets.toml" and one.parent.name != "tokens"
        }
        for name, text in texts.items():
            for secret in secrets:
                keep(Promise.SECRETS, secret.encode() not in text, f"{secret[:6]}… in {name}")

    def _arrived(self) -> set[int]:
        return {event for message in self.home.arrived for event in promises.events_of(message)}
