"""Assignment rules: whose a held listing is when it arrives, by reason, category and store; a person always goes first.

A change of a rule adds a row and deletes none; the last row of a rule counts. Beside rules: all listings of an owner
are handed over to another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.desk.decisions.item_rows import Key, items_of, write_change
from aexdash.desk.decisions.items import Item, Seen
from aexdash.desk.decisions.work import MOST_LISTINGS, Desk
from aexdash.desk.profiles import slug_of
from aexdash.model import unsaid
from aexdash.people.acting import needs
from aexdash.people.names import RULE, NoName, Person, legible, owner_named
from aexdash.people.rights import Role
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.text import storable
from aexdash.view import NOBODY, View

STANDING = """
SELECT key, place, spec, at, by FROM assignment_rule
WHERE id IN (SELECT max(id) FROM assignment_rule GROUP BY key) AND spec IS NOT NULL ORDER BY place, key
"""

EVERY_KEY = "SELECT DISTINCT key FROM assignment_rule"

WRITE = "INSERT INTO assignment_rule (key, place, spec, at, by) VALUES (?, ?, ?, ?, ?)"

OWNER_SET_AT = """
SELECT product_id, max(at) FROM work_log
WHERE store_key = ? AND field = 'owner' AND product_id IN (SELECT value FROM json_each(?)) GROUP BY product_id
"""
"""When an owner was last set or cleared, by product id."""


LONGEST_TITLE = 60
"""Characters of the longest title of a rule: it stands in the log of every listing that it assigns."""

OWNED_BY = "SELECT store_key, product_id FROM work_item WHERE owner = ?"


class RuleSpec(BaseModel):
    """What a rule says, as it is kept."""

    title: str = ""
    owner: str = ""
    stores: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()


class RuleError(Exception):
    """An assignment rule cannot be saved so; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """Held listings that are `owner`'s when they arrive; an empty condition asks for nothing.

    `stores` are store keys, `reasons` codes (`image.main_too_small`) or whole families (`image`), `categories` ids.
    `key` is empty while it is not saved. The rule with the lowest `place` that fits assigns. `at` and `by` say who
    saved it last, and when.
    """

    key: str
    title: str
    owner: str
    stores: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    place: int = 0
    at: datetime | None = None
    by: str = ""

    def fits(self, row: WorkRow) -> bool:
        """Whether a listing meets every condition; of the values of one condition, any."""
        if self.stores and row.store not in self.stores:
            return False
        if self.categories and row.category_id not in self.categories:
            return False
        return not self.reasons or any(_is_of(code, reason) for code in _codes(row) for reason in self.reasons)

    @property
    def view(self) -> View:
        """The view of the listings without an owner that may fit."""
        return View(owners=(NOBODY,), reasons=self.reasons, categories=self.categories)


class AssignmentRules:
    """Reads and writes assignment rules. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def all(self) -> list[AssignmentRule]:
        """List the rules in the order in which they are asked."""
        return desk_file.read(self.path, "assignment_rule", STANDING, rule_of)

    @needs(Role.OWNER)
    def save(self, rule: AssignmentRule, place: int, *, by: str, now: datetime) -> AssignmentRule:
        """Save a rule at a place in the order; a new one, without a key, gets one.

        Raises:
            RuleError: it has no title, one that is too long, or no owner by a name that can be used; a title and an
                owner that it has already stay.
        """
        before = next((one for one in self.all() if one.key == rule.key), None)
        title = rule.title if before and before.title == rule.title else _title(rule.title)
        owner = rule.owner if before and before.owner == rule.owner else _owner(rule.owner)
        with desk_file.writing(self.path) as connection:
            taken = {key for (key,) in connection.execute(EVERY_KEY)}
            key = rule.key or slug_of(title, taken, instead="rule")
            saved = replace(rule, key=key, title=title, owner=owner, place=place, at=now, by=storable(by))
            connection.execute(WRITE, [key, place, _spec(saved), to_text(now), saved.by])
        return saved

    @needs(Role.OWNER)
    def remove(self, key: str, *, by: str, now: datetime) -> None:
        """Take a rule away; whose the listings are that it assigned stays as it is."""
        with desk_file.writing(self.path) as connection:
            connection.execute(WRITE, [key, 0, None, to_text(now), storable(by)])


def _title(text: str) -> str:
    title = legible(text)
    if not title:
        raise RuleError("A rule needs a name.")
    if len(title) > LONGEST_TITLE:
        raise RuleError(f"A name of a rule has at most {LONGEST_TITLE} characters; this one has {len(title)}.")
    return title


def _owner(text: str) -> str:
    try:
        owner = owner_named(text)
    except NoName as error:
        raise RuleError(f"Owner: {error}") from error
    if not owner:
        raise RuleError("A rule needs an owner, whose the listings are then.")
    return owner


@dataclass(frozen=True, slots=True)
class _Arrived:
    """It is somebody's from its arrival on, unless it is somebody else's by now; nobody has taken it yet."""

    owner: str
    action: ClassVar[str] = "assign"

    def on(self, item: Item, seen: Seen, who: Person, now: datetime) -> Item:
        return item if item.owner else replace(item, owner=self.owner)


def assign_arrivals(desk_path: Path, snapshot: Snapshot, store_key: str, now: datetime) -> int:
    """Give held listings without an owner to the owner of the first rule that fits; return how many.

    A listing whose owner anybody, person or rule, has set or cleared since its spell began is left alone, and so is one
    that somebody changes at this moment. `snapshot` reads the same desk.

    Raises:
        StorageError: a file cannot be read or written.
    """
    asked: set[int] = set()
    assigned = 0
    for rule in AssignmentRules(desk_path).all():
        view = rule.view.replace(store=store_key)
        rows = [row for row in snapshot.rows(view) if row.product_id not in asked and rule.fits(row)]
        asked |= {row.product_id for row in rows}
        for start in range(0, len(rows), MOST_LISTINGS):
            free = _free(desk_path, store_key, rows[start : start + MOST_LISTINGS])
            assigned += _assign(desk_path, rule, free, now)
    return assigned


def _free(desk_path: Path, store_key: str, rows: Sequence[WorkRow]) -> list[Seen]:
    """Return the listings whose owner nobody has set or cleared in this spell, with the versions they have now.

    The versions are read before the log: a change between the two is a conflict, and nothing is written.
    """
    items = Desk(desk_path).items((store_key, row.product_id) for row in rows)
    ids = json.dumps([row.product_id for row in rows])
    owned = dict(desk_file.read(desk_path, "work_log", OWNER_SET_AT, _moment_of, [store_key, ids]))
    return [_seen(row, items) for row in rows if row.product_id not in owned or owned[row.product_id] < row.held_since]


def _seen(row: WorkRow, items: dict[Key, Item]) -> Seen:
    return replace(Seen.of(row), version=items.get((row.store, row.product_id), Item()).version)


def _assign(desk_path: Path, rule: AssignmentRule, seen: Sequence[Seen], now: datetime) -> int:
    if not seen:
        return 0
    desk = Desk(desk_path)
    return desk.act(_Arrived(rule.owner), seen, who=Person(RULE), now=now, through=f"rule {rule.title}").changed


def owned_by(desk_path: Path, owner: str) -> int:
    """Count the listings that are somebody's, whatever their status is now.

    Raises:
        StorageError: the desk cannot be read.
    """
    return len(desk_file.rows(desk_path, "work_item", OWNED_BY, [storable(owner)]))


@needs(Role.OPERATOR)
def hand_over(desk_path: Path, owner: str, who: Person, now: datetime) -> int:
    """Make all listings of an owner those of a person, in one change that can be undone; return how many.

    They stay as they are but for the owner. It is for somebody who is called by another name from now on.

    Raises:
        StorageError: the desk cannot be read or written.
    """
    with desk_file.writing(desk_path) as connection:
        keys = connection.execute(OWNED_BY, [storable(owner)]).fetchall()
        items = items_of(connection, keys)
        changed = {key: (item, replace(item, owner=storable(who.name))) for key, item in items.items()}
        if changed:
            write_change(connection, changed, action="assign", who=who, now=now, through="page", listings=len(changed))
    return len(changed)


def _codes(row: WorkRow) -> set[str]:
    return {reason.code for reason in row.reasons if reason.vanished_at is None} or {unsaid(row.status)}


def _is_of(code: str, reason: str) -> bool:
    return code == reason or code.startswith(f"{reason}.")


def _spec(rule: AssignmentRule) -> str:
    spec = {
        "title": rule.title,
        "owner": rule.owner,
        "stores": list(rule.stores),
        "reasons": list(rule.reasons),
        "categories": list(rule.categories),
    }
    return storable(json.dumps(spec, ensure_ascii=False))


def rule_of(row: Sequence[Any]) -> AssignmentRule:
    """Read the row of an assignment rule; a damaged one raises what `sound` takes."""
    key, place, spec, at, by = row
    told = RuleSpec.model_validate_json(spec)
    asked = told.stores, told.reasons, told.categories
    return AssignmentRule(key, told.title or key, told.owner, *asked, place, from_text(at), by)


def _moment_of(row: Sequence[Any]) -> tuple[int, datetime]:
    product_id, at = row
    return product_id, from_text(at)
