"""`aexdash reconcile`: a list or a number of Seller Center beside ours of that moment, each difference explained."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aexdash.address_words import read_moment
from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import end_with
from aexdash.cli.options import MOST_NUMBER, FileToWrite, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.cli.questions.funnel import say_funnel
from aexdash.clock import system_clock
from aexdash.model import Status
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.config.settings import Settings
    from aexdash.reconcile.model import Reconciliation, TheirList

TABS: dict[str, tuple[Status, ...]] = {
    "held": (Status.REJECTED, Status.AUDITING),
    "rejected": (Status.REJECTED,),
    "auditing": (Status.AUDITING,),
    "active": (Status.ACTIVE,),
    "offline": (Status.OFFLINE,),
    "all": (Status.REJECTED, Status.AUDITING, Status.ACTIVE, Status.OFFLINE),
}
"""What a list or a number may be of, by its word."""

PASTE = "-"
"""The file that stands for what is typed or piped in."""


def _moment(_context: click.Context, parameter: click.Parameter, word: str | None) -> datetime | None:
    if word is None:
        return None
    try:
        return read_moment(word)
    except ValueError:
        raise click.BadParameter(
            f"{word} is not a moment; write it like 2026-03-09T12:00:00Z.", param=parameter
        ) from None


@click.command()
@home_option
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--tab", type=click.Choice(tuple(TABS)), default="held", show_default=True, help="What the file lists.")
@click.option("--count", "counts", multiple=True, metavar="TAB=N", help="Instead of a file: what a tab counts.")
@click.option("--at", callback=_moment, metavar="MOMENT", help="When the list was read or exported (default: now).")
@click.option("--store", metavar="KEY", help="One store, by its key.")
@click.option("--profile", metavar="NAME", help="The stores of a profile, by its name.")
@click.option("--code-page", metavar="NAME", help="Of a text file that does not tell it.")
@click.option(
    "--report", "number", type=click.IntRange(1, MOST_NUMBER), help="A comparison that was kept, by its number."
)
@click.option("--again", is_flag=True, help="With --report: compare its list again, with what was read since.")
@click.option("--funnel", "funnel_wanted", is_flag=True, help="How far the SKUs of the shop get, and what it misses.")
@click.option("--keep", is_flag=True, help="Keep the comparison; the overview then says what it came to.")
@click.option("-o", "--output", "target", type=FileToWrite(), help="A .json, .md or .csv.")
@json_option
def reconcile(
    home: Path,
    file: Path | None,
    *,
    tab: str,
    counts: tuple[str, ...],
    at: datetime | None,
    store: str | None,
    profile: str | None,
    code_page: str | None,
    number: int | None,
    again: bool,
    funnel_wanted: bool,
    keep: bool,
    target: Path | None,
    json_wanted: bool,
) -> None:
    """Compare a list of Seller Center with ours of that moment.

    FILE is a table with product ids or SKUs, as exported; - reads copied ids from the input. Each difference gets the
    first explanation that holds; a moment that nobody read is not known, and never agrees.
    """
    from aexdash.reconcile.examine import NotComparable  # noqa: PLC0415 - --help needs none of it
    from aexdash.reconcile.model import Outcome  # noqa: PLC0415

    if sum((file is not None, bool(counts), number is not None, funnel_wanted)) != 1:
        raise click.UsageError("Name one thing to compare: a FILE, --count, --report or --funnel.")
    if funnel_wanted:
        say_funnel(home, store, profile, target, json_wanted=json_wanted)
        return
    if again and number is None:
        raise click.UsageError("--again is of a comparison that was kept: name it with --report.")
    if target:
        from aexdash.exports.reconcile import refuse_ending  # noqa: PLC0415

        refuse_ending(target.suffix)
    settings = settings_of(home)
    words = {name: word for name, word in (("store", store), ("profile", profile)) if word}
    try:
        if number is not None:
            result = _kept(settings, number, again=again)
        elif counts:
            result = _of_numbers(settings, View.from_query(words), counts, at)
        else:
            assert file is not None
            result = _of_list(settings, View.from_query(words), _list_of(file, code_page), tab, at)
    except NotComparable as error:
        raise click.UsageError(str(error)) from error
    _say(settings, result, json_wanted=json_wanted, keep=keep and (number is None or again))
    if target:
        from aexdash.exports.reconcile import content_of, save  # noqa: PLC0415

        save(target, content_of(target.suffix, result, settings.tzinfo))
        click.echo(f"Written to {target}.", err=True)
    end_with(known=result.outcome is not Outcome.NOT_KNOWN)


def _list_of(file: Path, code_page: str | None) -> TheirList:
    from aexdash.cli.annotate import tables_of  # noqa: PLC0415
    from aexdash.reconcile.lists import of_tables, of_text  # noqa: PLC0415

    if str(file) == PASTE:
        return of_text(sys.stdin.read())
    if not file.is_file():
        raise click.UsageError(f"There is no file {file}.")
    return of_tables(file.name, tables_of(file, code_page))


def _of_list(settings: Settings, view: View, theirs: TheirList, tab: str, at: datetime | None) -> Reconciliation:
    from aexdash.reconcile import examine  # noqa: PLC0415

    snapshot, resolved = snapshot_of(settings, view)
    now = system_clock()
    scope = resolved.store_keys
    return examine.of_list(snapshot, theirs, listed=TABS[tab], at=at or now, scope=scope, now=now)


def _of_numbers(settings: Settings, view: View, counts: tuple[str, ...], at: datetime | None) -> Reconciliation:
    from aexdash.reconcile import examine  # noqa: PLC0415

    typed: dict[tuple[Status, ...], int] = {}
    for count in counts:
        tab, _, digits = count.partition("=")
        if tab not in TABS or not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise click.UsageError(f"{count} is no count; write it like rejected=4. Tabs are {', '.join(TABS)}.")
        typed[TABS[tab]] = int(digits)
    snapshot, resolved = snapshot_of(settings, view)
    now = system_clock()
    return examine.of_numbers(snapshot, typed, at=at or now, scope=resolved.store_keys, now=now, pulse=settings.pulse)


def _kept(settings: Settings, number: int, *, again: bool) -> Reconciliation:
    from aexdash.reconcile import examine  # noqa: PLC0415
    from aexdash.reconcile.kept import Reconciliations  # noqa: PLC0415

    kept = Reconciliations(settings.desk_path).get(number)
    if kept is None:
        raise click.UsageError(f"There is no comparison {number} that this version can read; --keep keeps one.")
    if not again:
        return kept
    snapshot, _ = snapshot_of(settings, View())
    return examine.again(snapshot, kept, system_clock(), pulse=settings.pulse)


def _say(settings: Settings, result: Reconciliation, *, json_wanted: bool, keep: bool) -> None:
    from aexdash.exports.reconcile import facts  # noqa: PLC0415
    from aexdash.reconcile.kept import Reconciliations  # noqa: PLC0415
    from aexdash.words.reconcile.comparison import lines  # noqa: PLC0415

    number = Reconciliations(settings.desk_path).keep(result, by="") if keep else None
    if json_wanted:
        click.echo(as_json(facts(result) | {"number": number}))
        return
    for line in lines(result, settings.tzinfo):
        click.echo(plain(line))
    if number is not None:
        click.echo(f"Kept as comparison {number}.", err=True)
