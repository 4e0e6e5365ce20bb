"""Makes the facts of a listing: title, pictures, attributes, SKUs, description. A pure function of (seed, ordinal).

The facts have no flaws: titles are unique and repeat no word, pictures are large, everything that the category
requires is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from random import Random

from aexdash.demo.world.catalogue import (
    ATTRIBUTES,
    BRAND,
    BRANDS,
    CATEGORIES,
    TAILS_EN,
    TAILS_ES,
    TAILS_RU,
    AttributeDef,
    Category,
)
from aexdash.demo.world.listing import Attribute, ListingFacts, Picture, SkuFacts
from aexdash.demo.world.mixing import mix, product_id

LOCALES = ("en_US", "ru_RU", "es_ES")
DESCRIPTION_SENTENCES = (
    "Made of materials that were chosen for daily use and tested before they leave our workshop.",
    "Please allow a difference of one to three centimetres, because it is measured by hand.",
    "Colours may look slightly different on your screen than they do in daylight.",
    "Packed in a firm box that keeps its contents safe on a long journey.",
    "Easy to clean with a soft cloth; do not use hot water or strong detergents.",
    "If anything is missing or arrives broken, write to us first and we will find a way.",
    "A good present for birthdays, holidays and everybody who has moved into a new home.",
)

DESCRIPTION_LENGTHS = (0, 1, 2, 3, 4, 4, 5, 5, 6, 7)
"""Sentences that each of ten sellers writes; one in five of those who write none leaves the description empty."""

DESCRIPTION_PICTURES = (0, 1, 2, 3, 3, 4, 4, 5)

_SEWN = ("dress", "shirt", "strap")
_SIZES = ((1000, 1000), (1000, 1000), (1000, 1000), (1200, 1200), (1100, 1100), (1000, 1300))
_MODELS, _MODEL_STEP = 99_991, 37_511


def category_of(seed: int, ordinal: int) -> Category:
    """Return the category a listing was made in; the first thirty listings are of thirty categories."""
    if ordinal < len(CATEGORIES):
        return CATEGORIES[ordinal]
    spread = mix(seed, ordinal, 17) % 1000  # squared: some categories are large, some small, as in a real store
    return CATEGORIES[spread * spread * len(CATEGORIES) // 1_000_000]


def make_facts(seed: int, ordinal: int, category: Category | None = None) -> ListingFacts:
    """Return the listing's facts as the seller first wrote them; `category` puts it in another one than its own."""
    chance = Random(mix(seed, ordinal))
    kind = category or category_of(seed, ordinal)
    brand = chance.choice(BRANDS)
    titles = _titles(chance, kind, brand, ordinal)
    main_locale = chance.choices(LOCALES, weights=(84, 8, 8))[0]
    return ListingFacts(
        product_id=product_id(seed, ordinal),
        category_id=kind.category_id,
        title=titles[main_locale],
        titles=titles,
        pictures=_pictures(chance),
        attributes=_attributes(chance, kind, brand),
        skus=_skus(chance, kind, brand, seed, ordinal),
        shape=kind.shape,
        group_id=512_000_000 + chance.randrange(9) if chance.random() < 0.6 else None,
        freight_template_id=chance.choice((1000, 700_412_388, 50_128_804_291, -2)),
        source=chance.choices(("isv", "tdx"), weights=(9, 1))[0],
        weight=f"{chance.randint(40, 2400) / 1000:.3f}",
        sides=(chance.randint(12, 60), chance.randint(8, 40), chance.randint(2, 20)),
        qualifications=kind.certificates(),
    )


def _titles(chance: Random, category: Category, brand: str, ordinal: int) -> dict[str, str]:
    """Write the title in three languages; the model number, of which each listing has its own, makes it unique."""
    english, russian, spanish = category.noun
    model = f"{brand[0]}{ordinal * _MODEL_STEP % _MODELS:05d}"
    qualifiers = list(category.qualifiers)
    chance.shuffle(qualifiers)
    first, second, third = _fresh(qualifiers, f"{brand} {english}")[:3]
    known = f"{brand} {model} {first} {english} {second} {third}"
    return {
        "en_US": f"{known} {_fresh_tail(chance, TAILS_EN, known)}",
        "ru_RU": f"{russian} {brand} {model} {first}, {_fresh_tail(chance, TAILS_RU, f'{russian} {brand} {first}')}",
        "es_ES": f"{spanish} {brand} {model} {second}, {_fresh_tail(chance, TAILS_ES, f'{spanish} {brand} {second}')}",
    }


def _fresh(phrases: Sequence[str], text: str) -> list[str]:
    """Return the phrases, less those with a word that the text or an earlier one has."""
    used, fresh = set(_words(text)), []
    for phrase in phrases:
        words = set(_words(phrase))
        if not words & used:
            fresh.append(phrase)
            used |= words
    return fresh


def _fresh_tail(chance: Random, tails: Sequence[str], text: str) -> str:
    used = set(_words(text))
    return chance.choice([tail for tail in tails if not set(_words(tail)) & used])


def _words(text: str) -> list[str]:
    return text.casefold().replace("-", " ").split()


def _pictures(chance: Random) -> tuple[Picture, ...]:
    extension = "png" if chance.random() < 0.08 else "jpg"
    width, height = chance.choice(_SIZES)
    return tuple(Picture(number, width, height, extension) for number in range(1, chance.randint(1, 6) + 1))


def _attributes(chance: Random, category: Category, brand: str) -> tuple[Attribute, ...]:
    required = category.required_attributes()
    optional = [each for each in category.attributes()[len(required) :] if chance.random() < 0.7]
    return tuple(_filled(chance, each, brand, category.shape) for each in (*required, *optional))


def _filled(chance: Random, definition: AttributeDef, brand: str, shape: str) -> Attribute:
    if definition is BRAND:
        value = brand
    elif definition is ATTRIBUTES["material"] and shape in _SEWN:
        value = chance.choice(("Cotton", "Polyester"))
    elif definition.values:
        value = chance.choice(definition.values)
    else:
        value = f"{brand[:3].upper()}-{chance.randrange(100, 9999)}"
    return Attribute(definition.attribute_id, definition.english, definition.value_id(value), value)


def _skus(chance: Random, category: Category, brand: str, seed: int, ordinal: int) -> tuple[SkuFacts, ...]:
    """Write one SKU a value of the axis."""
    low, high = category.cents
    cents = chance.randint(low, high)
    axis = category.axis
    return tuple(
        SkuFacts(
            sku_id=f"{axis.attribute_id}:{axis.value_id(value)}",
            code=f"{brand[:3].upper()}-{ordinal:05d}-{value[:3].upper()}",
            price=f"{(cents + step * (cents // 12)) / 100:.2f}",
            stock=chance.randrange(0, 400) * _has_stock(seed, ordinal, step),
            axis_id=axis.attribute_id,
            value_id=axis.value_id(value),
            value=value,
        )
        for step, value in enumerate(sorted(chance.sample(axis.values, chance.randint(1, 4))))
    )


def _has_stock(seed: int, ordinal: int, step: int) -> bool:
    """Tell whether anything is left of a SKU: of one listing in twenty nothing at all, of the others not of each."""
    return mix(seed, ordinal, 59) % 20 > 0 and mix(seed, ordinal, step, 61) % 12 > 0


def description(facts: ListingFacts, title: str, origin: str) -> str:
    """Return the description under a title, as HTML: its length and its pictures differ from listing to listing."""
    length = DESCRIPTION_LENGTHS[mix(facts.product_id, 71) % len(DESCRIPTION_LENGTHS)]
    if not length and mix(facts.product_id, 72) % 5 == 0:
        return ""
    pictures = DESCRIPTION_PICTURES[mix(facts.product_id, 73) % len(DESCRIPTION_PICTURES)]
    shown = (facts.pictures * max(DESCRIPTION_PICTURES))[:pictures]
    images = "".join(f'<img src="{origin}{picture.path(facts.product_id)}">' for picture in shown)
    said = "".join(f"<p>{sentence}</p>" for sentence in DESCRIPTION_SENTENCES[:length])
    listed = "".join(f"<li>{escape(f'{each.name}: {each.value}')}</li>" for each in facts.attributes)
    return f"<h2>{escape(title)}</h2>{said}<ul>{listed}</ul>{images}"
