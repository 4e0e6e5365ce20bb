"""Room for findings before and after an audit: what was measured, what is at risk, what may be resubmitted."""

STATEMENTS = (
    # the standing check findings and those mended tell whether a rejected listing may be resubmitted: not_yet | ready
    "ALTER TABLE status_period ADD COLUMN resubmit TEXT NOT NULL DEFAULT ''",
    # what was read of the listing beyond the list: 0 nothing, 1 something, 2 its detail
    "ALTER TABLE status_period ADD COLUMN known INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX period_open_listed",
    """
    CREATE INDEX period_open_listed
        ON status_period (
            store_id, status, started_at, product_id, cause, audit_kind, attempt, category_id, codes, resubmit
        )
        WHERE listed = 1 AND ended_at IS NULL
    """,
    """
    CREATE INDEX period_on_sale_known ON status_period (store_id, checked, known, category_id)
        WHERE ended_at IS NULL AND known > 0
            AND (status = 'active' OR (status = 'offline' AND cause = 'pending_launch'))
    """,
    """
    CREATE INDEX period_waiting ON status_period (store_id, product_id)
        WHERE ended_at IS NULL AND cause = 'pending_launch'
    """,
    """
    CREATE INDEX reason_of_diagnosis ON listing_reason (store_id, product_id, period_id)
        WHERE provenance = 'diagnosis' AND vanished_at IS NULL
    """,
    "ALTER TABLE listing_detail ADD COLUMN weight TEXT",  # kg, the platform's text
    "ALTER TABLE listing_detail ADD COLUMN sides TEXT NOT NULL DEFAULT '[]'",  # JSON array, cm, the platform's texts
    "ALTER TABLE listing_detail ADD COLUMN eu_person TEXT",  # empty: told to be none; null: not told
    "ALTER TABLE listing_detail ADD COLUMN qualifications TEXT",  # JSON array of keys; null: not told
    "ALTER TABLE category ADD COLUMN leaf INTEGER",  # null: not told, as in the two below
    "ALTER TABLE category ADD COLUMN qualifications TEXT",  # JSON array of {key, label, required}
    "ALTER TABLE category ADD COLUMN eu_person_needed INTEGER",
    "ALTER TABLE picture ADD COLUMN content TEXT",  # digest: the same picture under another address
    # 1: measured since our checks last looked at the listings that show it
    "ALTER TABLE picture ADD COLUMN news INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX picture_news ON picture (url) WHERE news = 1",
    """
    CREATE TABLE word_check (                   -- what the platform objects to in a title, asked once a title
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        category_id INTEGER NOT NULL,           -- the category and the title it was asked for
        title TEXT NOT NULL,
        words TEXT NOT NULL,                    -- JSON array of {word, types}
        checked_at TEXT NOT NULL,
        PRIMARY KEY (store_id, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE duplicate (                    -- listings of the store with the same title or the same main picture
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('title', 'picture')),
        others TEXT NOT NULL,                   -- JSON array of product ids, the first few
        PRIMARY KEY (store_id, product_id, kind)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE store ADD COLUMN compared_at INTEGER",  # the version up to which duplicates were looked for
    """
    UPDATE status_period SET known = 2
    WHERE ended_at IS NULL AND id IN (
        SELECT p.id FROM listing_detail AS d
        CROSS JOIN status_period AS p INDEXED BY period_open
            ON p.store_id = d.store_id AND p.product_id = d.product_id AND p.ended_at IS NULL
        WHERE d.read_at IS NOT NULL
    )
    """,
    # Details and categories were read when less was asked of them: they are read once more, and all is checked anew.
    "UPDATE listing_detail SET modified_raw = ''",
    "UPDATE category SET read_at = '1970-01-01T00:00:00.000Z'",
    "UPDATE status_period SET checked = 0 WHERE ended_at IS NULL AND listed = 1 AND checked = 1",
    """
    UPDATE status_period SET resubmit = CASE
        WHEN instr(codes, '@check|') THEN 'not_yet'
        WHEN EXISTS (
            SELECT 1 FROM listing_reason AS r
            WHERE r.period_id = status_period.id AND r.provenance = 'check' AND r.vanished_at IS NOT NULL
        ) AND NOT EXISTS (
            SELECT 1 FROM listing_reason AS r
            WHERE r.period_id = status_period.id AND r.provenance IN ('platform', 'seller_center')
                AND r.vanished_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM listing_reason AS m
                    WHERE m.period_id = r.period_id AND m.provenance = 'check' AND m.vanished_at IS NOT NULL
                        AND substr(m.code, 1, instr(m.code || '.', '.')) = substr(r.code, 1, instr(r.code || '.', '.'))
                )
        ) THEN 'ready'
        ELSE '' END
    WHERE ended_at IS NULL AND listed = 1 AND status = 'rejected'
    """,
)
