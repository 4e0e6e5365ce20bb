"""Room for the cards: their values as they were, quality scores, orders, and the validation of a feed.

Moments are UTC texts of fixed width; money is a REAL only where it was worked out as an estimate, prices stay the
platform's texts. The texts that statements below have in common are copies: what reads the tables may change its own.
"""

STRETCH = """CASE
        WHEN ended_at IS NULL THEN -1
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 21600 THEN 0
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 86400 THEN 1
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 345600 THEN 2
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 1382400 THEN 3
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 5529600 THEN 4
        ELSE 5 END"""
"""The stretch of a period, by how long it lasted in seconds; -1 is open."""

CAME_BY = """CASE
        WHEN came_from IN ('auditing', 'rejected') THEN 'stayed'
        WHEN came_from IS NULL AND started_after IS NULL THEN 'first_seen'
        ELSE status END"""
"""The flow of the books by which a held period began."""

FILL_DAYS = f"""
INSERT INTO day_flow (store_id, day, flow, listings)
SELECT store_id, substr(started_at, 1, 10) AS day, {CAME_BY} AS flow, count(*) FROM status_period
WHERE listed = 1 AND status IN ('auditing', 'rejected')
GROUP BY store_id, day, flow
UNION ALL
SELECT store_id, substr(ended_at, 1, 10) AS day, ended_to, count(*) FROM status_period
WHERE listed = 1 AND status IN ('auditing', 'rejected') AND ended_to NOT IN ('auditing', 'rejected')
GROUP BY store_id, day, ended_to
"""  # noqa: S608
"""The flows of every day, for a snapshot that has not kept them so far."""

OUTSIDE = "coalesce({}.came_from, '') NOT IN ('auditing', 'rejected')"

CODES = """coalesce((
    SELECT group_concat(code, '|') FROM (
        SELECT DISTINCT substr(value, 1, instr(value, '@') - 1) AS code
        FROM json_each('[' || replace(json_quote(said), '|', '","') || ']') WHERE value <> '' ORDER BY code
    )
), '')"""
"""The codes of `|code@provenance|` texts set one after the other, each once."""

FILL_SPELLS = f"""
WITH ended AS MATERIALIZED (
    SELECT p.store_id, p.product_id, p.started_at, p.ended_at, p.ended_to,
        CASE WHEN {OUTSIDE.format("p")} THEN p.started_at ELSE (
            SELECT max(s.started_at) FROM status_period AS s INDEXED BY period_listed_of_listing
            WHERE s.listed = 1 AND s.store_id = p.store_id AND s.product_id = p.product_id AND s.ended_at IS NOT NULL
                AND s.started_at <= p.started_at AND s.status IN ('auditing', 'rejected') AND {OUTSIDE.format("s")}
        ) END AS begun_at
    FROM status_period AS p INDEXED BY period_listed_ended
    WHERE true AND p.listed = 1 AND p.ended_at IS NOT NULL
        AND p.status IN ('auditing', 'rejected') AND p.ended_to NOT IN ('auditing', 'rejected')
)
INSERT INTO spell (store_id, ended_at, product_id, begun_at, ended_to, seconds, whole, codes)
SELECT store_id, ended_at, product_id, begun_at, ended_to, seconds, whole, {CODES}
FROM (
    SELECT e.store_id, e.ended_at, e.product_id, e.begun_at, e.ended_to,
        ((unixepoch(e.ended_at) - unixepoch(e.begun_at)) * 1000
            + substr(e.ended_at, 21, 3) - substr(e.begun_at, 21, 3)) / 1000.0 AS seconds,
        min(s.came_from IS NOT NULL OR s.started_after IS NOT NULL) AS whole, group_concat(s.codes, '') AS said
    FROM ended AS e
    CROSS JOIN status_period AS s INDEXED BY period_listed_of_listing
        ON s.listed = 1 AND s.store_id = e.store_id AND s.product_id = e.product_id AND s.ended_at IS NOT NULL
            AND s.started_at BETWEEN e.begun_at AND e.started_at
    GROUP BY e.store_id, e.ended_at, e.product_id
)
"""  # noqa: S608
"""Every spell that has ended, for a snapshot that has not kept them so far."""

PARTS = ("pictures", "attributes", "title", "description", "skus")
"""The columns of the parts of a quality score."""

COUNTED = "({row}.required IS NOT NULL AND {row}.filled IS NOT NULL)"
TENTHS = "coalesce(CAST(round({{row}}.{part} * 10) AS INTEGER), 0)"

SUMS = {
    "complete": f"({COUNTED} AND {{row}}.filled >= {{row}}.required)",
    "counted": COUNTED,
    "filled": f"CASE WHEN {COUNTED} THEN {{row}}.filled ELSE 0 END",
    "required": f"CASE WHEN {COUNTED} THEN {{row}}.required ELSE 0 END",
    **{
        column: sql
        for part in ("score", *PARTS)
        for column, sql in (
            (f"{part}_tenths", TENTHS.format(part=part)),
            (f"{part}_known", f"({{row}}.{part} IS NOT NULL)"),
        )
    },
}
"""What one row adds to each sum: numerator and denominator, one pair after the other.

Scores are summed in tenths, as whole numbers, so that a sum that has been added to and taken from a million times is
still what adding up gives.
"""


def _moved(sign: str, row: str) -> str:
    return ", ".join(f"{name} = {name} {sign} {sql.format(row=row)}" for name, sql in SUMS.items())


STATEMENTS = (
    """
    CREATE TABLE card_value (                   -- what each card said, from the moment on at which it changed
        store_id INTEGER NOT NULL,
        card_key TEXT NOT NULL,
        at TEXT NOT NULL,
        value REAL,                             -- null: no data, which is a gap and never a zero
        numerator REAL,
        denominator REAL,
        known INTEGER,                          -- coverage: known of `of_total`
        of_total INTEGER,
        low REAL,                               -- the two ends of a range, where the value is one
        high REAL,
        day_end INTEGER NOT NULL DEFAULT 0,     -- 1: the value of a whole UTC day, written at its end
        PRIMARY KEY (store_id, card_key, at)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE listing_quality (              -- the score of a listing as last measured, and its parts
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        score REAL NOT NULL,                    -- 0-100, as are the parts; null: this part could not be measured
        pictures REAL,
        attributes REAL,
        title REAL,
        description REAL,
        skus REAL,
        required INTEGER,                       -- attributes that the category requires; null: not known
        filled INTEGER,                         -- and how many of them are filled
        worst TEXT,                             -- the part that would raise the score most
        at TEXT NOT NULL,
        PRIMARY KEY (store_id, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE listing_detail ADD COLUMN description_chars INTEGER",  # null: not told, as in the next
    "ALTER TABLE listing_detail ADD COLUMN description_pictures INTEGER",
    """
    CREATE TABLE order_line (                   -- what was sold; no column names a buyer
        store_id INTEGER NOT NULL,
        order_id TEXT NOT NULL,
        line_id TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        sku_code TEXT NOT NULL DEFAULT '',
        units INTEGER NOT NULL,
        unit_price TEXT,                        -- the platform's text
        currency TEXT,
        created_at TEXT NOT NULL,
        created_raw TEXT,
        status TEXT NOT NULL DEFAULT '',        -- the order's, in the platform's word
        fund_status TEXT NOT NULL DEFAULT '',   -- whether it was paid, in the platform's word
        end_reason TEXT NOT NULL DEFAULT '',    -- why it ended, in the platform's word
        PRIMARY KEY (store_id, order_id, line_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX order_line_of_listing ON order_line (store_id, product_id, created_at)",
    """
    CREATE TABLE order_state (                  -- how far a store's orders were read
        store_id INTEGER PRIMARY KEY REFERENCES store(id),
        connected INTEGER NOT NULL DEFAULT 0,   -- 1: this account may read its orders
        read_from TEXT,                         -- what was ordered from here to `read_until` is known
        read_until TEXT,                        -- null: not read to the end of any window yet
        tried_at TEXT,
        note TEXT NOT NULL DEFAULT ''           -- why they could not be read
    ) STRICT
    """,
    """
    CREATE TABLE held_sales (                   -- what a listing sold a day in the 30 days before it was held
        period_id INTEGER PRIMARY KEY REFERENCES status_period(id),
        units_low REAL NOT NULL,
        units_high REAL NOT NULL,
        amount_low REAL NOT NULL,
        amount_high REAL NOT NULL,
        currency TEXT,
        sold INTEGER NOT NULL,                  -- 0: it sold nothing in those days
        in_stock INTEGER,                       -- 0: nothing left to sell; null: stock is not told
        computed_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE feed_file (                    -- validation files of a feed that were read, each once
        id INTEGER PRIMARY KEY,
        store_id INTEGER NOT NULL REFERENCES store(id),
        name TEXT NOT NULL,
        digest TEXT NOT NULL UNIQUE,
        read_at TEXT NOT NULL,
        dated_at TEXT,                          -- when the feed says it was made; null: it does not say
        rows INTEGER NOT NULL,
        rejected INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX feed_file_of_store ON feed_file (store_id, read_at)",
    """
    CREATE TABLE feed_row (                     -- the rows of a file, as far as they tell something
        file_id INTEGER NOT NULL REFERENCES feed_file(id) ON DELETE CASCADE,
        row INTEGER NOT NULL,                   -- its number in the file
        sku TEXT NOT NULL,
        message TEXT NOT NULL DEFAULT '',
        code TEXT NOT NULL DEFAULT '',
        attribute TEXT NOT NULL DEFAULT '',
        severity TEXT NOT NULL DEFAULT '',
        rejected INTEGER NOT NULL,
        dated_at TEXT,
        PRIMARY KEY (file_id, row)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX feed_row_of_sku ON feed_row (sku, file_id)",
    """
    CREATE TABLE feed_status (                  -- when the feed last ran, by its documented status call
        store_id INTEGER PRIMARY KEY REFERENCES store(id),
        asked_at TEXT NOT NULL,
        ran_at TEXT,
        status TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    # Both hold what a window of rejections, or of what was cleared, counts, so that no row is looked up for it.
    "DROP INDEX period_listed_started",
    """
    CREATE INDEX period_listed_started
        ON status_period (store_id, started_at, ended_at, status, product_id, came_from, started_after, attempt)
        WHERE listed = 1
    """,
    "DROP INDEX period_listed_ended",
    """
    CREATE INDEX period_listed_ended
        ON status_period (store_id, ended_at, status, ended_to, product_id, started_at, came_from)
        WHERE listed = 1 AND ended_at IS NOT NULL
    """,
    """
    CREATE INDEX period_listed_of_listing
        ON status_period (store_id, product_id, started_at, status, came_from, started_after, codes)
        WHERE listed = 1 AND ended_at IS NOT NULL
    """,
    # When each reason was given, so that one which was not given for long is found without reading the others.
    "CREATE INDEX reason_given ON listing_reason (store_id, code, first_seen_at, period_id, product_id)",
    # From this moment on the reasons of a period are what `codes` and `resubmit` say, of an ended one up to its end.
    "ALTER TABLE status_period ADD COLUMN codes_at TEXT NOT NULL DEFAULT ''",
    # Of those that ended before this was kept `resubmit` is not known: it is worked out from their reasons.
    """
    UPDATE status_period SET codes_at = CASE
        WHEN ended_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM listing_reason AS r WHERE r.period_id = status_period.id AND r.provenance = 'check'
        ) THEN '9999'
        ELSE coalesce((
            SELECT max(max(r.first_seen_at, CASE WHEN r.vanished_at < coalesce(status_period.ended_at, '9999')
                THEN r.vanished_at ELSE '' END))
            FROM listing_reason AS r WHERE r.period_id = status_period.id
        ), '') END
    WHERE listed = 1
    """,
    # The past: which periods contained a moment, and which flow of the bridge each held one came in and went out by.
    f"""
    CREATE INDEX period_stretch
        ON status_period (store_id, ({STRETCH}), started_at, ended_at, status, product_id, codes, codes_at)
        WHERE listed = 1
    """,
    f"""
    CREATE INDEX period_came
        ON status_period (store_id, ({CAME_BY}), started_at, product_id)
        WHERE listed = 1 AND status IN ('auditing', 'rejected')
    """,
    """
    CREATE INDEX period_went
        ON status_period (store_id, ended_to, ended_at, product_id)
        WHERE listed = 1 AND status IN ('auditing', 'rejected') AND ended_at IS NOT NULL
    """,
    """
    CREATE TABLE day_flow (                     -- how many came in and went out by each flow on a UTC day
        store_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        flow TEXT NOT NULL,
        listings INTEGER NOT NULL,
        PRIMARY KEY (store_id, day, flow)
    ) STRICT, WITHOUT ROWID
    """,
    FILL_DAYS,
    """
    CREATE TABLE spell (                        -- the times that listings were held without a break, once they ended
        store_id INTEGER NOT NULL,
        ended_at TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        begun_at TEXT NOT NULL,
        ended_to TEXT NOT NULL,                 -- the status they left for
        seconds REAL NOT NULL,
        whole INTEGER NOT NULL,                 -- 0: held already when we first looked
        codes TEXT NOT NULL,                    -- codes that stood as its periods ended, by the alphabet, `a|b`
        PRIMARY KEY (store_id, ended_at, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    FILL_SPELLS,
    # Where one of the two counts was zero: both may have been, and then nothing was held.
    """
    CREATE INDEX count_zero ON count_change (store_id, as_of)
        WHERE listings = 0 AND status IN ('auditing', 'rejected')
    """,
    f"""
    CREATE TABLE quality_sum (                  -- of `listing_quality`, kept by its triggers; scores in tenths
        store_id INTEGER PRIMARY KEY,
        {", ".join(f"{name} INTEGER NOT NULL DEFAULT 0" for name in SUMS)}
    ) STRICT
    """,
    f"""
    CREATE TRIGGER quality_added AFTER INSERT ON listing_quality BEGIN
        INSERT INTO quality_sum (store_id) SELECT new.store_id
        WHERE NOT EXISTS (SELECT 1 FROM quality_sum WHERE store_id = new.store_id);
        UPDATE quality_sum SET {_moved("+", "new")} WHERE store_id = new.store_id;
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER quality_changed AFTER UPDATE ON listing_quality BEGIN
        UPDATE quality_sum SET {_moved("-", "old")} WHERE store_id = old.store_id;
        UPDATE quality_sum SET {_moved("+", "new")} WHERE store_id = new.store_id;
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER quality_removed AFTER DELETE ON listing_quality BEGIN
        UPDATE quality_sum SET {_moved("-", "old")} WHERE store_id = old.store_id;
    END
    """,  # noqa: S608
    # Details were read when descriptions were not measured: they are read once more, and then the listings are scored.
    "UPDATE listing_detail SET modified_raw = ''",
    "UPDATE status_period SET checked = 0 WHERE ended_at IS NULL AND listed = 1 AND checked = 1",
)
