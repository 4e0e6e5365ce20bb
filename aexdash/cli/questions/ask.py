"""`aexdash ask`: a question in plain words, answered with its statement, or refused in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import BadUse, Failed
from aexdash.cli.options import home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.clock import system_clock
from aexdash.view import View


@click.command()
@home_option
@click.argument("words", nargs=-1, required=True, metavar="QUESTION...")
@click.option("--then", "later", multiple=True, metavar="QUESTION", help="A follow-up: and last month? by category.")
@click.option("--store", metavar="KEY", help="Asked of this store where the question names none.")
@click.option("--profile", metavar="NAME", help="Asked of the stores of this profile where the question names none.")
@json_option
def ask(
    home: Path,
    *,
    words: tuple[str, ...],
    later: tuple[str, ...],
    store: str | None,
    profile: str | None,
    json_wanted: bool,
) -> None:
    """Answer a question in English, Chinese, Russian or Spanish.

    Such as: how many were rejected last week, by reason. What has two readings is refused, with both and their numbers.
    """
    from aexdash.ask.answers.answering import answer  # noqa: PLC0415 - --help needs none of it
    from aexdash.ask.telling import lines_of, refusal_lines, to_facts  # noqa: PLC0415
    from aexdash.ask.vocabulary import build  # noqa: PLC0415
    from aexdash.ask.workspace import open_workspace  # noqa: PLC0415

    settings, now = settings_of(home), system_clock()
    named = {name: word for name, word in (("store", store), ("profile", profile)) if word}
    _, place = snapshot_of(settings, View.from_query(named))
    workspace = open_workspace(settings, system_clock, place)
    lexicon = build(workspace)
    told = answer(" ".join(words), workspace, now, lexicon=lexicon)
    for one in later:
        if told.refusal is None:
            told = answer(one, workspace, now, after=told.question, lexicon=lexicon)
    if json_wanted:
        click.echo(as_json(to_facts(told, workspace.zone)))
    elif told.refusal is None:
        for line in lines_of(told):
            click.echo(plain(line))
    if told.refusal is not None:
        if json_wanted:
            sys.exit(BadUse.exit_code)
        raise BadUse("\n".join(map(plain, refusal_lines(told))))
    sys.exit(0 if told.number is not None else Failed.exit_code)
