"""The pages of commands and exit codes, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy

import click

from aexdash.__main__ import main
from aexdash.cli.errors import EXIT_CODES
from tests.docs.writing import table, written_page

WIDTH = 100


def all_commands(command: click.Command = main, words: tuple[str, ...] = ("aexdash",)) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups before what is in them."""
    yield words
    for name, inner in (command.commands if isinstance(command, click.Group) else {}).items():
        yield from all_commands(inner, (*words, name))


def command_named(words: Iterable[str]) -> click.Command:
    """A copy of the command of some words after `aexdash`: a command remembers its first context's word for help.

    Raises:
        KeyError: there is none.
    """
    found: click.Command = main
    for word in words:
        if not isinstance(found, click.Group):
            raise KeyError(word)
        found = found.commands[word]
    return copy(found)


def commands() -> str:
    """The help of every command, as `--help` prints it."""
    says = "The help of every command.\nEach ends with one of the [exit codes](exit-codes.md)."
    return written_page("Commands", says, *map(_help, all_commands()))


def _help(words: tuple[str, ...]) -> str:
    name = " ".join(words)
    context = click.Context(
        command_named(words[1:]), info_name=name, terminal_width=WIDTH, max_content_width=WIDTH, **main.context_settings
    )
    return f"## {name}\n\n```text\n{context.get_help()}\n```\n"


def short_commands() -> str:
    """A line a command, for the README."""
    named = [(words, command_named(words[1:])) for words in all_commands()]
    rows = [(f"`{' '.join(words)}`", command.get_short_help_str(200)) for words, command in named[1:]]
    return table(("Command", "What it does"), rows)


def exit_codes() -> str:
    """What each exit code means."""
    says = "Every command ends with one of three.\nNo mistake of a person or of a file shows a traceback."
    return written_page(
        "Exit codes", says, table(("Code", "Means"), ((str(n), text) for n, text in EXIT_CODES.items()))
    )
