"""A comparison with Seller Center as a file: JSON with everything, Markdown to read, CSV with a row a difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from aexdash.clock import to_text
from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import FOR_PEOPLE, Cell, Column, ExportError, NoSuchExport
from aexdash.reconcile.model import Reconciliation, to_facts
from aexdash.words.reconcile.comparison import (
    KIND_WORDS,
    WHY_WORDS,
    claim_words,
    difference_words,
    heading,
    lines,
    listed_words,
    status_words,
    to_do,
)

COLUMNS = (
    Column("store", "Store", "word"),
    Column("product_id", "Product id", "identifier", 20),
    Column("title", "Title", "text", 40),
    Column("differs", "Differs", "word"),
    Column("there", "In Seller Center", "word"),
    Column("here", "Here", "word"),
    Column("why", "Why", "word", 26),
    Column("sure", "Read or perhaps", "word"),
    Column("explanation", "Explanation", "text", 60),
    Column("to_do", "What to do", "text", 60),
    Column("row", "Row of their list", "number"),
    Column("written", "As written there", "kept", 20),
    Column("listed", "Compared", "word"),
    Column("list_at", "Their list (UTC)", "time", 24),
    Column("read_at", "Our reading (UTC)", "time", 24),
    Column("compared_at", "Compared at (UTC)", "time", 24),
    Column("claim", "What it speaks for", "text", 60),
)

KINDS = (".json", ".md", ".csv")


def csv_result(result: Reconciliation) -> Iterator[bytes]:
    """Write the differences as CSV; where there are none, one row says what the comparison came to."""
    return csv_of(COLUMNS, _rows(result))


def _rows(result: Reconciliation) -> Iterator[tuple[Cell, ...]]:
    claim = claim_words(result)
    about = (listed_words(result.listed), result.at, result.read_at, result.made_at, claim)
    for one in result.differences:
        yield (
            one.store,
            "" if one.product_id is None else str(one.product_id),
            one.title,
            KIND_WORDS[one.kind],
            status_words(one.theirs),
            status_words(one.ours),
            WHY_WORDS[one.reason.why],
            "read" if one.reason.sure else "perhaps",
            difference_words(one),
            to_do(one),
            one.row or None,
            one.written,
            *about,
        )
    if not result.differences:
        yield "", "", heading(result), "", "", "", "", "", "", "", None, "", *about


def facts(result: Reconciliation) -> dict[str, Any]:
    """Return a comparison for scripts: everything, with ids as text, because JSON readers round them."""
    told = to_facts(result)
    for one in (*told["differences"], *((told["list"] or {}).get("rows", ()))):
        one["product_id"] = None if one["product_id"] is None else str(one["product_id"])
    return told | {
        "says": heading(result),
        "differs_by": result.differs_by,
        "speaks_for": claim_words(result),
    }


def markdown(result: Reconciliation, zone: tzinfo = UTC) -> str:
    """Write a comparison for people."""
    told = [f"- {_flat(line)}" if line.startswith("  ") else f"\n{_flat(line)}\n" for line in lines(result, zone)]
    body = "\n".join(told).replace("\n\n\n", "\n\n")
    return f"# Compared with Seller Center\n\nMade {to_text(result.made_at)}.\n{body}\n"


def _flat(line: str) -> str:
    """Put no line break and no Markdown of somebody else's text into a file."""
    text = " ".join(line.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in text)


def save(file: Path, content: bytes) -> None:
    """Write what `content_of` returned to a file.

    Raises:
        ExportError: it cannot be written.
    """
    try:
        file.write_bytes(content)
        file.chmod(FOR_PEOPLE)
    except OSError as error:
        raise ExportError(f"{file} cannot be written: {error.strerror}.") from error


def content_of(suffix: str, result: Reconciliation, zone: tzinfo = UTC) -> bytes:
    """Return a comparison as the content of a file with an ending.

    Raises:
        NoSuchExport: there is no such form of it.
    """
    match suffix.lower():
        case ".json":
            return f"{json.dumps(facts(result), ensure_ascii=False, indent=1)}\n".encode()
        case ".md":
            return markdown(result, zone).encode()
        case ".csv":
            return b"".join(csv_result(result))
        case _:
            raise _no_such(suffix)


def refuse_ending(suffix: str) -> None:
    """Refuse an ending that there is no form for, before anything is kept.

    Raises:
        NoSuchExport: there is none.
    """
    if suffix.lower() not in KINDS:
        raise _no_such(suffix)


def _no_such(suffix: str) -> NoSuchExport:
    return NoSuchExport(f"{suffix or 'No ending'} is none of {', '.join(KINDS)}: name a file that ends so.")
