"""The tables of `desk.db`: one module a migration, in the order in which they are applied.

A file that people have was made by these statements, so a published module is never edited, and it imports nothing. A
change of the tables is a new module with the next number.

May know: storage.
Begin at: m0001_first_desk.py (the first tables).
"""

from aexdash.desk.migrations import (
    m0001_first_desk,
    m0002_annotations,
    m0003_profiles,
    m0004_alerts,
    m0005_work,
    m0006_reports,
    m0007_reconciliations,
    m0008_sessions,
    m0009_identity,
)
from aexdash.storage.migrations import migrations_of

STATEMENTS = {
    "0001_first_desk": m0001_first_desk.STATEMENTS,
    "0002_annotations": m0002_annotations.STATEMENTS,
    "0003_profiles": m0003_profiles.STATEMENTS,
    "0004_alerts": m0004_alerts.STATEMENTS,
    "0005_work": m0005_work.STATEMENTS,
    "0006_reports": m0006_reports.STATEMENTS,
    "0007_reconciliations": m0007_reconciliations.STATEMENTS,
    "0008_sessions": m0008_sessions.STATEMENTS,
    "0009_identity": m0009_identity.STATEMENTS,
}
"""What each migration runs, under the name that the file keeps of it."""

migrations = migrations_of("aexdash-desk", STATEMENTS)
