"""Stores, runs, listings, their status periods and reasons, categories, pictures, and the books of each day.

Times are UTC texts of fixed width, `2026-03-09T12:00:00.000Z`. Status periods are half-open: a listing is in the status
at moment T when `started_at <= T` and (`ended_at` is null or `ended_at > T`); both are `as_of` moments of sync runs, so
the books of any two moments balance by construction. `started_after` and `ended_after` are the other ends of the two
ranges: the last moment at which the listing was known not to be there yet, and the last at which it was known to be
there still.
"""

STATEMENTS = (
    """
    CREATE TABLE store (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,               -- its heading in aexdash.toml
        title TEXT NOT NULL,
        model TEXT NOT NULL,                    -- overseas | pop | choice
        seller_id TEXT UNIQUE,                  -- the platform's id of the seller, once a token named it
        currency TEXT,
        edit_url TEXT NOT NULL DEFAULT '',      -- pattern with {product_id}
        item_url TEXT NOT NULL DEFAULT '',
        watched INTEGER NOT NULL DEFAULT 1,     -- 0: kept for its history, no longer synced
        added_at TEXT NOT NULL,
        held_since TEXT                         -- since when its held count has been above zero
    ) STRICT
    """,
    """
    CREATE TABLE sync_run (
        id INTEGER PRIMARY KEY,
        store_id INTEGER NOT NULL REFERENCES store(id),
        kind TEXT NOT NULL CHECK (kind IN ('pulse', 'sweep')),
        started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL,
        as_of TEXT,                             -- null for a failed run: it showed nothing
        outcome TEXT NOT NULL CHECK (outcome IN ('complete', 'partial', 'failed')),
        calls INTEGER NOT NULL DEFAULT 0,
        seen INTEGER NOT NULL DEFAULT 0,
        changes INTEGER NOT NULL DEFAULT 0,     -- listing and period rows written
        unresolved INTEGER NOT NULL DEFAULT 0,  -- missing listings whose look-up failed: their periods stay open
        error_kind TEXT,
        message TEXT NOT NULL DEFAULT '',
        platform_auditing INTEGER,              -- the platform's own counts (merchant.profile.get), if any
        platform_active INTEGER
    ) STRICT
    """,
    "CREATE INDEX sync_run_by_store ON sync_run (store_id, id)",
    """
    CREATE TABLE walk (
        run_id INTEGER NOT NULL REFERENCES sync_run(id) ON DELETE CASCADE,
        store_id INTEGER NOT NULL REFERENCES store(id),
        status TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL,
        reported INTEGER,
        seen INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        complete INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (run_id, status)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX walk_of_status ON walk (store_id, status, complete, run_id)",
    """
    CREATE TABLE coverage (                     -- spells of complete held walks, run after run, on every day
        store_id INTEGER NOT NULL REFERENCES store(id),
        from_at TEXT NOT NULL,
        to_at TEXT NOT NULL,
        PRIMARY KEY (store_id, from_at)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE listing (
        store_id INTEGER NOT NULL REFERENCES store(id),
        product_id INTEGER NOT NULL,
        title TEXT NOT NULL,
        image_urls TEXT NOT NULL,               -- JSON array
        price_min TEXT,
        price_max TEXT,
        currency TEXT,
        created_at TEXT,
        created_raw TEXT,
        modified_at TEXT,
        modified_raw TEXT,
        offline_at TEXT,
        offline_raw TEXT,
        category_id INTEGER,
        sku_codes TEXT NOT NULL,                -- JSON array
        product_type TEXT,
        extra TEXT NOT NULL,
        first_seen_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,               -- as_of of the run that last changed this row
        PRIMARY KEY (store_id, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE fingerprint (                  -- of each listing's last observation: the same again is no news
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        digest BLOB,
        PRIMARY KEY (store_id, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE status_period (
        id INTEGER PRIMARY KEY,
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        status TEXT NOT NULL,
        platform_status TEXT NOT NULL,
        cause TEXT,                             -- ws_display, for offline
        audit_kind TEXT,                        -- for auditing
        attempt INTEGER NOT NULL DEFAULT 0,     -- rejections of this listing so far, this one included
        category_id INTEGER,                    -- the listing's, kept here so that a filter reads one index
        came_from TEXT,                         -- the status before; null: first time seen
        started_after TEXT,                     -- null: it was there when we first looked
        started_at TEXT NOT NULL,
        missing_after TEXT,                     -- walks no longer show it, nobody knows why: last known then
        ended_after TEXT,
        ended_at TEXT,
        ended_to TEXT,                          -- the status it left for
        listed INTEGER NOT NULL DEFAULT 0,      -- 1: held, or taken down by AliExpress: a view can show it
        codes TEXT NOT NULL DEFAULT '',         -- the standing reasons, `|code@provenance|…|`
        checked INTEGER NOT NULL DEFAULT 0      -- 1: our checks ran on what is known of it now
    ) STRICT
    """,
    "CREATE UNIQUE INDEX period_open ON status_period (store_id, product_id) WHERE ended_at IS NULL",
    "CREATE INDEX period_open_by_status ON status_period (store_id, status, product_id) WHERE ended_at IS NULL",
    """
    CREATE INDEX period_open_listed
        ON status_period (store_id, status, started_at, product_id, cause, audit_kind, attempt, category_id, codes)
        WHERE listed = 1 AND ended_at IS NULL
    """,
    """
    CREATE INDEX period_unchecked ON status_period (store_id, started_at)
        WHERE ended_at IS NULL AND checked = 0 AND status IN ('auditing', 'rejected')
    """,
    """
    CREATE INDEX period_listed_started
        ON status_period (store_id, started_at, ended_at, status, product_id, came_from, started_after)
        WHERE listed = 1
    """,
    """
    CREATE INDEX period_listed_ended ON status_period (store_id, ended_at, status, ended_to)
        WHERE listed = 1 AND ended_at IS NOT NULL
    """,
    "CREATE INDEX period_of_listing ON status_period (store_id, product_id, started_at) WHERE ended_at IS NOT NULL",
    """
    CREATE TABLE listing_reason (
        id INTEGER PRIMARY KEY,
        period_id INTEGER NOT NULL REFERENCES status_period(id),
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        code TEXT NOT NULL,
        provenance TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        language TEXT,
        measured TEXT NOT NULL DEFAULT '{}',    -- JSON object
        first_seen_at TEXT NOT NULL,
        vanished_at TEXT                        -- null: it stands; or the end of its period
    ) STRICT
    """,
    "CREATE INDEX reason_of_period ON listing_reason (period_id, code, provenance)",
    """
    CREATE INDEX reason_of_platform ON listing_reason (store_id, product_id)
        WHERE provenance = 'platform' AND vanished_at IS NULL
    """,
    """
    CREATE TABLE listing_detail (
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        read_at TEXT,                           -- null: never yet
        tried_at TEXT NOT NULL,
        modified_raw TEXT,                      -- the listing's gmt_modified, as the list told it when this was read
        category_id INTEGER,
        titles TEXT NOT NULL DEFAULT '{}',      -- JSON object, locale -> title
        attributes TEXT NOT NULL DEFAULT '[]',  -- JSON array of {name_id, name, value_id, value}
        skus TEXT NOT NULL DEFAULT '[]',        -- JSON array of {sku_id, code, price, stock, currency}
        image_urls TEXT NOT NULL DEFAULT '[]',  -- JSON array
        extra TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',          -- why the last reading failed; it is tried again after an hour
        PRIMARY KEY (store_id, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE category (
        store_id INTEGER NOT NULL,
        category_id INTEGER NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        rules TEXT NOT NULL,                    -- JSON array of {attribute_id, name, required, input_type, values}
        read_at TEXT NOT NULL,
        PRIMARY KEY (store_id, category_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE picture (
        url TEXT PRIMARY KEY,
        state TEXT NOT NULL,                    -- measured | unreachable | refused | not_a_picture | too_large
        width INTEGER,
        height INTEGER,
        format TEXT,
        size_bytes INTEGER,
        thumbnail TEXT,
        note TEXT NOT NULL DEFAULT '',
        measured_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE status_count (                 -- open periods per status, kept by the same transaction
        store_id INTEGER NOT NULL,
        status TEXT NOT NULL,
        listings INTEGER NOT NULL,
        PRIMARY KEY (store_id, status)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE count_change (                 -- the same counts as they were from each run on that changed them
        store_id INTEGER NOT NULL,
        status TEXT NOT NULL,
        as_of TEXT NOT NULL,
        listings INTEGER NOT NULL,
        PRIMARY KEY (store_id, status, as_of)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE day_bridge (                   -- the books of each UTC day on which a run was recorded
        store_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        status TEXT NOT NULL,
        opening INTEGER NOT NULL,
        entered INTEGER NOT NULL,
        first_seen INTEGER NOT NULL,            -- of those entered: there when we first looked
        left_count INTEGER NOT NULL,
        closing INTEGER NOT NULL,
        PRIMARY KEY (store_id, day, status)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE store_state (                  -- what the worker is about to do; one row a store
        store_id INTEGER PRIMARY KEY REFERENCES store(id),
        next_pulse_at TEXT,
        next_sweep_at TEXT,
        banned_until TEXT,
        ban_text TEXT NOT NULL DEFAULT '',
        token_expires_at TEXT,
        calls_this_hour INTEGER NOT NULL DEFAULT 0,
        calls_budget INTEGER,
        working_on TEXT NOT NULL DEFAULT '',
        heartbeat_at TEXT
    ) STRICT
    """,
    "CREATE TABLE version (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL) STRICT",
    "INSERT INTO version (id, number) VALUES (1, 0)",
)
