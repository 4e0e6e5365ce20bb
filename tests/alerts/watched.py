"""A store with recorded sync runs, after each of which the engine evaluates the rules, as in the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aexdash.alerts.engine import Engine
from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import RecordedEvent, Rule
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.cards.recording import record_cards
from aexdash.config.settings import Settings, load_settings
from aexdash.model import Outcome, Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED, Store

__all__ = ["ACTIVE", "AUDITING", "REJECTED", "Watched", "home_of", "words"]

STORE = '[store.{key}]\ntitle = "{title}"\nmodel = "overseas"\napp_key = "1"\n'


def home_of(folder: Path, *keys: str, more: str = "") -> Settings:
    """The settings of a home with these stores."""
    stores = "".join(STORE.format(key=key, title=f"{key.title()} store") for key in keys)
    (folder / "aexdash.toml").write_text(stores + more)
    return load_settings(folder)


@dataclass
class Watched:
    """The stores of one home; `places` is where the listings of the first stand."""

    folder: Path
    key: str = "main"
    more: str = ""
    places: dict[int, Status] = field(default_factory=dict)
    told: list[RecordedEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = home_of(self.folder, self.key, more=self.more)
        self.store = Store(self.folder, self.key)
        self.book, self.episodes = RuleStore(self.settings.desk_path), Episodes(self.settings.desk_path)
        self.restart()

    def restart(self) -> None:
        """Begin again as a new process would."""
        self.engine = Engine(self.settings, self.store.snapshot)

    def only(self, *rules: Rule | str) -> None:
        """Let these rules be in force and no other."""
        wanted = {rule.key: rule for rule in (DEFAULTS[one] if isinstance(one, str) else one for one in rules)}
        for key in DEFAULTS.keys() - wanted.keys():
            self.book.switch(key, False, by="Ana", now=self.store.now)
        for key, rule in wanted.items():
            if DEFAULTS.get(key) != rule:
                self.book.save(rule, by="Ana", now=self.store.now)

    def ask(self) -> list[RecordedEvent]:
        """Ask the rules now."""
        told = self.engine.round(self.store.now)
        self.told += told
        return told

    def read(
        self,
        moved: Mapping[int, Status] | None = None,
        *,
        codes: Mapping[int, str] | None = None,
        outcome: Outcome = Outcome.COMPLETE,
        valued: bool = True,
        **later: float,
    ) -> list[RecordedEvent]:
        """Move the clock, read the store as it is then, and ask the rules; `codes` are findings that come with it.

        Without `valued` the values of the cards are not stored yet, as a moment after a reading.
        """
        self.store.now += timedelta(**later)
        self.places |= moved or {}
        partial = (Status.REJECTED,) if outcome is Outcome.PARTIAL else ()
        recorded = self.store.record(self.store.stage(self.places, incomplete=partial), outcome=outcome)
        for one, period in open_period_ids(self.store.db, self.store.id, codes or {}).items():
            finding = Reason((codes or {})[one], Provenance.CHECK)
            record_reasons(self.store.db, period, [finding], {Provenance.CHECK}, self.store.now)
        if valued:
            record_cards(self.store.db, self.store.id, recorded.as_of)
        return self.ask()

    def close(self) -> None:
        self.store.db.close()


def words(events: list[RecordedEvent]) -> list[tuple[str, str]]:
    """Return the events as pairs of rule key and kind."""
    return [(one.rule.key, one.event.kind.value) for one in events]
