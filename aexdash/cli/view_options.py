"""The words of a view as options of commands; a word that is not known is refused, where a page leaves it out."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Sequence
from typing import Any

import click

from aexdash.reasons.taxonomy import Taxonomy, load_taxonomy
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
