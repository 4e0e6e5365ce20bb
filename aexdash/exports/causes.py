"""A report on what goes with a movement, as a file: JSON with everything, Markdown to read, CSV of the listings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path

from aexdash.causes.report import Report, to_json
from aexdash.clock import to_text
from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import FOR_PEOPLE, Cell, Column, ExportError
from aexdash.words.causes import Label, parts_words, report_lines

COLUMNS = (
    Column("finding", "Finding", "number"),
    Column("goes_with", "Goes with", "text"),
    Column("store", "Store", "word"),
    Column("product_id", "Product id", "identifier"),
    Column("is", "Is", "word"),
    Column("made_at", "Examined (UTC)", "time"),
)

KINDS = (".json", ".md", ".csv")


def csv_report(report: Report, label: Label = str) -> Iterator[bytes]:
    """Write the listings of each finding as CSV: those that moved, and those on sale that share it."""
    return csv_of(COLUMNS, _lines(report, label))


def _lines(report: Report, label: Label) -> Iterator[tuple[Cell, ...]]:
    for number, finding in enumerate(report.findings, 1):
        words = parts_words(finding.found.slice.parts, label)
        on_sale = "at risk" if finding.is_mendable else "on sale"
        for which, keys in (("moved", finding.moved), (on_sale, finding.at_risk)):
            for store, product_id in keys:
                yield number, words, store, str(product_id), which, report.made_at


def markdown(report: Report, zone: tzinfo = UTC, label: Label = str) -> str:
    """Write a report for people; `label` names a reason by its code."""
    lines = [
        f"- {_flat(line)}" if line.startswith("  ") else f"\n{_flat(line)}\n"
        for line in report_lines(report, zone, label)
    ]
    return f"# What goes with it\n\nExamined {to_text(report.made_at)}.\n" + "\n".join(lines).replace("\n\n\n", "\n\n")


def _flat(line: str) -> str:
    """Put no line break and no Markdown of somebody else's text into a file."""
    text = " ".join(line.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in text)


def refuse_ending(file: Path) -> None:
    """Refuse a file whose ending there is no form for, before anything is kept.

    Raises:
        ExportError: there is none.
    """
    if file.suffix not in KINDS:
        raise ExportError(f"{file} is neither a {KINDS[0]}, a {KINDS[1]} nor a {KINDS[2]}; name a file that ends so.")


def save(file: Path, report: Report, zone: tzinfo = UTC, label: Label = str) -> None:
    """Write a report to a file, by its ending.

    Raises:
        ExportError: the file has another ending, or cannot be written.
    """
    refuse_ending(file)
    match file.suffix:
        case ".json":
            content = f"{to_json(report)}\n".encode()
        case ".md":
            content = markdown(report, zone, label).encode()
        case _:
            content = b"".join(csv_report(report, label))
    try:
        file.write_bytes(content)
        file.chmod(FOR_PEOPLE)
    except OSError as error:
        raise ExportError(f"{file} cannot be written: {error.strerror}.") from error
