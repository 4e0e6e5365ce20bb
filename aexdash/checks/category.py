"""The category itself, and the papers it asks for: certificates and the EU responsible person (reference §4.8)."""

from __future__ import annotations

from collections.abc import Iterator

from aexdash.checks.facts import CheckInput, finding
from aexdash.model import Reason
from aexdash.platform_data import CategoryRules, Detail


def category_findings(facts: CheckInput) -> Iterator[Reason]:
    """Check that listings may be put into the category, and that its papers are there."""
    category = facts.category
    if category is None:
        return
    if category.leaf is False:
        yield finding("category.not_leaf", category=category.name or str(category.category_id))
    if facts.detail is not None:
        yield from _papers(facts.detail, category)


def _papers(detail: Detail, category: CategoryRules) -> Iterator[Reason]:
    if category.eu_person_needed and detail.eu_person is not None and not detail.eu_person.strip():
        yield finding("qualification.eu_person_missing")
    if category.qualifications is None or detail.qualifications is None:
        return
    missing = {
        rule.label.strip() or rule.key
        for rule in category.qualifications
        if rule.required and rule.key not in detail.qualifications
    }
    if missing:
        yield finding("qualification.certificate_missing", names=sorted(missing))
