"""A searched text finds the same listings whether it is looked up in the index or compared with each listing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from aexdash.desk.decisions.items import Note, Seen
from aexdash.desk.decisions.work import Desk
from aexdash.doctor.inside_snapshot import COUNT_CARDS
from aexdash.model import Provenance, Reason
from aexdash.people.names import Person
from aexdash.platform_data import Observation
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.migrations import migrations
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.repair import repair
from aexdash.snapshot.worklist import searching
from aexdash.storage.only_reading import only_reading
from aexdash.storage.salvage import salvage
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store, shown
from tests.support import examples

ANN = Person("Ann")
FOUND = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})

LETTERS = 'aAbßẞİıſσςΣﬁéÉ日本🧦"\\%_*-() \n\0１'
"""Letters whose case is folded in every way there is, some that mean something to SQL, JSON or a search, and others."""

texts = some.text(LETTERS, max_size=9)
ids = some.sampled_from([1, 2, 3, 1005, 10051, 100512])


@dataclass
class World:
    """What is known of each listing: how it was last shown, its note, and whether a check found something."""

    shown: dict[int, Observation] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)

    def listed(self, one: int) -> bool:
        """Whether the worklist can show a listing: held, taken down, or on sale with a finding."""
        it = self.shown[one]
        taken_down = it.status is OFFLINE and it.cause == "punish_offline"
        return it.status in (REJECTED, AUDITING) or taken_down or (it.status is ACTIVE and one in self.found)

    def having(self, text: str) -> list[int]:
        """The listings that the worklist can show and that have a text, found without SQL."""
        wanted, in_codes = text.casefold(), json.dumps(text, ensure_ascii=False)[1:-1].casefold()
        return [
            one
            for one, it in sorted(self.shown.items())
            if self.listed(one)
            and (
                wanted in it.title.casefold()
                or in_codes in json.dumps(it.sku_codes, ensure_ascii=False).casefold()
                or wanted in str(one)
                or wanted in self.notes.get(one, "").casefold()
            )
        ]


moves = some.tuples(
    ids,
    some.sampled_from([(REJECTED, None), (AUDITING, None), (ACTIVE, None), (OFFLINE, "punish_offline")]),
    texts.filter(bool),
    some.lists(texts.filter(bool), min_size=1, max_size=2),
    some.none() | texts,
    some.booleans(),
)
runs = some.lists(some.lists(moves, min_size=1, max_size=5), min_size=1, max_size=4)


@contextmanager
def compared_one_by_one() -> Iterator[None]:
    """Nothing is looked up in the index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "looked_up", lambda _: False)
        yield


def live(store: Store, world: World, told: list[tuple]) -> None:
    """Record a run that shows these moves, its findings, and the notes of people."""
    for one, (status, cause), title, codes, note, found in told:
        world.shown[one] = shown(one, status, title=title, sku_codes=tuple(codes), cause=cause)
        # What is found stands as long as the period; a check finds it anew.
        (world.found.add if found else world.found.discard)(one)
        if note is not None:
            world.notes[one] = note
    store.after(hours=1).sweep(world.shown)
    for one, period in open_period_ids(store.db, store.id, world.shown).items():
        record_reasons(store.db, period, [FOUND] if one in world.found else [], {Provenance.CHECK}, store.now)
    desk = Desk(store.desk_path)
    for one, _, _, _, note, _ in told:
        if note is not None:
            [row] = store.snapshot.rows_of([("main", one)])
            desk.act(Note(note), [Seen.of(row)], who=ANN, now=store.now, through="key", force=True)


EVERY = View(statuses=(REJECTED, AUDITING, ACTIVE, OFFLINE), order="product_id")


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(story=runs, wanted=some.lists(texts.filter(lambda text: bool(text.strip())), min_size=1, max_size=4))
def test_the_index_finds_what_a_comparison_with_every_listing_finds(
    tmp_path_factory: pytest.TempPathFactory, story: list, wanted: list[str]
) -> None:
    store, world = Store(tmp_path_factory.mktemp("searched")), World()
    for told in story:
        live(store, world, told)
        parts = [it.title[1:5] for it in world.shown.values()] + [
            code[:4] for *_, codes, _, _ in told for code in codes
        ]
        snapshot = store.snapshot
        with snapshot.together():
            for text in [*wanted, *(part for part in parts if part.strip()), "1005", "100"]:
                view = EVERY.replace(text=text)
                by_index = [row.product_id for row in snapshot.rows(view)]
                assert by_index == world.having(text)
                tabs, facets = snapshot.tabs(view, "Ann"), snapshot.facets(view)
                with compared_one_by_one():
                    assert [row.product_id for row in snapshot.rows(view)] == by_index
                    assert (snapshot.tabs(view, "Ann"), snapshot.facets(view)) == (tabs, facets)
                assert snapshot.count(view) == len(by_index)
    store.db.close()


def test_who_may_only_read_searches_too(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, title="Winter boots"), 2: REJECTED})
    with only_reading():
        assert [row.product_id for row in store.snapshot.rows(View(text="BOOTS"))] == [1]


def test_what_is_recovered_of_a_damaged_file_is_searched_as_before(store: Store, tmp_path: Path) -> None:
    store.sweep({1: shown(1, REJECTED, title="Winter boots"), 2: REJECTED, 3: shown(3, ACTIVE, title="Summer boots")})
    new = tmp_path / "recovered" / "snapshot.db"
    salvage(store.path, new, migrations, "snapshot")
    with closing(open_snapshot(new)) as db:
        repair(db, store.now, COUNT_CARDS, future_moments=False)
    assert [row.product_id for row in Snapshot(new, clock=lambda: NOON).rows(View(text="boots"))] == [1]


def test_a_listing_that_nobody_can_see_is_in_no_index(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, title="Winter boots"), 2: shown(2, ACTIVE, title="Summer boots")})
    assert store.rows("SELECT title FROM listing_text") == [("winter boots",)]
    store.after(hours=1).sweep({1: ACTIVE, 2: REJECTED})
    assert store.rows("SELECT title FROM listing_text") == [("listing 2",)]
