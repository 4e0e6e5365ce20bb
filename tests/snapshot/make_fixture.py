"""Writes the stored snapshot of the newest schema version: `python -m tests.snapshot.make_fixture`.

It is run once when a migration is added, before the version is released; stored snapshots of older versions stay.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from aexdash.model import PictureFacts, Provenance, Reason
from aexdash.snapshot.evidence import (
    open_period_ids,
    record_category,
    record_details,
    record_pictures,
    record_reasons,
)
from aexdash.snapshot.schema import migrations
from aexdash.snapshot.state import set_state
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store
from tests.snapshot.test_evidence import DETAIL, PICTURE, Category

SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})
BRAND = Reason("attribute.brand", Provenance.PLATFORM, text="brand", language="en")


def fill(store: Store) -> None:
    """Record the worked example of cards.md §1 with something in every table."""
    every = dict.fromkeys(range(1, 11), ACTIVE)
    store.now = NOON - timedelta(days=1)
    store.sweep(every)
    store.now = NOON
    store.sweep(every | dict.fromkeys(range(1, 5), REJECTED) | {5: AUDITING})
    for one, period in open_period_ids(store.db, store.id, range(1, 6)).items():
        record_reasons(store.db, period, [SMALL if one < 5 else BRAND], set(Provenance), NOON)
    record_details(store.db, store.id, [DETAIL], NOON)
    record_category(store.db, store.id, Category(), NOON)
    record_pictures(store.db, [PictureFacts(PICTURE, "measured", 400, 400, "JPEG", 1234, "t.jpg")], NOON)
    set_state(store.db, store.id, next_pulse_at=NOON)


def main() -> None:
    """Write the dump beside the others."""
    version = migrations._migrations[-1].name[:4]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        fill(store)
        dump = "\n".join(store.db.conn.iterdump()) + "\n"
        store.db.close()
    (Path(__file__).parent / "fixtures" / f"snapshot_{version}.sql").write_text(dump, encoding="utf-8")


if __name__ == "__main__":
    main()
