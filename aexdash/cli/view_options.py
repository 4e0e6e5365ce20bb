"""The words of a view as options of commands; a word that is not known is refused, where a page leaves it out."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Sequence
from typing import Any

import click

from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.view import FILTERS, Query, View, mistakes

VIEW_WORDS = {one.name.replace("_", "-"): one.help for one in FILTERS}
"""The parameters of a view as command options, with their help texts."""


def view_options(command: Callable[..., None], names: Sequence[str] = tuple(VIEW_WORDS)) -> Callable[..., None]:
    """Add the parameters of a view as options; the command gets the resulting `view`."""

    @functools.wraps(command)
    def with_view(**given: Any) -> None:
        words = {name: given.pop(name.replace("-", "_")) for name in names}
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


def _refuse_unknown_words(query: Query) -> None:
    said = [
        f"--{one.name.replace('_', '-')} {','.join(wrong)} {one.wrong}; {one.hint}." for one, wrong in mistakes(query)
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
            close = difflib.get_close_matches(reason, known, n=3, cutoff=0.5) or list(taxonomy.families)
            raise click.UsageError(f"There is no reason {reason!r}; near it are {', '.join(close)}.")
