"""The commands that do to listings what people do on the page: take, fix, snooze, note, assign, back, undo, log.

They write the same changes with the same log, `through` the command. Exit codes: 0 done; 1 some listings were not
known, or changed by somebody else meanwhile, and the others are done; 2 bad use.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import Failed
from aexdash.cli.listing_ids import FROM_STDIN, listings_of
from aexdash.cli.options import coming, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.model import Resubmit, SnoozeUntil
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.desk.decisions.changes import Outcome
    from aexdash.desk.decisions.items import Decision
    from aexdash.people.names import Person
    from aexdash.snapshot.query import Snapshot
    from aexdash.snapshot.readmodels import WorkRow

THROUGH = "command"
NOBODY = "nobody"
_IDS = re.compile(rf"(?:[^/\s]+/)?[0-9]+|{FROM_STDIN}")
"""What can only be meant as an id, or as ids from standard input, and not as a text."""

MOMENTS = "2h, 3d, or one like 2026-03-10T08:00Z"
UNDO_WITHIN = timedelta(hours=24)
"""How old a person's latest change may be, to be undone without its number."""

AS = "--as"
VARIABLE = "AEXDASH_NAME"

who_option = click.option(
    AS,
    "name",
    envvar=VARIABLE,
    metavar="NAME",
    help=f"Who decides: stands in the log and as owner (default: ${VARIABLE}).",
)
store_option = click.option("--store", metavar="KEY", help="The store of the ids, where several have them.")


def acting(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every decision on listings takes; the command gets an `asked` with all of it."""

    @functools.wraps(command)
    @home_option
    @click.argument("ids", metavar="ID...", nargs=-1, required=True)
    @store_option
    @who_option
    @click.option("--force", is_flag=True, help="Also where somebody else changes the listing at the same time.")
    @json_option
    def with_asked(
        home: Path,
        *,
        ids: Sequence[str],
        store: str | None,
        name: str | None,
        force: bool,
        json_wanted: bool,
        **given: Any,
    ) -> None:
        settings, who = settings_of(home), person_of(name)
        snapshot, _ = snapshot_of(settings, View(store=store))
        command(asked=Asked(settings, snapshot, who, tuple(ids), store, force, json_wanted), **given)

    return with_asked


@dataclass(frozen=True)
class Asked:
    """What a decision was asked for with: listings by their ids as typed, who decides, and how to answer."""

    settings: Settings
    snapshot: Snapshot
    who: Person
    ids: tuple[str, ...]
    store: str | None
    force: bool
    json_wanted: bool

    def rows(self) -> tuple[list[WorkRow], list[str]]:
        """Return the listings that are meant, and a sentence for each id that means none."""
        keys, unknown = listings_of(self.snapshot, self.ids, self.store)
        return self.snapshot.rows_of(keys), unknown

    def decide(self, decision: Decision, rows: Sequence[WorkRow], left: Sequence[str] = ()) -> None:
        """Make a decision on listings, print what it did, and end with 1 where it was not done on all of them.

        `left` are sentences on listings that it is not made on.
        """
        from aexdash.desk.decisions.items import Seen  # noqa: PLC0415 - --help needs no database, here and below
        from aexdash.desk.decisions.work import Desk, TooMany  # noqa: PLC0415

        now = system_clock()
        try:
            outcome = Desk(self.settings.desk_path).act(
                decision, [Seen.of(row) for row in rows], who=self.who, now=now, through=THROUGH, force=self.force
            )
        except TooMany as error:
            raise click.UsageError(str(error)) from error
        self.tell(decision.action, outcome, now, left)

    def tell(self, action: str, outcome: Outcome, now: datetime, left: Sequence[str] = ()) -> None:
        """Print what was done, and end with 1 where something was left."""
        answer(action, outcome, who=self.who, now=now, left=left, json_wanted=self.json_wanted)


def person_of(name: str | None) -> Person:
    """Return who acts.

    Raises:
        click.UsageError: no name was given, or one that cannot be used. The account that runs the command is no name.
    """
    from aexdash.people.names import NoName, named  # noqa: PLC0415

    if not name:
        raise click.UsageError(f"Say who decides: {AS} NAME, or {VARIABLE} in the environment.")
    try:
        return named(name)
    except NoName as error:
        raise click.UsageError(str(error)) from error


def answer(
    action: str, outcome: Outcome, *, who: Person, now: datetime, left: Sequence[str], json_wanted: bool
) -> None:
    """Print what a decision did: on standard output a line or JSON, on standard error a sentence for each one left."""
    from aexdash.words.listings.work import conflict_words, outcome_words  # noqa: PLC0415

    conflicts = [
        f"{one.store}/{one.product_id}: {conflict_words(one, who.name, now, UTC)}" for one in outcome.conflicts
    ]
    if json_wanted:
        click.echo(as_json(_facts(outcome, left)))
    else:
        click.echo(plain(outcome_words(action, outcome, who.name, now)))
        if outcome.change is not None and action != "undo":
            click.echo(f"aexdash undo {outcome.change} puts it back.", err=True)
    for sentence in (*left, *conflicts):
        click.echo(plain(sentence), err=True)
    sys.exit(Failed.exit_code if left or conflicts else 0)


def _facts(outcome: Outcome, left: Sequence[str]) -> dict[str, Any]:
    return {
        "change": outcome.change,
        "changed": outcome.changed,
        "same": outcome.same,
        "conflicts": [
            {"store": one.store, "product_id": str(one.product_id), "by": one.by, "at": one.at}
            for one in outcome.conflicts
        ],
        "left": list(left),
    }


@click.command()
@click.option("--anyway", is_flag=True, help="Also where somebody else is the owner, or has marked it fixed.")
@acting
def take(asked: Asked, *, anyway: bool) -> None:
    """Take listings: you are their owner, and on it.

    ID is a product id, or STORE/ID; - reads ids from standard input. One that is somebody else's is left, with what it
    is now, unless --anyway is given.
    """
    from aexdash.desk.decisions.items import Take, is_of_others  # noqa: PLC0415
    from aexdash.words.listings.work import whose_now_words  # noqa: PLC0415

    rows, left = asked.rows()
    others = [row for row in rows if is_of_others(row, asked.who) and not anyway]
    for row in others:
        whose = whose_now_words(row, asked.who.name, system_clock(), UTC)
        left.append(f"{row.store}/{row.product_id} is not taken. {whose} --anyway takes it all the same.")
    asked.decide(Take(), [row for row in rows if row not in others], left)


@click.command()
@click.option("--anyway", is_flag=True, help="Also where AliExpress would see what was measured at the rejection.")
@acting
def fix(asked: Asked, *, anyway: bool) -> None:
    """Mark listings fixed: they wait for AliExpress.

    One that is not to be resubmitted yet is left, with what was measured, unless --anyway is given.
    """
    from aexdash.desk.decisions.items import Fix  # noqa: PLC0415
    from aexdash.words.listings.work import why_not_yet  # noqa: PLC0415

    rows, left = asked.rows()
    early = [row for row in rows if row.resubmit is Resubmit.NOT_YET and not anyway]
    taxonomy = asked.settings.taxonomy()
    for row in early:
        why = why_not_yet(row, taxonomy)
        left.append(f"{row.store}/{row.product_id} is not marked fixed. {why} --anyway marks it all the same.")
    asked.decide(Fix(), [row for row in rows if row not in early], left)


@click.command()
@click.option("--until", metavar="MOMENT", help="2h, 3d, or a moment like 2026-03-10T08:00Z.")
@click.option("--until-status", is_flag=True, help="Until AliExpress changes the status.")
@click.option("--until-worse", is_flag=True, help="Until it is rejected again or has a new reason.")
@click.option(
    "--more", type=click.IntRange(1, 100_000), help="With --until-worse: also at so many more with the same reason."
)
@acting
def snooze(asked: Asked, *, until: str | None, until_status: bool, until_worse: bool, more: int | None) -> None:
    """Leave listings alone until a moment, or until something happens.

    With a moment and an event, the earlier of both ends it.
    """
    from aexdash.desk.decisions.items import Snooze  # noqa: PLC0415

    if until_status and until_worse:
        raise click.UsageError("Name one event: --until-status or --until-worse.")
    if not (until or until_status or until_worse):
        raise click.UsageError("Say until when: --until MOMENT, --until-status or --until-worse.")
    if more and not until_worse:
        raise click.UsageError("--more goes with --until-worse.")
    event = SnoozeUntil.STATUS if until_status else SnoozeUntil.WORSE if until_worse else None
    end = coming(until, system_clock(), what="a snooze", write=MOMENTS) if until else None
    rows, left = asked.rows()
    same = asked.snapshot.codes_held(tuple({row.store for row in rows})) if more else {}
    asked.decide(Snooze(end, event, more or 0, same), rows, left)


@click.command()
@click.option("--text", help="The note; an empty one removes what was noted. It may also stand last, in quotes.")
@acting
def note(asked: Asked, *, text: str | None) -> None:
    """Note something on listings, in place of what was noted before."""
    from aexdash.desk.decisions.items import Note, TooLong, short  # noqa: PLC0415

    if text is None:
        *ids, text = asked.ids
        if not ids or _IDS.fullmatch(text):
            raise click.UsageError('Say what to note: --text "TEXT", or the text in quotes after the ids.')
        asked = replace(asked, ids=tuple(ids))
    try:
        decision = Note(short("Note", text.strip()))
    except TooLong as error:
        raise click.UsageError(f"{error}.") from error
    asked.decide(decision, *asked.rows())


@click.command()
@click.option("--to", "owner", required=True, metavar="NAME", help=f"The owner; {NOBODY} for none.")
@acting
def assign(asked: Asked, *, owner: str) -> None:
    """Give listings to somebody, or to nobody."""
    from aexdash.desk.decisions.items import Assign  # noqa: PLC0415
    from aexdash.people.names import NoName, named  # noqa: PLC0415

    try:
        name = "" if owner.strip().casefold() == NOBODY else named(owner).name
    except NoName as error:
        raise click.UsageError(f"--to: {error}") from error
    asked.decide(Assign(name), *asked.rows())


@click.command()
@acting
def back(asked: Asked) -> None:
    """Set listings back to do: no owner, no snooze; the note stays."""
    from aexdash.desk.decisions.items import Back  # noqa: PLC0415

    asked.decide(Back(), *asked.rows())


@click.command()
@home_option
@click.argument("change", required=False, type=click.IntRange(1, 2**63 - 1))
@who_option
@json_option
def undo(home: Path, *, change: int | None, name: str | None, json_wanted: bool) -> None:
    """Put back what stood before CHANGE, or before your latest change of the last 24 hours.

    What somebody has changed since then stays, and is named. The log shows the numbers of changes. Where CHANGE is that
    of somebody else, it says whose it is.
    """
    from aexdash.desk.decisions.work import Desk  # noqa: PLC0415
    from aexdash.words.listings.work import whose_words  # noqa: PLC0415

    settings, who, now = settings_of(home), person_of(name), system_clock()
    desk = Desk(settings.desk_path)
    if change is None:
        last = desk.last_of(who, now - UNDO_WITHIN)
        if last is None:
            raise Failed(
                f"{who.name} made no change in the last 24 hours that could be undone: name one by its number."
            )
        change = last.id
    of_whom = desk.change(change)
    outcome = desk.undo(change, who=who, now=now, through=THROUGH)
    if of_whom is None:
        raise click.UsageError(f"There is no change {change}; aexdash log ID shows the numbers of those of a listing.")
    if outcome.change is None and not outcome.conflicts:
        if of_whom.undoes:
            raise Failed(f"Change {change} is itself an undo, that of change {of_whom.undoes}: it is not undone again.")
        raise Failed(f"Change {change} was undone already.")
    if of_whom is not None and of_whom.by != who.name:
        click.echo(plain(whose_words(of_whom, now)), err=True)
    answer("undo", outcome, who=who, now=now, left=(), json_wanted=json_wanted)


@click.command()
@home_option
@click.argument("listing", metavar="ID")
@store_option
@json_option
def log(home: Path, *, listing: str, store: str | None, json_wanted: bool) -> None:
    """Show what people and AliExpress did with a listing, the latest first.

    A number in brackets is that of a change, for aexdash undo.
    """
    from aexdash.desk.decisions.work import Desk  # noqa: PLC0415
    from aexdash.words.listings.past import history  # noqa: PLC0415

    settings = settings_of(home)
    snapshot, _ = snapshot_of(settings, View(store=store))
    keys, unknown = listings_of(snapshot, [listing], store)
    if not keys:
        raise Failed(" ".join(unknown))
    entries = Desk(settings.desk_path).log(*keys[0])
    card = snapshot.listing(*keys[0])
    lines = history(entries, card.periods if card else (), settings.taxonomy(), settings.tzinfo)
    for line in lines:
        change = line.change
        if json_wanted:
            facts = {"at": line.at, "by": line.who, "what": line.what, "through": line.through}
            click.echo(as_json({**facts, "change": change, "undoes": line.undoes}))
            continue
        number = f" [{change}]" if change is not None else ""
        through = f" ({line.through})" if line.through else ""
        click.echo(plain(f"{line.at:%Y-%m-%d %H:%M} UTC  {line.who}: {line.what}{through}{number}"))


COMMANDS: tuple[click.Command, ...] = (take, fix, snooze, note, assign, back, undo, log)
"""In the order of `--help`."""
