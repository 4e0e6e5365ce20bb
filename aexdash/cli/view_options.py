"""The words of a view as options of commands; a word that is not known is refused, where a page leaves it out."""

from __future__ import annotations

import contextlib
import difflib
import functools
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from aexdash.address_words import FIRST_YEAR, LAST_YEAR, Query
from aexdash.cli.actions import settings_of
from aexdash.clock import DAY, TICK, start_of_day, to_text
from aexdash.reasons.taxonomy import Taxonomy, load_taxonomy
from aexdash.view import FILTERS, View, mistakes

AS_OF = "as-of"
OR_A_DAY = "a day like 2026-03-09, which is as of its end"

VIEW_WORDS = {one.name.replace("_", "-"): one.help for one in FILTERS} | {
    AS_OF: f"Everything as of a moment: 2026-03-09T12:00:00Z. It may be {OR_A_DAY}."
}
"""The parameters of a view as command options, with their help texts."""


def view_options(command: Callable[..., None], names: Sequence[str] = tuple(VIEW_WORDS)) -> Callable[..., None]:
    """Add the parameters of a view as options; the command gets the resulting `view`."""

    @functools.wraps(command)
    def with_view(**given: Any) -> None:
        words = {name: given.pop(name.replace("-", "_")) for name in names}
        if words.get(AS_OF):
            words[AS_OF] = _ends_of_days(words[AS_OF], given["home"])
        query = {name.replace("-", "_"): value for name, value in words.items() if value}
        _refuse_unknown_words(query)
        view = View.from_query(query)
        refuse_unknown_reasons(view)
        command(view=view, **given)

    decorated: Callable[..., None] = with_view
    for name in reversed(names):
        decorated = click.option(f"--{name}", multiple=True, metavar="WORD", help=VIEW_WORDS[name])(decorated)
    return decorated


place_options = functools.partial(view_options, names=("store", "profile", "as-of"))


def _ends_of_days(words: Sequence[str], home: Path) -> tuple[str, ...]:
    """Write a day as its last moment in the zone of the workspace; any other word stays as it is."""
    return tuple(_end_of_day(word, home) or word for word in words)


def _end_of_day(word: str, home: Path) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        return ""
    with contextlib.suppress(ValueError, OverflowError):
        day = date.fromisoformat(word)
        if FIRST_YEAR < day.year < LAST_YEAR - 1:
            return to_text(start_of_day(day + DAY, settings_of(home).tzinfo) - TICK)
    return ""


def _refuse_unknown_words(query: Query) -> None:
    said = [
        f"--{one.name.replace('_', '-')} {','.join(wrong)} {one.wrong}; {one.hint}."
        f"{f' It may be {OR_A_DAY}.' if one.name == 'as_of' else ''}"
        for one, wrong in mistakes(query)
    ]
    if said:
        raise click.UsageError(" ".join(said))


def refuse_unknown_reasons(view: View) -> None:
    """Refuse an unknown reason code: a typo would show an empty worklist, which looks like good news.

    Raises:
        click.UsageError: there is none like it; the text names those near it.
    """
    taxonomy = load_taxonomy()
    known = [*taxonomy.codes, *taxonomy.families]
    for reason in view.reasons:
        if reason not in known:
            raise click.UsageError(f"There is no reason {reason!r}; {_instead(reason, taxonomy)}.")


def _instead(reason: str, taxonomy: Taxonomy) -> str:
    """Say which reasons are near one that there is not; where none is, those of its family, or the families.

    Within a family the part behind the dot alone is compared: every code of it would be near by its beginning.
    """
    family, dot, rest = reason.casefold().partition(".")
    own = [code.partition(".")[2] for code in taxonomy.codes if code.startswith(f"{family}.")]
    if dot and own:
        close = [f"{family}.{one}" for one in difflib.get_close_matches(rest, own, n=3, cutoff=0.6)]
    else:
        close = difflib.get_close_matches(reason.casefold(), [*taxonomy.codes, *taxonomy.families], n=3, cutoff=0.6)
    if close:
        return f"near it {'is' if len(close) == 1 else 'are'} {', '.join(close)}"
    if dot and own:
        return f"of {family} there are {', '.join(own)}"
    return f"the families of reasons are {', '.join(taxonomy.families)}"
