"""The tables of `snapshot.db`: one module a migration, in the order in which they are applied.

A file that people have was made by these statements, so a published module is never edited, and it imports nothing: a
query that changes must not change what an old file becomes. A change of the tables is a new module with the next
number.

May know: storage.
Begin at: m0001_first_snapshot.py (the first tables).
"""

from aexdash.snapshot.migrations import (
    m0001_first_snapshot,
    m0002_evidence,
    m0003_cards,
    m0004_spells,
    m0005_coverage_ends,
    m0006_absences,
    m0007_zone_of_days,
    m0008_attempts,
    m0009_shops,
    m0010_source,
    m0011_shop_absences,
    m0012_known_desk,
    m0013_shop_speaks_until,
    m0014_beacon,
    m0015_listing_text,
    m0016_values_run,
)
from aexdash.storage.migrations import migrations_of

STATEMENTS = {
    "0001_first_snapshot": m0001_first_snapshot.STATEMENTS,
    "0002_evidence": m0002_evidence.STATEMENTS,
    "0003_cards": m0003_cards.STATEMENTS,
    "0004_spells": m0004_spells.STATEMENTS,
    "0005_coverage_ends": m0005_coverage_ends.STATEMENTS,
    "0006_absences": m0006_absences.STATEMENTS,
    "0007_zone_of_days": m0007_zone_of_days.STATEMENTS,
    "0008_attempts": m0008_attempts.STATEMENTS,
    "0009_shops": m0009_shops.STATEMENTS,
    "0010_source": m0010_source.STATEMENTS,
    "0011_shop_absences": m0011_shop_absences.STATEMENTS,
    "0012_known_desk": m0012_known_desk.STATEMENTS,
    "0013_shop_speaks_until": m0013_shop_speaks_until.STATEMENTS,
    "0014_beacon": m0014_beacon.STATEMENTS,
    "0015_listing_text": m0015_listing_text.STATEMENTS,
    "0016_values_run": m0016_values_run.STATEMENTS,
}
"""What each migration runs, under the name that the file keeps of it."""

migrations = migrations_of("aexdash-snapshot", STATEMENTS)
