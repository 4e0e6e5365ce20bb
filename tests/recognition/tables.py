"""The tables of docs/explanation/recognition.md as Markdown; `make docs` writes them: they are what the code does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import LANGUAGES, load_taxonomy
from tests.recognition.corpus import Labelled, Part, read_refusals, read_texts
from tests.recognition.figures import (
    Tally,
    by_family,
    codes_right,
    interval,
    languages_right,
    noise_kept,
    tally,
)

PARTS: tuple[Part, ...] = ("learn", "held", "fresh")

BEFORE: Mapping[str, Tally] = {
    "en": Tally(55, 44, 40, 29, 23),
    "zh": Tally(50, 39, 26, 21, 26),
    "ru": Tally(50, 39, 34, 23, 24),
    "es": Tally(50, 39, 25, 19, 28),
    "pt": Tally(49, 37, 21, 18, 30),
    "fr": Tally(49, 37, 5, 5, 44),
    "de": Tally(49, 37, 1, 1, 48),
    "tr": Tally(49, 37, 2, 0, 47),
    "ko": Tally(49, 37, 0, 0, 49),
    "learn": Tally(227, 182, 88, 67, 153),
    "held": Tally(150, 117, 43, 32, 113),
    "fresh": Tally(73, 47, 23, 17, 53),
    "all": Tally(450, 346, 154, 116, 319),
}
"""What the recogniser made of refusals.toml before it read texts by their language, measured once."""


def refusals() -> str:
    """The refusals by language and by part: before and now."""
    recogniser = Recogniser(load_taxonomy())
    headings = "| | texts | reasons meant | named | right | precision | recall | abstained |"
    lines = [headings, "|---|---|---|---|---|---|---|---|"]
    for name, texts in _groups():
        lines += [_row(f"{name}, before", BEFORE[name]), _row(f"**{name}**, now", tally(texts, recogniser))]
    return "\n".join(["", *lines, "", ""])


def parts() -> str:
    """The figures by family of the texts of texts.toml that were held back."""
    recogniser = Recogniser(load_taxonomy())
    return "".join(f"\n{part_table(part, recogniser)}\n" for part in ("report", "blind"))


def part_table(part: Part, recogniser: Recogniser) -> str:
    """The figures of one part of texts.toml by family."""
    texts = read_texts(part)
    lines = [
        f"{len(texts)} invented texts, part `{part}`\n",
        "| family | meant | named | precision | 95 % interval | recall | 95 % interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for figures in by_family(texts, recogniser):
        precision, recall = _share(figures.right, figures.named), _share(figures.right, figures.meant)
        lines.append(f"| {figures.family} | {figures.meant} | {figures.named} | {precision} | {recall} |")
    for label, (right, of) in (
        ("\n- codes right", codes_right(texts, recogniser)),
        ("- texts without a reason left alone", noise_kept(texts, recogniser)),
        ("- languages right", languages_right(texts, recogniser)),
    ):
        lines.append(f"{label}: {right} of {of}")
    return "\n".join([*lines, ""])


def _groups() -> Iterator[tuple[str, Sequence[Labelled]]]:
    every = read_refusals()
    yield from ((language, [text for text in every if text.language == language]) for language in LANGUAGES)
    yield from ((part, read_refusals(part)) for part in PARTS)
    yield "all", every


def _row(name: str, found: Tally) -> str:
    precision = f"{found.right / found.named:.3f}" if found.named else "–"
    recall = f"{found.right / found.meant:.3f}"
    counts = f"{found.texts} | {found.meant} | {found.named} | {found.right}"
    return f"| {name} | {counts} | {precision} | {recall} | {found.abstained} |"


def _share(right: int, of: int) -> str:
    low, high = interval(right, of)
    return f"{right / of:.3f} | {low:.2f}–{high:.2f}" if of else "– | –"
