"""Print the tables of docs/explanation/recognition.md: `python -m tests.recognition`; with `tune`, slips to learn from.

Slips are shown of the parts `tune` and `learn` alone, so that nobody tunes on the others.
"""

from __future__ import annotations

import sys

from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import load_taxonomy
from tests.recognition import tables
from tests.recognition.corpus import read_refusals, read_texts


def main(*, tune: bool) -> None:
    """Print the figures of the texts held back; to tune, those of the part `tune` and every slip."""
    if tune:
        recogniser = Recogniser(load_taxonomy())
        print(tables.part_table("tune", recogniser))
        slips(recogniser)
    else:
        print(tables.refusals(), tables.parts())


def slips(recogniser: Recogniser) -> None:
    """Every text of the parts `tune` and `learn` whose codes or language were not met."""
    for text in (*read_texts("tune"), *read_refusals("learn")):
        seen = recogniser.recognise(text.text)
        if {found.code for found in seen.found} != set(text.codes) or text.language not in ("mixed", seen.language):
            named = ", ".join(f"{found.code} ({found.phrase!r} {found.score})" for found in seen.found)
            meant = ", ".join(text.codes)
            print(f"{text.language}/{seen.language} {text.text!r}: meant {meant or '-'}, named {named or '-'}")


if __name__ == "__main__":
    main(tune="tune" in sys.argv)
