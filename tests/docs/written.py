"""What of the docs is written from the code: whole pages of docs/reference, and parts between two marks.

A program of our own and not cogapp: nearly all of it is whole pages, so Python inside Markdown, which neither ruff nor
mypy reads, would be used for one table; what is left of cogapp is `filled`, seven lines and one dependency less.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from aexdash.__main__ import main
from aexdash.ask import vocabulary
from aexdash.ask.question import DONE_NAMES, LAST, OPEN, OPENED, WHERE, By, Compare, Move
from aexdash.cards import CARDS
from aexdash.cards.reference_page import page as card_page
from aexdash.cli.errors import EXIT_CODES
from aexdash.config.sections.ask_model import KEY as ASK_KEY
from aexdash.config.sections.ask_model import AskModel
from aexdash.config.sections.assistants import AssistantSettings
from aexdash.config.sections.backups import BackupSettings
from aexdash.config.sections.channels import SECRETS as CHANNEL_SECRETS
from aexdash.config.sections.channels import Channel, Digest
from aexdash.config.sections.feeds import SECRET as FEED_SECRETS
from aexdash.config.sections.feeds import FeedSettings
from aexdash.config.sections.login import CLIENT_SECRET as LOGIN_SECRET
from aexdash.config.sections.login import ROLES, LoginSettings
from aexdash.config.sections.monitoring import MonitoringSettings
from aexdash.config.sections.replica import ReplicaSettings
from aexdash.config.sections.sftp import SftpFolder
from aexdash.config.sections.shops import SECRETS as SHOP_SECRETS
from aexdash.config.sections.shops import WRITTEN as SHOP_KEYS
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.sections.stores import SECRET_KEYS, StoreSettings
from aexdash.config.settings import Settings
from aexdash.doctor.examining import LOOKED_AT
from aexdash.doctor.finding import CONDITIONS
from aexdash.exports.worklist.plain import COLUMNS as PLAIN_COLUMNS
from aexdash.exports.worklist.worklist import COLUMNS
from aexdash.reasons.taxonomy import Code, load_taxonomy
from aexdash.snapshot.compared.listings import What
from aexdash.sources.round_trip import EDITABLE, EXPORTED_AT, LOCKED, PRODUCT_ID, ROW_CHECK, STORE
from aexdash.supervision.metrics import GAUGES, HELP
from aexdash.ui.doors.asked import CLAIM, NOTES, PLAIN
from aexdash.ui.doors.routes import routes
from aexdash.ui.frame import nav
from aexdash.ui.worklist.keys import KEYS, SNOOZES, for_which
from aexdash.view import ORDERS
from aexdash.words.guides import GUIDES
from aexdash.words.guides import markdown as guide_markdown
from tests.ask import asked, blind
from tests.recognition.tables import parts, refusals

RECOGNITION = "docs/explanation/recognition.md"
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "aexdash"
WIDTH = 100

KINDS = {
    "word": "a word or a few, safe in every spreadsheet",
    "text": "text as it came; an apostrophe before what a spreadsheet would run, and `‹U+202E›` in the place of what "
    "would turn its direction",
    "identifier": "digits and codes as text, led by a tab, because spreadsheets round numbers at 15 digits",
    "number": "a number with a point",
    "time": "UTC, `2026-03-09T12:00:00.000Z`",
    "link": "an address",
    "kept": "a text that may be changed and brought back; led by a tab where a spreadsheet would read a value",
}

RESUBMIT = {"edit": "edit and resubmit", "appeal": "appeal", "wait": "wait"}


def pages() -> dict[str, Callable[[], str]]:
    """What writes each text, by the path of its file."""
    reference = "docs/reference"
    return {
        f"{reference}/card-definitions.md": lambda: card_page(CARDS.values()),
        f"{reference}/commands.md": commands,
        f"{reference}/exit-codes.md": exit_codes,
        f"{reference}/settings.md": settings,
        f"{reference}/doctor.md": doctor,
        f"{reference}/reasons.md": reasons,
        f"{reference}/exports.md": exports,
        f"{reference}/keys.md": keys,
        f"{reference}/how-to-read.md": how_to_read,
        RECOGNITION: lambda: filled(RECOGNITION, refusals=refusals, parts=parts),
        "docs/asking.md": lambda: filled("docs/asking.md", words=words_of_questions),
        MEASURED: lambda: filled(MEASURED, questions=questions_asked, blind=questions_blind, fresh=questions_fresh),
        "docs/design.md": lambda: filled("docs/design.md", floors=floors, rooms=rooms),
        WATCHING: lambda: filled(WATCHING, metrics=metrics),
        "README.md": lambda: filled("README.md", commands=short_commands),
    }


MEASURED = "docs/explanation/questions-measured.md"
WATCHING = "docs/how-to/watch-that-it-is-alive.md"


def metrics() -> str:
    """The metrics of /metrics that are ours, with their labels."""
    labels = {**GAUGES, "aexdash_loop_restarts_total": ("loop",), "aexdash_page_seconds": ("page",)}
    told = {**HELP, "aexdash_page_seconds": "How long the server took to run a page: a histogram."}
    rows = [(f"`{name}`", ", ".join(labels[name]) or "–", told[name]) for name in sorted(labels)]
    return table(("Metric", "Labels", "What it is"), rows)


def filled(path: str, **parts: Callable[[], str]) -> str:
    """A page with what stands between the marks of each part written anew.

    Raises:
        ValueError: the marks are missing.
    """
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, write in parts.items():
        begin, end = f"<!-- {name}: written by make docs -->\n", f"<!-- end of {name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"{path} lacks the marks of {name}: {begin.strip()} and {end}")
        before, rest = text.split(begin, 1)
        text = f"{before}{begin}{write()}{end}{rest.split(end, 1)[1]}"
    return text


def questions_asked() -> str:
    """Count how our own questions came out, by language, those that were tuned on apart from those held out."""
    workspace = asked.names()
    lexicon = vocabulary.build(workspace)
    every = list(asked.questions())
    return outcomes(
        {
            "tuned on": asked.tally([one for one in every if not one.held_out], workspace, lexicon),
            "held out": asked.tally([one for one in every if one.held_out], workspace, lexicon),
        }
    )


def questions_blind() -> str:
    """Tell how the blind questions came out when they were asked first, and how they do since they were looked at."""
    workspace = asked.names()
    since = blind.tally("blind", workspace, vocabulary.build(workspace))
    return outcomes({"asked blind, once": blind.FIRST["blind"], "the same, since mended": since})


def questions_fresh() -> str:
    """Tell how each file of questions came out when it was asked first, and how it does since, in the order asked."""
    workspace = asked.names()
    lexicon = vocabulary.build(workspace)
    rows = []
    for name, first in blind.FIRST.items():
        for when, counts in (("at first", first), ("since mended", blind.tally(name, workspace, lexicon))):
            total = sum(counts.values(), Counter())
            told = [str(total[outcome]) for outcome in asked.OUTCOMES]
            rows.append((f"`{name}.txt`", when, str(sum(total.values())), *told))
    return table(("Questions", "Asked", "How many", *asked.OUTCOMES), rows)


def outcomes(kinds: Mapping[str, Mapping[str, Counter[str]]]) -> str:
    """A table of outcomes by kind of questions and by language, each kind with its sum."""
    rows = []
    for kind, counts in kinds.items():
        for language, count in {**counts, "": sum(counts.values(), Counter())}.items():
            told = [str(count[outcome]) for outcome in asked.OUTCOMES]
            rows.append((asked.LANGUAGES.get(language, "**all**"), kind, str(sum(count.values())), *told))
    return table(("Language", "Questions", "Asked", *asked.OUTCOMES), rows)


def words_of_questions() -> str:
    """Name what can be asked for: cards, moves, and what a number can be divided by."""
    rows = [
        ("`card:`", ", ".join(f"{card.title} (`{key}`)" for key, card in CARDS.items())),
        ("`moves:`", ", ".join(f"`{move}`" for move in Move)),
        ("`causes:`", ", ".join(f"`{what}`" for what in What)),
        ("`done:`", ", ".join(f"`{name}`" for name in DONE_NAMES)),
        ("`alerts:`", f"`{OPEN}`, `{OPENED}`"),
        ("`readings:`", f"`{LAST}`"),
        ("`by:`", ", ".join(f"`{by}`" for by in By) + "; or two of them, as `store,day`"),
        ("`compare:`", ", ".join(f"`{one}`" for one in Compare if one not in ("none", "period")) + ", or a period"),
        ("`order:`", ", ".join(f"`{order}`" for order in ORDERS)),
        ("which listings", ", ".join(f"`{name}:`" for name in WHERE)),
        ("`stores:`", "`all`, also where one store or profile is looked at"),
        ("`part:`", "those of these words that choose a part, of which the share is told: `reason`, `status`, …"),
    ]
    return table(("Word", "Values"), rows)


def written_page(title: str, says: str, *parts: str) -> str:
    """A page that begins by saying that nobody should edit it."""
    return "\n".join([f"# {title}\n", f"{says}\nThis page is written from the code by `make docs`.\n", *parts])


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; a bar inside a cell does not end it."""
    titles = tuple(headings)
    lines = [titles, ("---",) * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


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


def keys() -> str:
    """The keys of the worklist."""
    says = (
        f"{for_which()} It has a bar at its left edge.\n"
        "While somebody types in a field they are letters, from the key that opens it on. "
        "`?` shows this table on the page.\n"
        "In the list ↑, ↓, Home, End, Page up and Page down move too, Space ticks, and Esc takes all ticks away."
    )
    rows = [
        (" or ".join(f"`{one}`" for one in key.keys), key.does, "✓" if key.in_list else "", "✓" if key.in_panel else "")
        for key in KEYS
    ]
    choices = [(f"`{key}`", words) for key, (_, words) in SNOOZES.items()]
    return written_page(
        "Keys of the worklist",
        says,
        table(("Key", "Does", "In the list", "In the panel"), rows)
        + "\nAfter `S`:\n\n"
        + table(("Key", "Snoozes"), choices),
    )


def how_to_read() -> str:
    """How each page is read, as the help page has it."""
    guides = [f"## {name.title()}\n\n{screens(name)}\n\n{guide_markdown(GUIDES[name])}" for name in nav.HELP]
    return written_page(
        "How to read each page",
        "The same stands behind *How to read this page*, at the foot of each. "
        "The pictures are of the demo, taken by `make screenshots`.",
        *guides,
    )


def screens(name: str) -> str:
    """Write the pictures of a page on a desk and on a telephone, in the theme of whoever reads."""
    return "\n".join(
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="../screens/{name}-dark-{size}.png">'
        f'<img src="../screens/{name}-light-{size}.png" width="{width}" alt="{name.title()} {where}"></picture>'
        for size, width, where in (("desk", 620, "at 1280 by 800"), ("telephone", 190, "at 390 by 844"))
    )


def doctor() -> str:
    """What `aexdash doctor` looks at."""
    says = (
        "`aexdash doctor` prints a line each, `ok` or `problem`, with what to do about a problem.\n"
        "It ends with 0 when all is well and with 1 when there is something to do; a slip of the keys ends with 2.\n"
        "With `--json` each line is an object with `name`, `well`, `text`, `advice` and `condition`."
    )
    return written_page(
        "What the doctor looks at",
        says,
        table(("Line", "All is well when"), LOOKED_AT.items()),
        "## Conditions\n",
        "Everything that it can name, by the word that `condition` has in JSON.\n",
        table(
            ("Condition", "What is so", "What to do"),
            [(f"`{name}`", one.is_so, one.remedy) for name, one in CONDITIONS.items()],
        ),
    )


ROLE_WORDS = {
    "viewer": "Reads everything but the settings, exports, asks, and keeps views of her own.",
    "operator": "Also works with listings, campaigns and alerts, brings files, and has a store read.",
    "owner": "Also changes bands, profiles, rules, channels, stores and settings, and ends sessions.",
}


def settings() -> str:
    """Every key of both files, from the classes that read them."""
    says = (
        "Every key of `aexdash.toml` and `secrets.toml`, which lie in the [home](files.md).\n"
        "A key that nothing reads is refused with its line, so that a slip of the pen is not silently ignored.\n"
        "The page *Settings* edits most of them. Pages, `aexdash serve` and `aexdash sync --watch` take up what is "
        "saved within seconds, by whomever; while a file cannot be used, the settings before it stay in force."
    )
    stores = {name: field for name, field in StoreSettings.model_fields.items() if name in StoreSettings.written_keys}
    channels = {name: field for name, field in Channel.model_fields.items() if field.description}
    return written_page(
        "Settings",
        says,
        "## [workspace]\n",
        _keys({"zone": Settings.model_fields["zone"]}, ()),
        "## [store.KEY]\n",
        "One heading a store; `KEY` is of a-z, 0-9, `_` and `-`.\n"
        "The environment comes before both files: `AEXDASH_KEY_NAME`, in capitals, `-` as `_`; "
        "`AEXDASH_MAIN_APP_SECRET` is `app_secret` of `[store.main]`.\n",
        _keys(stores, SECRET_KEYS),
        "## [feed.KEY]\n",
        "What is set of the feed of the store `KEY`; files need no setting.\n"
        "Secrets may stand in the environment: `AEXDASH_MAIN_FEED_API_KEY`, `AEXDASH_MAIN_FEED_SFTP_PASSWORD`, "
        "`AEXDASH_MAIN_FEED_SFTP_KEY_FILE`.\n",
        _keys(feed_keys(), FEED_SECRETS),
        "## [shop.KEY]\n",
        "One heading a [shop](../how-to/connect-a-shop.md) that listings come from.\n"
        "Secrets may stand in the environment: `AEXDASH_SHOP_KEY_TOKEN`, `AEXDASH_SHOP_KEY_CLIENT_SECRET`.\n",
        _keys({name: ShopSettings.model_fields[name] for name in SHOP_KEYS}, SHOP_SECRETS),
        "## [channel.NAME]\n",
        "One heading a [channel](../how-to/add-a-channel.md).\n"
        "Secrets may stand in the environment: `AEXDASH_CHANNEL_NAME_URL`, `AEXDASH_CHANNEL_NAME_KEY`.\n",
        _keys(channels, CHANNEL_SECRETS),
        "## [alerts]\n",
        _keys({"address": Settings.model_fields["address"]}, ()),
        "## [ask]\n",
        "A model that may read [questions](../asking.md) which the grammar does not understand. Without this heading "
        "nothing is sent anywhere.\n"
        "The key may stand in the environment: `AEXDASH_ASK_KEY`.\n",
        _keys(dict(AskModel.model_fields), (ASK_KEY,)),
        "## [assistants]\n",
        "What [assistants](../assistants.md) may do.\n"
        "The token may stand in the environment: `AEXDASH_ASSISTANTS_TOKEN`.\n",
        _keys(dict(AssistantSettings.model_fields), ("token",)),
        "## [login]\n",
        "Who lets people in; without this heading the pages listen on this machine alone. "
        "[Let people sign in](../how-to/sign-in.md) says how.\n"
        "The secret may stand in the environment: `AEXDASH_LOGIN_CLIENT_SECRET`.\n",
        _keys({name: field for name, field in LoginSettings.model_fields.items() if name != ROLES}, (LOGIN_SECRET,)),
        "## [login.roles]\n",
        'What people may do, by group: `"GROUP" = "ROLE"`, or in some stores alone '
        '`"GROUP" = { role = "ROLE", stores = ["KEY"] }`. Without a line that fits, nobody is let in. '
        '`"*"` is everybody who signs in, and `"email:ana@example.com"` one person.\n',
        table(("Role", "What it may do"), ((f"`{role}`", said) for role, said in ROLE_WORDS.items())),
        "## [backup]\n",
        "The [backups](../how-to/back-up-and-restore.md) that the worker makes once a day.\n",
        _keys(dict(BackupSettings.model_fields), ()),
        "## [replica]\n",
        "Copies of both files on other machines; [Beyond one machine](../scale.md) says how.\n",
        _keys(dict(ReplicaSettings.model_fields), ()),
        "## [monitoring]\n",
        "Who is told how the installation is; [Watch it](../how-to/watch-that-it-is-alive.md) says more.\n"
        "They may stand in the environment: `AEXDASH_MONITORING_HEARTBEAT_URL`, `AEXDASH_MONITORING_TOKEN`.\n",
        _keys(dict(MonitoringSettings.model_fields), tuple(MonitoringSettings.model_fields)),
        "## [phrases]\n",
        _keys({'"CODE"': Settings.model_fields["phrases"]}, ()),
        "## Environment\n",
        table(
            ("Variable", "What it does"),
            [
                ("`AEXDASH_HOME`", "The home, where no `--home` is given; else `./data`."),
                (
                    "`AEXDASH_LOG`",
                    "`verbose`: the log of `serve` and `sync --watch` has every run and traces; `json`: objects.",
                ),
                ("`AEXDASH_CLOCK_FILE`", "A file with a moment that is taken for now: for tests and for visits."),
                ("`STREAMLIT_SERVER_ALLOWED_HOSTS`", "The names under which the pages answer, behind a proxy."),
                ("`STREAMLIT_BROWSER_SERVER_ADDRESS`", "The name under which browsers find them, behind a proxy."),
            ],
        ),
    )


def feed_keys() -> dict[str, FieldInfo]:
    """The keys under [feed.KEY]: those of the feed, and those of its SFTP folder, which are named by their titles."""
    folder = {field.title: field for field in SftpFolder.model_fields.values() if field.title}
    return {**FeedSettings.model_fields, **folder}


def _keys(fields: dict[str, FieldInfo], secrets: Iterable[str]) -> str:
    rows = (
        (
            f"`{name}`",
            "secrets.toml" if name in secrets else "aexdash.toml",
            _type(field),
            _default(field),
            _says(field),
        )
        for name, field in fields.items()
    )
    return table(("Key", "File", "Type", "Default", "Effect"), rows)


def _says(field: FieldInfo) -> str:
    if not field.description:
        raise ValueError("a setting has no description")
    return field.description


def _type(field: FieldInfo) -> str:
    return _type_words(field.annotation)


def _type_words(kind: Any) -> str:
    """A type in the words of somebody who writes TOML."""
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(_type_words(part) for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(kind))
    if get_origin(kind) in (tuple, list):
        return "list of texts"
    if get_origin(kind) is dict:
        return "list of texts"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{word.value}`" for word in kind)
    words = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "text"}
    return words.get(kind) or {SecretStr: "text", Digest: "text", SftpFolder: "text"}[kind]


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return "must be given"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value in ("", (), {}):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def reasons() -> str:
    """Every reason of data/reasons.toml, family by family."""
    taxonomy = load_taxonomy()
    says = (
        f"The {len(taxonomy.codes)} reasons of `data/reasons.toml` in {len(taxonomy.families)} families.\n"
        "A `reference §` is a section of [the API reference](aliexpress-api.md).\n"
        "[Whose word it is](../explanation/provenance.md) says who can give one, "
        "[Teach it a phrase](../how-to/teach-a-phrase.md) how a text is recognised as one."
    )
    parts = []
    for key, family in taxonomy.families.items():
        codes = {name: code for name, code in taxonomy.codes.items() if name.partition(".")[0] == key}
        parts += [f"## {family.name} (`{key}`)\n", f"{family.sentence}\n", _codes(codes)]
    return written_page("Reasons", says, *parts)


def _codes(codes: dict[str, Code]) -> str:
    headings = ("Code", "Name", "Means", "What AliExpress asks for", "What to do", "Back by")
    rows = (
        (
            f"`{key}`",
            code.name,
            code.sentence,
            " ".join(f"{ask.limit} ({ask.source})." for ask in code.asks),
            " ".join(code.steps),
            RESUBMIT[code.resubmit] + (f", within {code.appeal_days} days" if code.appeal_days else ""),
        )
        for key, code in codes.items()
    )
    return table(headings, rows)


def exports() -> str:
    """The words of an address, and the columns of what is exported."""
    says = (
        "One address is one view is one CSV.\n"
        "The page's address, `aexdash worklist`, `aexdash export` and `aexdash fixsheet` take the same words.\n"
        "A word that is not known is left out with a notice on a page, and refused on the command line."
    )
    words = [option for option in command_named(["worklist"]).params if option.multiple]
    return written_page(
        "Exports and addresses",
        says,
        "## Words of an address\n",
        "Several values of one word are separated by commas, or the word is repeated.\n"
        "`as-of` is written `as_of` in an address.\n",
        table(("Word", "Means"), [(f"`{option.opts[0][2:]}`", option.help or "") for option in words]),
        'A value that holds a comma stands in double quotes: `owner="Smith, Jane"`.\n',
        "## Downloads\n",
        "The pages link these addresses; each takes the words above.\n"
        "A store, profile, campaign or code of `only` that does not exist is answered with 404 and one sentence.\n"
        f"Where a word was left out, the header `{NOTES}` says so, percent-encoded, in the words of the page.\n"
        f"What a file does not speak for is said in the header `{CLAIM}`, in its name (`…-not-read-since.csv`), in the "
        "last columns of each row and on a sheet of its own.\n",
        table(("Address", "What it does"), _downloads()),
        "## The file for people\n",
        "UTF-8 with a byte order mark, CRLF, every cell quoted; the words are those of the pages and may change with "
        "them.\nThe workbook has a sheet of all rows, then one a reason.\n",
        table(("Heading", "Kind"), [(one.title, one.kind) for one in COLUMNS]),
        "## Bringing a file back\n",
        f"In a worklist and in a fix sheet {_and(EDITABLE)} may be changed, in any spreadsheet, and brought back with "
        f"`aexdash apply`, or on the worklist under *Bring back*.\n"
        "*Stage* takes to do, taken or fixed; a file makes no snooze. What is filled into a fix sheet stands in "
        "the listing's panel, to be entered in Seller Center: nothing is written to AliExpress.\n"
        f"Leave {PRODUCT_ID}, {STORE}, {EXPORTED_AT} and {ROW_CHECK} as they are; rows may be sorted "
        "and left out, other columns deleted.\n"
        f"A row in which {_and(LOCKED, 'or')} was changed is refused by itself, and so is one whose id lost "
        "digits that cannot be known, or one with a formula whose value the "
        "file does not keep; [why](../decisions/0011-files-that-come-back.md).\n",
        "## The plain form, for scripts\n",
        f"`aexdash export --plain` and `/export.csv?{PLAIN}=1` write the keys below as headings, words as in "
        "addresses, and no mark against formulas: it is not for spreadsheets.\n"
        "UTF-8 without a byte order mark, RFC 4180; no column is renamed, removed or moved, new ones come last.\n",
        table(("Key", "Holds", "Kind"), [(f"`{one.key}`", one.title, one.kind) for one in PLAIN_COLUMNS]),
        "## Kinds\n",
        table(("Kind", "In a CSV for people"), KINDS.items()),
    )


def _and(words: Iterable[str], joint: str = "and") -> str:
    """Write words as a list in a sentence, each in italics."""
    *first, last = (f"*{word}*" for word in words)
    return f"{', '.join(first)} {joint} {last}"


def _downloads() -> Iterator[tuple[str, str]]:
    """The address of every download, with the first sentence of what answers it."""
    for route in routes():
        if Path(route.path).suffix in (".csv", ".xlsx"):
            yield f"`{route.path}`", (route.endpoint.__doc__ or "").partition("\n")[0]


def floors() -> str:
    """The floors of the package, the highest first, as import-linter holds them."""
    lines = [" | ".join(floor) for floor in _floors()]
    return "\n".join(["```text", *lines, "```", ""])


def rooms() -> str:
    """The rooms of the package, as the docstring of each says: what for, what it may know, where to begin reading."""
    rows = ((f"`{room}/`", said["for"], said["May know"], said["Begin at"]) for room, said in map(_room, room_names()))
    return table(("Room", "What for", "May know", "Begin at"), rows)


def room_names() -> list[str]:
    """Every package below aexdash: the highest floor first as the layers say, else by name, inner rooms after outer."""
    found = [str(file.parent.relative_to(PACKAGE)) for file in PACKAGE.rglob("__init__.py") if file.parent != PACKAGE]
    floors = {room: number for number, floor in enumerate(_floors()) for room in floor}
    return sorted(found, key=lambda room: (floors.get(room.partition("/")[0], len(floors)), room))


def _floors() -> list[list[str]]:
    """The layers of the package, the highest first, out of the first contract of pyproject.toml that names any."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = next((one["layers"] for one in tools["importlinter"]["contracts"] if one["type"] == "layers"), [])
    return [[room.strip("() ").removeprefix("aexdash.") for room in re.split("[|:]", layer)] for layer in layers]


def _room(room: str) -> tuple[str, dict[str, str]]:
    """What the docstring of a room says.

    Raises:
        ValueError: it lacks one of its three sentences.
    """
    file = PACKAGE / room / "__init__.py"
    first, _, last = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n\n")
    said = {"for": first.strip()}
    for name in ("May know", "Begin at"):
        found = re.search(rf"^{name}: (.*?)\.$(?=\n[A-Z]|\Z)", last.strip(), re.MULTILINE | re.DOTALL)
        if not found:
            raise ValueError(f"aexdash/{room}/__init__.py lacks a line {name!r}")
        said[name] = " ".join(found[1].split())
    return room, said
