"""Flaws of listings on sale that no review has found yet: what a careful desk finds before the platform does.

They depend on the seed alone and never end; nothing else happens to the listings that have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import cycle

from aexdash.demo.world.catalogue import BRAND, CATEGORIES, CATEGORY_BY_ID, Category
from aexdash.demo.world.factory import category_of, make_facts
from aexdash.demo.world.listing import WITHOUT_EU_PERSON, Edit, ListingFacts, Picture, edited, with_words
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.objectionable_words import BRANDED, PROHIBITED

FLAWED_SHARE = 0.03
"""Share of the listings on sale that have a flaw."""

LONGEST_TITLE = 218


class Flaw(StrEnum):
    """What is wrong with a listing; the last three are two listings each, the second a copy of the first."""

    PICTURE_SMALL = "picture_small"
    PICTURE_RATIO = "picture_ratio"
    BRAND_MISSING = "brand_missing"
    ATTRIBUTE_MISSING = "attribute_missing"
    VALUE_NOT_ALLOWED = "value_not_allowed"
    BANNED_WORD = "banned_word"
    BRAND_WORD = "brand_word"
    TITLE_TOO_LONG = "title_too_long"
    EU_PERSON_MISSING = "eu_person_missing"
    CERTIFICATE_MISSING = "certificate_missing"
    TOO_HEAVY = "too_heavy"
    SAME_TITLE = "same_title"
    SAME_PICTURE = "same_picture"
    COPIED_PICTURE = "copied_picture"


_PAIRED = (Flaw.SAME_TITLE, Flaw.SAME_PICTURE, Flaw.COPIED_PICTURE)
_ORDER = (
    Flaw.PICTURE_SMALL, Flaw.ATTRIBUTE_MISSING, Flaw.SAME_TITLE, Flaw.BRAND_WORD, Flaw.EU_PERSON_MISSING,
    Flaw.BRAND_MISSING, Flaw.TITLE_TOO_LONG, Flaw.PICTURE_SMALL, Flaw.SAME_PICTURE, Flaw.BANNED_WORD,
    Flaw.VALUE_NOT_ALLOWED, Flaw.ATTRIBUTE_MISSING, Flaw.CERTIFICATE_MISSING, Flaw.PICTURE_RATIO, Flaw.COPIED_PICTURE,
    Flaw.PICTURE_SMALL, Flaw.EU_PERSON_MISSING, Flaw.TOO_HEAVY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flawed:
    """The flaw of one listing; `copy_of` is the ordinal of the listing it repeats, None for that one itself."""

    flaw: Flaw
    copy_of: int | None = None


def share_out(seed: int, ordinals: Sequence[int]) -> dict[int, Flawed]:
    """Give each of these listings a flaw; the last one stays without if half a pair is all that is left."""
    flaws: dict[int, Flawed] = {}
    left = list(reversed(ordinals))
    for flaw in cycle(_ORDER):
        if not left:
            return flaws
        ordinal = left.pop()
        if flaw in _PAIRED:
            if left:
                flaws[ordinal], flaws[left.pop()] = Flawed(flaw), Flawed(flaw, ordinal)
        else:
            flaws[ordinal] = Flawed(_fitting(flaw, category_of(seed, ordinal)))
    return flaws


def _fitting(flaw: Flaw, category: Category) -> Flaw:
    """A category that does not ask for something cannot miss it."""
    if flaw is Flaw.CERTIFICATE_MISSING and not category.certificates():
        flaw = Flaw.EU_PERSON_MISSING
    return Flaw.BRAND_MISSING if flaw is Flaw.EU_PERSON_MISSING and not category.eu_person_needed else flaw


def flawed_facts(seed: int, ordinal: int, flawed: Flawed) -> ListingFacts:
    """Return the facts of a listing with its flaw."""
    if flawed.copy_of is not None:
        return _copy(seed, ordinal, flawed.copy_of, flawed.flaw)
    facts, bits = make_facts(seed, ordinal), mix(seed, ordinal, 41)
    return facts if flawed.flaw in _PAIRED else _spoiled(facts, flawed.flaw, bits)


def flawless_facts(seed: int, ordinal: int, flawed: Flawed | None) -> ListingFacts:
    """Return the facts of a listing without its flaw; one that repeats another stays in the category of that."""
    copied = None if flawed is None or flawed.copy_of is None else category_of(seed, flawed.copy_of)
    return make_facts(seed, ordinal, copied)


def _spoiled(facts: ListingFacts, flaw: Flaw, bits: int) -> ListingFacts:
    match flaw:
        case Flaw.VALUE_NOT_ALLOWED:
            return _with_own_value(facts)
        case Flaw.TITLE_TOO_LONG:
            return with_words(facts, _many_words(facts))
        case Flaw.TOO_HEAVY:
            return replace(facts, weight="620.000")
        case _:
            return edited(facts, _edit(flaw, CATEGORY_BY_ID[facts.category_id], bits))


def _edit(flaw: Flaw, category: Category, bits: int) -> Edit:
    side = (480, 600, 640, 720)[bits % 4]
    names = [each.english for each in category.required_attributes() if each is not BRAND]
    edits = {
        Flaw.PICTURE_SMALL: Edit(main=Picture(1, side, side)),
        Flaw.PICTURE_RATIO: Edit(main=Picture(1, 1600, 838)),
        Flaw.BRAND_MISSING: Edit(dropped=(BRAND.english,)),
        Flaw.ATTRIBUTE_MISSING: Edit(dropped=(names[bits % len(names)],)),
        Flaw.BANNED_WORD: Edit(added_words=PROHIBITED[bits % len(PROHIBITED)]),
        Flaw.BRAND_WORD: Edit(added_words=BRANDED[bits % len(BRANDED)]),
        Flaw.EU_PERSON_MISSING: Edit(withdrawn=(WITHOUT_EU_PERSON,)),
        Flaw.CERTIFICATE_MISSING: Edit(withdrawn=category.certificates()[:1]),
    }
    return edits[flaw]


def _with_own_value(facts: ListingFacts) -> ListingFacts:
    """Let the place of origin be one that is not among the values to choose from."""
    written = tuple(
        replace(each, value_id=4, value="Atlantis") if each.name == "Origin" else each for each in facts.attributes
    )
    return replace(facts, attributes=written)


def _many_words(facts: ListingFacts) -> str:
    """Return search words, each once, that make every title of the listing longer than any store may have it."""
    shortest = min(len(title) for title in facts.titles.values())
    used = {word for title in facts.titles.values() for word in title.casefold().split()}
    words: list[str] = []
    for word in (word for each in CATEGORIES for qualifier in each.qualifiers for word in qualifier.split()):
        if shortest + len(" ".join(words)) > LONGEST_TITLE:
            break
        if word.casefold() not in used:
            words.append(word)
            used.add(word.casefold())
    return " ".join(words)


def _copy(seed: int, ordinal: int, original: int, flaw: Flaw) -> ListingFacts:
    """Return a listing that repeats the title or the main picture of another one of the same category."""
    first = make_facts(seed, original)
    facts = make_facts(seed, ordinal, CATEGORY_BY_ID[first.category_id])
    if flaw is Flaw.SAME_TITLE:
        return replace(facts, title=first.title, titles=first.titles, attributes=first.attributes)
    version = 2 if flaw is Flaw.COPIED_PICTURE else 0
    main = replace(first.pictures[0], of=first.product_id, version=version)
    return replace(facts, pictures=(main, *facts.pictures[1:]))
