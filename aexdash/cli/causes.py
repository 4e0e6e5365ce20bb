"""`aexdash causes`: what goes with a movement of rejected listings, counted, tested, and said with its limits."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aexdash.address_words import read_moment
from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import end_with
from aexdash.cli.options import MOST_NUMBER, FileToWrite, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.clock import CLOCK_TOLERANCE, DAY, start_of_day, system_clock
from aexdash.config.settings import Settings
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.causes.movement import Movement
    from aexdash.causes.report import Report
    from aexdash.snapshot.query import Snapshot

WHATS = ("held", "rejected", "auditing")


def _moment(_context: click.Context, parameter: click.Parameter, word: str | None) -> datetime | date | None:
    if word is None:
        return None
    try:
        return read_moment(word)
    except ValueError:
        with suppress(ValueError):
            return date.fromisoformat(word)
        raise click.BadParameter(
            f"{word} is not a moment; write it like 2026-03-09T12:00:00Z, or a day like 2026-03-09.", param=parameter
        ) from None


def _in_zone(given: datetime | date | None, zone: tzinfo, *, days: int) -> datetime | None:
    """Return a moment as it is, and of a day the first moment of the day so many days after it."""
    if given is None or isinstance(given, datetime):
        return given
    return start_of_day(given + timedelta(days=days), zone)


@click.command()
@home_option
@click.option("--store", metavar="KEY", help="One store, by its key.")
@click.option("--profile", metavar="NAME", help="The stores of a profile, by its name.")
@click.option(
    "--after",
    callback=_moment,
    metavar="MOMENT",
    help="The span begins after it, or with that day.",
)
@click.option(
    "--until",
    callback=_moment,
    metavar="MOMENT",
    help="Its end, or its last day (default: the last reading).",
)
@click.option("--jump", is_flag=True, help="The last jump of what is held, instead of a span.")
@click.option("--what", type=click.Choice(WHATS), default="held", show_default=True, help="Which moves.")
@click.option("--listing", "ids", multiple=True, metavar="ID", help="These listings, as 10050… or STORE/10050….")
@click.option("--report", "number", type=click.IntRange(1, MOST_NUMBER), help="A report that was kept, by its number.")
@click.option("--keep", is_flag=True, help="Keep the report, so that the next one can be compared.")
@click.option("-o", "--output", "file", type=FileToWrite(), help="A .json, .md or .csv.")
@json_option
def causes(
    home: Path,
    *,
    store: str | None,
    profile: str | None,
    after: datetime | date | None,
    until: datetime | date | None,
    jump: bool,
    what: str,
    ids: tuple[str, ...],
    number: int | None,
    keep: bool,
    file: Path | None,
    json_wanted: bool,
) -> None:
    """Say which properties go with a movement: never why, and with how much evidence.

    No single cause, and too few to tell, are normal answers.
    """
    from aexdash.causes.report import Outcome, examine  # noqa: PLC0415 - --help needs none of it

    if file:
        from aexdash.exports.causes import refuse_ending  # noqa: PLC0415

        refuse_ending(file)
    settings = settings_of(home)
    if number is not None:
        report = _kept(settings, number)
    else:
        words = {name: word for name, word in (("store", store), ("profile", profile)) if word}
        snapshot, view = snapshot_of(settings, View.from_query(words))
        begin, end = _in_zone(after, settings.tzinfo, days=0), _in_zone(until, settings.tzinfo, days=1)
        if end and not isinstance(until, datetime):
            end = min(end, snapshot.now())  # of today as much as there is
        movement = _movement(snapshot, view, what, begin, end, jump=jump, ids=ids)
        if movement is None:
            click.echo("What is held made no jump in the last 30 days.", err=True)
            return
        report = examine(snapshot, movement, system_clock())
    _say(settings, report, json_wanted=json_wanted, keep=keep and number is None)
    if file:
        from aexdash.exports.causes import save  # noqa: PLC0415

        save(file, report, settings.tzinfo, settings.taxonomy().label)
        click.echo(f"Written to {file}.", err=True)
    end_with(known=report.outcome is not Outcome.NOT_READ)


def _kept(settings: Settings, number: int) -> Report:
    from aexdash.causes.kept import Reports  # noqa: PLC0415
    from aexdash.causes.report import from_json  # noqa: PLC0415

    kept = Reports(settings.desk_path).get(number)
    if kept is None:
        raise click.UsageError(f"There is no report {number}; --keep keeps one.")
    try:
        return from_json(kept.report)
    except ValueError:
        raise click.UsageError(f"Report {number} is of another version of aexdash; ask anew.") from None


def _movement(
    snapshot: Snapshot,
    view: View,
    what: str,
    after: datetime | None,
    until: datetime | None,
    *,
    jump: bool,
    ids: tuple[str, ...],
) -> Movement | None:
    from aexdash.causes.latest import latest  # noqa: PLC0415
    from aexdash.causes.movement import Movement  # noqa: PLC0415
    from aexdash.snapshot.compared.listings import What  # noqa: PLC0415

    if jump:
        if after or until or ids:
            raise click.UsageError("--jump takes neither --after, --until nor --listing.")
        return latest(snapshot, view.store_keys, snapshot.now(), What(what), about="history")
    end = until or snapshot.hero(view).reach.read_at or snapshot.now()
    start = after or end - DAY
    if end > snapshot.now() + CLOCK_TOLERANCE:
        raise click.UsageError("The span lies ahead: --until must not be later than now.")
    if start >= end:
        raise click.UsageError("The span ends before it begins: --after must be earlier than --until.")
    return Movement(What(what), start, end, view.store_keys, _keys(snapshot, view, ids))


def _keys(snapshot: Snapshot, view: View, ids: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Find the listings that were named.

    Raises:
        click.UsageError: one is no id, not known, or in several stores.
    """
    found: list[tuple[str, int]] = []
    for word in ids:
        key, _, digits = word.rpartition("/")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            raise click.UsageError(f"{word} is no id of a listing.")
        product_id = int(digits)
        wanted = key or view.store
        stores = [one.store for one in snapshot.known_ids([product_id]).get(product_id, [])]
        stores = [one for one in stores if wanted in (None, "", one)]
        if len(stores) != 1:
            many = "is in several stores; write STORE/ID" if stores else "is not known"
            raise click.UsageError(f"Listing {word} {many}.")
        found.append((stores[0], product_id))
    return tuple(found)


def _say(settings: Settings, report: Report, *, json_wanted: bool, keep: bool) -> None:
    from aexdash.causes.kept import Reports  # noqa: PLC0415
    from aexdash.causes.report import to_facts, to_json  # noqa: PLC0415
    from aexdash.causes.reread import newest  # noqa: PLC0415
    from aexdash.words.causes import changed_lines, outcome_words, report_lines  # noqa: PLC0415

    kept = Reports(settings.desk_path)
    earlier = newest(kept, report.movement) if keep else None
    number = kept.keep(report.movement.key, to_json(report), by="", now=report.made_at) if keep else None
    if json_wanted:
        facts: dict[str, Any] = to_facts(report)
        click.echo(as_json(facts | {"says": outcome_words(report), "number": number}))
        return
    label = settings.taxonomy().label
    for line in report_lines(report, settings.tzinfo, label):
        click.echo(plain(line))
    if number is not None:
        click.echo(f"Kept as report {number}.", err=True)
    if earlier is not None:
        for line in changed_lines(earlier.report, report, settings.tzinfo, label):
            click.echo(plain(line))
