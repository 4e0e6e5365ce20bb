"""The quality score of a listing: 0-100, from five parts whose weights and sources are listed in `PARTS`.

A part is made of marks. Each is worth some points, all of them together 100; a mark is earned whole or in part, and
one that cannot be measured counts neither way: the score is the share of the points that could be measured. No public
text says how listings are scored (reference cards.md §2), so the weights are ours: pictures and attributes, for which
reviews refuse most, weigh more than half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from aexdash import checks
from aexdash.checks import CheckInput
from aexdash.model import ListingQuality, Reason
from aexdash.platform_data import Detail, PictureFacts

PICTURES_WANTED = 5
TITLE_WANTED = 40
TEXT_WANTED = 300
DESCRIPTION_PICTURES_WANTED = 3
LONGEST_SKU_CODE = 20

OURS = "ours"
FIELDS = "reference §5.3"


@dataclass(frozen=True, slots=True)
class MeasuredListing:
    """What is known of a listing whose detail was read; `found` are the codes of what our checks find on it."""

    facts: CheckInput
    detail: Detail
    found: frozenset[str]


@dataclass(frozen=True, slots=True)
class Earned:
    """How much of a mark is earned, from 0 to 1, and what was measured, in a few words."""

    share: float
    measured: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion: its points, what earns them all, the source of that, and how to earn them.

    `measure` returns None where it cannot be measured.
    """

    points: int
    full: str
    source: str
    advice: str
    measure: Callable[[MeasuredListing], Earned | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the score, named in one word for columns and in a few for pages."""

    key: str
    name: str
    marks: tuple[Mark, ...]

    @property
    def weight(self) -> int:
        """The points of its marks, of 100."""
        return sum(mark.points for mark in self.marks)

    @property
    def full(self) -> str:
        """What gives full marks, in one sentence."""
        return f"{'; '.join(mark.full for mark in self.marks)}."


def score(facts: CheckInput, found: Iterable[Reason] | None = None) -> ListingQuality | None:
    """Score a listing; None while its detail is not known. `found` are the findings of our checks, if at hand.

    Score and parts are rounded to one decimal.
    """
    if facts.detail is None:
        return None
    reasons = checks.check_listing(facts) if found is None else found
    known = MeasuredListing(facts, facts.detail, frozenset(reason.code for reason in reasons))
    earned = [(part, mark, told) for part in PARTS for mark in part.marks if (told := mark.measure(known))]
    if not earned:
        return None
    required, filled = checks.filled_attributes(facts, required=True) or (None, None)
    return ListingQuality(
        score=_of_100(earned),
        parts={part.key: _of_100(own) if (own := _of(part, earned)) else None for part in PARTS},
        required=required,
        filled=filled,
        worst=_worst(earned),
    )


_Marked = tuple[Part, Mark, Earned]


def _of(part: Part, earned: list[_Marked]) -> list[_Marked]:
    return [each for each in earned if each[0] is part]


def _of_100(earned: list[_Marked]) -> float:
    points = sum(mark.points * told.share for _, mark, told in earned)
    return round(100 * points / sum(mark.points for _, mark, _ in earned), 1)


def _worst(earned: list[_Marked]) -> str:
    """Name the mark on which the score loses most; the first of several."""
    part, mark, told = max(earned, key=lambda each: each[1].points * (1 - each[2].share))
    gain = 100 * mark.points * (1 - told.share) / sum(mark.points for _, mark, _ in earned)
    now = f" ({told.measured})" if told.measured else ""
    return f"{part.name}: {mark.advice}{now}, which adds {gain:.1f} points." if gain >= 0.05 else ""


def most_to_gain(parts: Mapping[str, float | None]) -> tuple[Part, float] | None:
    """Name the part that would raise a score most, also the mean of a store, and the points that it could add.

    None where nothing is known or nothing could be added.
    """
    known = [(part, value) for part in PARTS if (value := parts.get(part.key)) is not None]
    whole = sum(part.weight for part, _ in known)
    gains = [(part, part.weight * (100 - value) / whole) for part, value in known if value < 100]
    return max(gains, key=lambda gain: gain[1], default=None)


def _so_far(have: float, want: float, measured: str) -> Earned:
    """Return the share of a mark: `have` of `want`, at most 1."""
    return Earned(min(max(have, 0) / want, 1.0), measured)


def _unless(known: MeasuredListing, *codes: str) -> Earned:
    """Return a full mark, or none when our checks have one of these findings."""
    return Earned(0.0 if known.found.intersection(codes) else 1.0)


def _main_picture(known: MeasuredListing) -> PictureFacts | None:
    urls = checks.gallery(known.facts)
    return known.facts.pictures.get(urls[0]) if urls else None


def _main_size(known: MeasuredListing) -> Earned | None:
    """Its smaller side against the smallest that is recommended; a picture that cannot be had earns nothing."""
    if "image.none" in known.found:
        return Earned(0.0, "none now")
    main = _main_picture(known)
    if main and main.state in checks.NOT_HAD:
        return Earned(0.0, "it cannot be fetched now")
    if main is None or not main.width or not main.height:
        return None
    return _so_far(min(main.width, main.height), checks.SMALLEST_SIDE, f"{main.width} × {main.height} now")


def _main_shape(known: MeasuredListing) -> Earned | None:
    main = _main_picture(known)
    if main is None or not main.width or not main.height:
        return None
    return _unless(known, "image.ratio", "image.format")


def _number_of_pictures(known: MeasuredListing) -> Earned | None:
    """The number of pictures; not measured while the detail is older than the main picture."""
    urls = known.detail.image_urls
    if checks.gallery(known.facts) != urls:
        return None
    return _so_far(len(urls), PICTURES_WANTED, f"{len(urls)} now")


def _other_pictures(known: MeasuredListing) -> Earned | None:
    others = [known.facts.pictures.get(url) for url in checks.gallery(known.facts)[1:]]
    sides = [min(each.width, each.height) for each in others if each and each.width and each.height]
    if not sides:
        return None
    large = sum(side >= checks.SMALLEST_SIDE for side in sides)
    return _so_far(large, len(sides), f"{large} of {len(sides)} now")


def _required(known: MeasuredListing) -> Earned | None:
    """How many of the required attributes are filled; where none is required, none is missing."""
    asked = checks.filled_attributes(known.facts, required=True)
    if asked is None:
        return None
    required, filled = asked
    return _so_far(filled, required, f"{filled} of {required} now") if required else Earned(1.0)


def _optional(known: MeasuredListing) -> Earned | None:
    """Half of the attributes that are offered beside the required ones: no goods have all of them."""
    offered, filled = checks.filled_attributes(known.facts, required=False) or (0, 0)
    return _so_far(2 * filled, offered, f"{filled} of {offered} now") if offered else None


def _picked(known: MeasuredListing) -> Earned | None:
    return _unless(known, "attribute.value_not_allowed") if known.facts.category else None


def _title_length(known: MeasuredListing) -> Earned:
    """The characters of the main title; one that is longer than the platform takes earns nothing."""
    written = checks.written_titles(known.facts)
    length = len(written[0].strip()) if written else 0
    if "title.too_long" in known.found:
        return Earned(0.0, "too long now")
    return _so_far(length, TITLE_WANTED, f"{length} now")


def _title_letters(known: MeasuredListing) -> Earned:
    return _unless(known, "title.empty", "title.characters", "title.repeated_words")


def _title_words(known: MeasuredListing) -> Earned | None:
    return None if known.facts.words is None else _unless(known, *checks.OBJECTED.values())


def _description_text(known: MeasuredListing) -> Earned | None:
    chars = known.detail.description_chars
    return None if chars is None else _so_far(chars, TEXT_WANTED, f"{chars:,} now")


def _description_pictures(known: MeasuredListing) -> Earned | None:
    pictures = known.detail.description_pictures
    return None if pictures is None else _so_far(pictures, DESCRIPTION_PICTURES_WANTED, f"{pictures:,} now")


def _sku_codes(known: MeasuredListing) -> Earned | None:
    skus = known.detail.skus
    coded = sum(0 < len(sku.code.strip()) <= LONGEST_SKU_CODE for sku in skus)
    return _so_far(coded, len(skus), f"{coded} of {len(skus)} now") if skus else None


def _sku_prices(known: MeasuredListing) -> Earned | None:
    skus = known.detail.skus
    priced = 0 if "price.out_of_range" in known.found else sum(bool((sku.price or "").strip()) for sku in skus)
    return _so_far(priced, len(skus), f"{priced} of {len(skus)} now") if skus else None


def _sku_stock(known: MeasuredListing) -> Earned | None:
    told = [sku.stock for sku in known.detail.skus if sku.stock is not None]
    left = sum(stock > 0 for stock in told)
    return _so_far(left, len(told), f"{left} of {len(told)} now") if told else None


PARTS = (
    Part(
        "pictures",
        "Pictures",
        (
            Mark(
                10,
                "the main picture is at least 800 px wide and high",
                FIELDS,
                "make the main picture at least 800 px wide and high",
                _main_size,
            ),
            Mark(
                4,
                "it is a JPEG or PNG of a shape between 1:1 and 1:1.3",
                FIELDS,
                "make the main picture a JPEG or PNG between 1:1 and 1:1.3",
                _main_shape,
            ),
            Mark(
                10,
                "there are at least 5 pictures",
                f"{OURS}: 6 are taken ({FIELDS}), and five show goods from all sides",
                "show at least 5 pictures",
                _number_of_pictures,
            ),
            Mark(
                6,
                "every other picture is as large",
                FIELDS,
                "make the other pictures at least 800 px wide and high",
                _other_pictures,
            ),
        ),
    ),
    Part(
        "attributes",
        "Attributes",
        (
            Mark(
                16,
                "every attribute that the category requires is filled",
                "reference §4.8",
                "fill the required attributes",
                _required,
            ),
            Mark(
                6,
                "half of its other attributes are filled",
                f"{OURS}: buyers filter by them, and no goods have all",
                "fill half of the other attributes",
                _optional,
            ),
            Mark(
                3,
                "values are picked where the category has a list",
                "reference §4.8",
                "pick values from the category's lists",
                _picked,
            ),
        ),
    ),
    Part(
        "title",
        "Title",
        (
            Mark(
                6,
                "it has at least 40 characters and no more than AliExpress takes",
                f"the most: {FIELDS}; the least is {OURS}: brand, goods and two properties need as many",
                "write at least 40 characters, within what AliExpress takes",
                _title_length,
            ),
            Mark(
                5,
                "it has no characters that are refused and no word three times",
                f"characters: {FIELDS}; words: {OURS}",
                "take out refused characters and repeated words",
                _title_letters,
            ),
            Mark(
                4,
                "AliExpress objects to none of its words",
                "reference §4.5",
                "take out the words to which AliExpress objects",
                _title_words,
            ),
        ),
    ),
    Part(
        "description",
        "Description",
        (
            Mark(
                9,
                "it has at least 300 characters of text",
                f"{OURS}: three or four sentences",
                "write at least 300 characters of text",
                _description_text,
            ),
            Mark(
                6,
                "it has at least 3 pictures",
                f"{OURS}: the goods, a close view, the goods in use",
                "show at least 3 pictures in the description",
                _description_pictures,
            ),
        ),
    ),
    Part(
        "skus",
        "SKU data",
        (
            Mark(
                6,
                "every SKU has a code of at most 20 characters",
                f"the length: {FIELDS}; that there is one is {OURS}: feeds and stock are joined by it",
                "give every SKU a code of at most 20 characters",
                _sku_codes,
            ),
            Mark(
                4, "every SKU has a price that AliExpress takes", FIELDS, "give every SKU a price in range", _sku_prices
            ),
            Mark(
                5,
                "every SKU has stock",
                f"{OURS}: a choice that cannot be bought sends buyers away",
                "restock the SKUs with nothing left, or remove them",
                _sku_stock,
            ),
        ),
    ),
)
"""The five parts; their weights are the sums of the points of their marks: 30, 25, 15, 15, 15."""
