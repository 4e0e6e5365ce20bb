"""What can happen to a listing, as steps on its timeline: audits, rejections with causes one can see, repairs, leaving.

Lengths are seconds. Every incident ends in a status that is not held, and says so by its last step.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from aexdash.demo.world.catalogue import BRAND, CATEGORIES, Category
from aexdash.demo.world.listing import WITHOUT_EU_PERSON, Cause, Edit, Picture
from aexdash.demo.world.objectionable_words import WORDS_OF_CAUSE
from aexdash.demo.world.timeline import DAY, HOUR, MINUTE, Step
from aexdash.model import Status

_CAUSES: tuple[tuple[Cause, int], ...] = (
    (Cause.PICTURE_SMALL, 24),
    (Cause.PICTURE_RATIO, 8),
    (Cause.ATTRIBUTE_MISSING, 22),
    (Cause.PROHIBITED_WORD, 8),
    (Cause.BRAND_WORD, 9),
    (Cause.RESTRICTED_GOODS, 4),
    (Cause.TITLE_ABUSE, 6),
    (Cause.WRONG_CATEGORY, 6),
    (Cause.PRICE, 6),
    (Cause.QUALIFICATION, 3),
    (Cause.UNEXPLAINED, 4),
)
_SMALL = (480, 500, 600, 640, 700)
_WIDE_OR_TALL = ((1600, 838), (1440, 810), (800, 1420), (900, 1600))
_PRICES = ("0.00", "0.00", "1290000.00")


def pick_cause(chance: Random, category: Category) -> Cause:
    """Choose why the next listing is rejected; pictures and missing attributes lead, as sellers report."""
    causes, weights = [cause for cause, _ in _CAUSES], [weight for _, weight in _CAUSES]
    cause = chance.choices(causes, weights=weights)[0]
    return Cause.UNEXPLAINED if cause is Cause.QUALIFICATION and not _asked_for(category) else cause


def _asked_for(category: Category) -> tuple[str, ...]:
    """Return what the category asks for beside attributes: certificates, and the responsible person in the EU."""
    return (*category.certificates(), *((WITHOUT_EU_PERSON,) if category.eu_person_needed else ()))


def spoiled(before: Edit, cause: Cause, category: Category, chance: Random) -> Edit:
    """Return the edit that brings the defect in, visible in the listing's data wherever its cause can be seen."""
    edit = replace(before, revision=before.revision + 1)
    number = 10 * edit.revision + 1
    match cause:
        case Cause.PICTURE_SMALL:
            side = chance.choice(_SMALL)
            edit = replace(edit, main=Picture(number, side, side))
        case Cause.PICTURE_RATIO:
            edit = replace(edit, main=Picture(number, *chance.choice(_WIDE_OR_TALL)))
        case Cause.ATTRIBUTE_MISSING:
            names = [each.english for each in category.required_attributes()]
            edit = replace(edit, dropped=(chance.choice((BRAND.english, *names)),))
        case Cause.PROHIBITED_WORD | Cause.BRAND_WORD | Cause.RESTRICTED_GOODS:
            edit = replace(edit, added_words=chance.choice(WORDS_OF_CAUSE[cause]))
        case Cause.TITLE_ABUSE:
            edit = replace(edit, added_words=" ".join([category.noun[0]] * 6))
        case Cause.WRONG_CATEGORY:
            others = [each.category_id for each in CATEGORIES if each.parent_id != category.parent_id]
            not_a_leaf = [category.parent_id] * (len(others) // 3)
            edit = replace(edit, category_id=chance.choice([*others, *not_a_leaf]))
        case Cause.PRICE:
            edit = replace(edit, price=chance.choice(_PRICES))
        case Cause.QUALIFICATION:
            edit = replace(edit, withdrawn=(chance.choice(_asked_for(category)),))
    return edit


def audit(start: int, seconds: int, edit: Edit | None) -> list[Step]:
    """An edit or a relisting that the review passes."""
    return [
        Step(start, Status.AUDITING, edit=edit, touched=True),
        Step(start + seconds, Status.ACTIVE),
    ]


def rejection(
    start: int, before: Edit, category: Category, chance: Random, *, first_review: bool = False
) -> list[Step]:
    """A defect, its rejection, the repair and the resubmission; some come back, a few are given up.

    `first_review` says that the listing is just being created and so is in audit already.
    """
    cause = pick_cause(chance, category)
    edit = spoiled(before, cause, category, chance)
    steps = [Step(start, Status.AUDITING, edit=edit)]
    at = start + chance.randint(40 * MINUTE, 5 * HOUR)
    if (
        not first_review and chance.random() < 0.3
    ):  # spoiled while on sale, then found by the review without an audit before
        steps = [Step(start, Status.ACTIVE, edit=edit)]
    steps.append(Step(at, Status.REJECTED, rejected_for=cause))
    at += _rejected_for_seconds(chance)
    if chance.random() < 0.15:  # the repair did not convince: rejected a second time for the same cause
        again = replace(edit, revision=edit.revision + 1)
        refused = at + chance.randint(HOUR, 6 * HOUR)
        steps += [Step(at, Status.AUDITING, edit=again), Step(refused, Status.REJECTED, rejected_for=cause)]
        edit, at = again, refused + chance.randint(3 * HOUR, 30 * HOUR)
    if chance.random() < 0.07:
        return [*steps, Step(at, Status.DELETED)]
    return steps + audit(at, chance.randint(HOUR, 10 * HOUR), edit.repaired())


def _rejected_for_seconds(chance: Random) -> int:
    if chance.random() < 0.3:
        return chance.randint(20 * MINUTE, 60 * MINUTE)
    return int(chance.triangular(3 * HOUR, 5 * DAY, 20 * HOUR))


def template_spike(day: int, before: Edit, chance: Random) -> list[Step]:
    """One listing of a spike: a new template makes its main picture 600 by 600, the morning's review rejects it."""
    edit = replace(before, main=Picture(10 * (before.revision + 1) + 1, 600, 600), revision=before.revision + 1)
    spoiled_at = day + 5 * HOUR + chance.randint(0, 30 * MINUTE)
    rejected_at = day + 6 * HOUR + chance.randint(0, 90 * MINUTE)
    fixed_at = day + chance.choice((14, 19, 31, 36, 41, 55)) * HOUR + chance.randint(0, HOUR)
    return [
        Step(spoiled_at, Status.ACTIVE, edit=edit),
        Step(rejected_at, Status.REJECTED, rejected_for=Cause.PICTURE_SMALL),
        *audit(fixed_at, chance.randint(3 * HOUR, 12 * HOUR), edit.repaired()),
    ]
