"""Print the tables of docs/explanation/recognition.md: `python -m tests.recognition`; with `tune`, its slips too."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import load_taxonomy
from tests.recognition.corpus import Labelled, Part, read_texts
from tests.recognition.figures import Figures, by_family, codes_right, interval, languages_right, noise_kept


def main(*parts: Part) -> None:
    """Print the figures of parts; slips are shown for `tune` alone, so that nobody tunes on the others."""
    recogniser = Recogniser(load_taxonomy())
    for part in parts:
        texts = read_texts(part)
        print(f"{len(texts)} invented texts, part `{part}`\n")
        table(texts, recogniser)
    if "tune" in parts:
        slips(recogniser)


def table(texts: Sequence[Labelled], recogniser: Recogniser) -> None:
    """Print the figures of some texts as a Markdown table."""
    print("| family | meant | named | precision | 95 % interval | recall | 95 % interval |")
    print("|---|---|---|---|---|---|---|")
    for figures in by_family(texts, recogniser):
        print(line(figures))
    print()
    for label, (right, of) in (
        ("codes right", codes_right(texts, recogniser)),
        ("texts without a reason left alone", noise_kept(texts, recogniser)),
        ("languages right", languages_right(texts, recogniser)),
    ):
        print(f"- {label}: {right} of {of}")
    print()


def line(figures: Figures) -> str:
    """One row of the table."""
    precision, recall = share(figures.right, figures.named), share(figures.right, figures.meant)
    return f"| {figures.family} | {figures.meant} | {figures.named} | {precision} | {recall} |"


def share(right: int, of: int) -> str:
    """A share and its interval, in two cells."""
    low, high = interval(right, of)
    return f"{right / of:.3f} | {low:.2f}–{high:.2f}" if of else "– | –"


def slips(recogniser: Recogniser) -> None:
    """Every text of the part `tune` whose codes or language were not met."""
    for text in read_texts("tune"):
        seen = recogniser.recognise(text.text)
        if {found.code for found in seen.found} != set(text.codes) or text.language not in ("mixed", seen.language):
            named = ", ".join(f"{found.code} ({found.phrase!r} {found.score})" for found in seen.found)
            meant = ", ".join(text.codes)
            print(f"{text.language}/{seen.language} {text.text!r}: meant {meant or '-'}, named {named or '-'}")


if __name__ == "__main__":
    if "tune" in sys.argv:
        main("tune")
    else:
        main("report", "blind")
