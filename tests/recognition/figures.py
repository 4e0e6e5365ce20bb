"""How well the labelled texts are recognised: figures by family, with the spread that their small number leaves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aexdash.reasons.recognise import Recogniser
from tests.recognition.corpus import Labelled

Z = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True)
class Figures:
    """Right, wrong and missed answers of one family. A listing text with two families counts once for each."""

    family: str
    right: int
    wrong: int
    missed: int

    @property
    def named(self) -> int:
        """How often the recogniser named the family."""
        return self.right + self.wrong

    @property
    def meant(self) -> int:
        """How many texts mean it."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        """Right of named; None when it was never named."""
        return self.right / self.named if self.named else None

    @property
    def recall(self) -> float | None:
        """Right of meant; None when no text means it."""
        return self.right / self.meant if self.meant else None


@dataclass(frozen=True)
class Tally:
    """Codes of some texts: how many they mean, how many were named, how many of these are right.

    `abstained` are the texts in which nothing was recognised. A code named as one of two readings counts like any.
    """

    texts: int
    meant: int
    named: int
    right: int
    abstained: int


def tally(texts: Sequence[Labelled], recogniser: Recogniser) -> Tally:
    """Count what is recognised in some texts, code by code."""
    pairs = [({found.code for found in recogniser.recognise(text.text).found}, set(text.codes)) for text in texts]
    return Tally(
        len(pairs),
        sum(len(meant) for _, meant in pairs),
        sum(len(named) for named, _ in pairs),
        sum(len(named & meant) for named, meant in pairs),
        sum(not named for named, _ in pairs),
    )


def by_family(texts: Iterable[Labelled], recogniser: Recogniser) -> list[Figures]:
    """Figures of every family, the largest first, and of all together under the name `all`."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for labelled in texts:
        named = {found.code.partition(".")[0] for found in recogniser.recognise(labelled.text).found}
        right.update(named & labelled.families)
        wrong.update(named - labelled.families)
        missed.update(labelled.families - named)
    families = sorted({*right, *wrong, *missed}, key=lambda family: (-right[family] - missed[family], family))
    rows = [Figures(family, right[family], wrong[family], missed[family]) for family in families]
    return [*rows, Figures("all", right.total(), wrong.total(), missed.total())]


def codes_right(texts: Sequence[Labelled], recogniser: Recogniser) -> tuple[int, int]:
    """How many codes were named that the text means, of how many named."""
    pairs = [({found.code for found in recogniser.recognise(text.text).found}, set(text.codes)) for text in texts]
    return sum(len(named & meant) for named, meant in pairs), sum(len(named) for named, _ in pairs)


def noise_kept(texts: Sequence[Labelled], recogniser: Recogniser) -> tuple[int, int]:
    """How many of the texts that name no reason stay unrecognised, of how many."""
    noise = [text for text in texts if not text.codes]
    return sum(not recogniser.recognise(text.text).found for text in noise), len(noise)


def languages_right(texts: Sequence[Labelled], recogniser: Recogniser) -> tuple[int, int]:
    """How many texts of one language are told to be in it, of how many."""
    whole = [text for text in texts if text.language != "mixed"]
    return sum(recogniser.recognise(text.text).language == text.language for text in whole), len(whole)


def interval(right: int, of: int) -> tuple[float, float]:
    """The Wilson interval of a share, at 95 %."""
    if not of:
        return 0.0, 1.0
    share = right / of
    spread = Z * math.sqrt(share * (1 - share) / of + Z**2 / (4 * of**2))
    middle, scale = share + Z**2 / (2 * of), 1 + Z**2 / of
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
