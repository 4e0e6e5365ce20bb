"""An answer as lines of text: for a terminal, and for what is copied out of a page."""

from __future__ import annotations

from collections.abc import Iterator

from aexdash.ask.answer import Answer, Refusal


def lines_of(answer: Answer) -> Iterator[str]:
    """Yield an answer line by line: the sentence, its statement, its parts, and what was read as what."""
    yield answer.sentence
    yield answer.statement
    for changed in answer.changed:
        yield f"  changed {changed}"
    if (other := answer.compared) is not None:
        told = f"{other.text} {other.when}".strip()
        yield f"Before: {told}{f', {other.change}' if other.change else ''}{f' ({other.note})' if other.note else ''}."
    yield from answer.lines
    for row in answer.rows:
        number = "" if row.number is None and row.title else f"{row.text:>8}  " if not row.title else ""
        yield f"  {number}{row.name}{f'  {row.title}' if row.title else ''}{f'  {row.text}' if row.title else ''}"
    if answer.more > 0:
        yield f"  and {answer.more:,} more"
    if answer.rows_note:
        yield answer.rows_note
    if answer.meaning:
        yield f"Read as: {answer.meaning}"
    for one in answer.read:
        yield f"  “{one.words}” = {one.meaning}"
    if answer.ignored:
        yield f"  ignored: {', '.join(answer.ignored)}"
    if answer.link:
        yield f"Page: {answer.link}"


def refusal_lines(refusal: Refusal) -> Iterator[str]:
    """Yield a refusal: the sentence, and what can be asked instead as it is typed."""
    yield refusal.sentence
    for choice in refusal.choices:
        yield f"  {choice.words}{f'  ({choice.meaning})' if choice.meaning else ''}"
