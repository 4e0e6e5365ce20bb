"""What questions are asked of: the snapshot and the desk of one installation, and the names that there are in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from aexdash.clock import Clock
from aexdash.config.sections.ask_model import AskModel
from aexdash.config.settings import Settings
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.work import Desk
from aexdash.desk.profiles import Profile, Profiles
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from aexdash.view import View


@dataclass(frozen=True)
class Workspace:
    """The names of stores, profiles, people, categories and campaigns are those that questions may use.

    `place` are the stores that are looked at where a question names none. `categories` are names by id. `model` may
    read what the grammar does not; None: there is none.
    """

    snapshot: Snapshot
    taxonomy: Taxonomy
    stores: tuple[StoreRow, ...]
    profiles: tuple[Profile, ...] = ()
    people: tuple[str, ...] = ()
    categories: Mapping[int, str] = field(default_factory=dict)
    campaigns: tuple[str, ...] = ()
    place: View = field(default_factory=View)
    model: AskModel | None = None

    @property
    def zone(self) -> tzinfo:
        """The time zone of the workspace, in which every day begins."""
        return self.snapshot.zone


def open_workspace(settings: Settings, clock: Clock, place: View | None = None) -> Workspace:
    """Open what questions are asked of; `place` are stores or a profile to look at where a question names none.

    Raises:
        StorageError: a file cannot be read, or nothing was synced yet.
        TaxonomyError: the reasons cannot be read.
    """
    desk = settings.desk_path
    snapshot = Snapshot(settings.snapshot_path, desk, clock=clock, zone=settings.tzinfo)
    stores = tuple(snapshot.stores())
    return Workspace(
        snapshot,
        settings.taxonomy(),
        stores,
        Profiles(desk).all(),
        tuple(Desk(desk).owners()),
        snapshot.categories(),
        tuple(sorted(Campaigns(desk).keys())),
        place or View(),
        settings.ask_model,
    )
