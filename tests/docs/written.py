"""What of the docs is written from the code: whole pages of docs/reference, and parts between two marks.

A program of our own and not cogapp: nearly all of it is whole pages, so Python inside Markdown, which neither ruff nor
mypy reads, would be used for one table; what is left of cogapp is `filled`, seven lines and one dependency less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from aexdash.cards import CARDS
from aexdash.cards.reference_page import page as card_page
from aexdash.doctor.examining import LOOKED_AT
from aexdash.doctor.finding import CONDITIONS
from aexdash.exports.worklist.plain import COLUMNS as PLAIN_COLUMNS
from aexdash.exports.worklist.worklist import COLUMNS
from aexdash.reasons.taxonomy import Code, load_taxonomy
from aexdash.sources.round_trip import EDITABLE, EXPORTED_AT, LOCKED, PRODUCT_ID, ROW_CHECK, STORE
from aexdash.supervision.metrics import GAUGES, HELP
from aexdash.ui.doors.asked import CLAIM, NOTES, PLAIN
from aexdash.ui.doors.routes import routes
from aexdash.ui.frame import nav
from aexdash.ui.worklist.keys import KEYS, SNOOZES, for_which
from aexdash.words.guides import GUIDES
from aexdash.words.guides import markdown as guide_markdown
from tests.docs.of_commands import command_named, commands, exit_codes, short_commands
from tests.docs.of_house import floors, rooms
from tests.docs.of_questions import questions_asked, questions_blind, questions_fresh, words_of_questions
from tests.docs.of_settings import settings
from tests.docs.writing import filled, table, written_page
from tests.recognition.tables import parts, refusals

RECOGNITION = "docs/explanation/recognition.md"
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
