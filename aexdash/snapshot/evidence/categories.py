"""The rules of categories: which are missing, and recording them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.platform_data import CategoryRules
from aexdash.snapshot.evidence.scope import ON_SALE_KNOWN, PERIODS, Scope
from aexdash.snapshot.evidence.stored import write_rows
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable

UNKNOWN_CATEGORIES = """
SELECT DISTINCT p.category_id FROM {periods}
LEFT JOIN category AS c ON c.store_id = :store AND c.category_id = p.category_id
WHERE p.category_id IS NOT NULL AND (c.read_at IS NULL OR c.read_at <= :oldest)
ORDER BY p.category_id LIMIT :limit
"""

UPSERT_CATEGORY = """
INSERT INTO category (store_id, category_id, name, rules, leaf, qualifications, eu_person_needed, read_at)
VALUES (:store, :category_id, :name, :rules, :leaf, :qualifications, :eu_person_needed, :now)
ON CONFLICT (store_id, category_id) DO UPDATE SET
    name = coalesce(nullif(excluded.name, ''), name), rules = excluded.rules,
    leaf = coalesce(excluded.leaf, leaf), qualifications = coalesce(excluded.qualifications, qualifications),
    eu_person_needed = coalesce(excluded.eu_person_needed, eu_person_needed), read_at = excluded.read_at
"""
"""What is absent in an answer stays as it was in an earlier one."""

CATEGORY_TELLS_PERIODS = f"""
UPDATE status_period SET checked = 0 WHERE id IN (
    SELECT p.id FROM {PERIODS["held"]} WHERE p.category_id = :category_id AND p.checked = 1
    UNION ALL SELECT p.id {ON_SALE_KNOWN} AND p.category_id = :category_id AND p.checked = 1
)
"""  # noqa: S608


def unknown_categories(  # noqa: PLR0917
    db: Database,
    store_id: int,
    now: datetime,
    max_age_days: float = 7,
    limit: int = -1,
    scope: Scope = "held",
) -> list[int]:
    """List the categories whose rules are not known, or were read more than `max_age_days` ago; `limit` -1 is all.

    In the scope `at_risk` only categories of listings count of which more is known than the list shows.
    """
    bound = {"store": store_id, "oldest": to_text(now - timedelta(days=max_age_days)), "limit": limit}
    periods = PERIODS["held"] if scope == "held" else f"(SELECT p.category_id {ON_SALE_KNOWN}) AS p"
    sql = UNKNOWN_CATEGORIES.format(periods=periods)
    return [category_id for (category_id,) in db.conn.execute(sql, bound)]


def record_category(db: Database, store_id: int, rules: CategoryRules, now: datetime) -> None:
    """Record what a category asks for, and mark its listings to be checked again.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    row = {
        "store": store_id,
        "category_id": rules.category_id,
        "name": storable(rules.name),
        "rules": write_rows(rules.rules),
        "leaf": rules.leaf,
        "qualifications": None if rules.qualifications is None else write_rows(rules.qualifications),
        "eu_person_needed": rules.eu_person_needed,
        "now": to_text(now),
    }
    with transaction(db) as connection:
        connection.execute(UPSERT_CATEGORY, row)
        connection.execute(CATEGORY_TELLS_PERIODS, row)
        bump_version(connection)
