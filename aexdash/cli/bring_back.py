"""`aexdash apply`: a worklist or a fix sheet that was changed in a spreadsheet is brought back."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import Failed
from aexdash.cli.options import home_option, json_option
from aexdash.cli.printing import plain
from aexdash.cli.work import answer, person_of, who_option
from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.desk.decisions.round_trip import ChangeSet, Edit
    from aexdash.people.names import Person


@click.command()
@home_option
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@who_option
@click.option("--mine", "winner", flag_value="mine", help="Where somebody changed it here meanwhile, the file counts.")
@click.option("--theirs", "winner", flag_value="theirs", help="Where somebody changed it here meanwhile, that stays.")
@click.option("--anyway", is_flag=True, help="Mark fixed also what is not to be resubmitted yet.")
@click.option("--dry-run", is_flag=True, help="Show what would be changed, and change nothing.")
@click.option("--code-page", metavar="NAME", help="The code page of a CSV, such as gb18030, when it is not clear.")
@json_option
def apply(
    home: Path,
    *,
    file: Path,
    name: str | None,
    winner: str | None,
    anyway: bool,
    dry_run: bool,
    code_page: str | None,
    json_wanted: bool,
) -> None:
    """Bring back a worklist or a fix sheet of aexdash: FILE, in which Stage, Owner or Note was changed.

    All of it is one change, which can be undone. A row that cannot be used is named and left, and so is what somebody
    changed here since the export, unless --mine or --theirs says who counts.
    """
    from aexdash.desk.decisions.round_trip import apply as apply_to_desk  # noqa: PLC0415
    from aexdash.desk.decisions.work import TooMany  # noqa: PLC0415

    settings, who, now = settings_of(home), person_of(name), system_clock()
    changes = _change_set(settings, file, code_page, who, anyway=anyway)
    taken, undecided = _decided(changes, winner)
    left = _left(changes, undecided, now)
    if dry_run:
        _show(changes, taken, left)
    take = {one.key for one in taken}
    try:
        outcome = apply_to_desk(changes, settings.desk_path, who=who, now=now, take=take)
    except TooMany as error:
        raise click.UsageError(str(error)) from error
    answer("apply", outcome, who=who, now=now, left=left, json_wanted=json_wanted)


def _change_set(settings: Settings, file: Path, code_page: str | None, who: Person, *, anyway: bool) -> ChangeSet:
    from aexdash.desk.decisions.round_trip import change_set  # noqa: PLC0415
    from aexdash.sources.errors import SourceError  # noqa: PLC0415
    from aexdash.sources.formats.code_pages import CodePageUnclear  # noqa: PLC0415
    from aexdash.sources.round_trip import read_back  # noqa: PLC0415

    try:
        brought = read_back(file.name, file, code_page)
    except CodePageUnclear as unclear:
        raise SourceError(f"{unclear} Name it with --code-page.") from unclear
    snapshot, _ = snapshot_of(settings, View())
    return change_set(
        file.name,
        brought,
        snapshot,
        desk_path=settings.desk_path,
        taxonomy=settings.taxonomy(),
        who=who,
        anyway=anyway,
    )


def _decided(changes: ChangeSet, winner: str | None) -> tuple[Sequence[Edit], Sequence[Edit]]:
    """Return the conflicts in which the file counts, and those that nobody has decided."""
    return {"mine": (changes.conflicts, ()), "theirs": ((), ())}.get(winner or "", ((), changes.conflicts))


def _left(changes: ChangeSet, undecided: Iterable[Edit], now: datetime) -> list[str]:
    from aexdash.words.listings import brought  # noqa: PLC0415

    conflicts = (f"{one.store}/{one.product_id}: {brought.conflict_words(one, now)}." for one in undecided)
    return [*map(brought.refused_words, changes.refused), *conflicts]


def _show(changes: ChangeSet, taken: Sequence[Edit], left: Sequence[str]) -> NoReturn:
    """Print what a file would change, and end as applying it would."""
    from aexdash.words.listings import brought  # noqa: PLC0415

    click.echo(brought.summary(changes))
    for one in (*changes.edits, *taken):
        click.echo(plain(f"{one.store}/{one.product_id}  {brought.edit_words(one)}"))
    for proposal in changes.proposals:
        click.echo(plain(f"{proposal.store}/{proposal.product_id}  {brought.proposal_words(proposal)}"))
    for sentence in left:
        click.echo(plain(sentence), err=True)
    click.echo("Nothing was changed (--dry-run).", err=True)
    sys.exit(Failed.exit_code if left else 0)
