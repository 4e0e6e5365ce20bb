"""The seller's own shops: their readings, and what each variant was in them, as periods between readings."""

STATEMENTS = (
    """
    CREATE TABLE shop (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,               -- its heading in aexdash.toml
        kind TEXT NOT NULL,                     -- shopify, bigcommerce, csv
        title TEXT NOT NULL,
        identity TEXT,                          -- the platform's own name of it: never another shop's under one key
        matching TEXT NOT NULL,                 -- what a variant is matched by: sku, field, mapping
        currency TEXT,                          -- of its prices, as it said itself; null: not known
        watched INTEGER NOT NULL DEFAULT 1,     -- 0: no longer among the settings, kept for its history
        added_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE shop_store (                   -- the stores whose listings come from a shop
        shop_id INTEGER NOT NULL REFERENCES shop(id),
        store_key TEXT NOT NULL,                -- store.key; a text, because a shop may be read before its store is
        PRIMARY KEY (shop_id, store_key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE shop_reading (
        id INTEGER PRIMARY KEY,
        shop_id INTEGER NOT NULL REFERENCES shop(id),
        scope TEXT NOT NULL CHECK (scope IN ('catalogue', 'some')),
        began_at TEXT NOT NULL,
        ended_at TEXT NOT NULL,                 -- later than that of every earlier reading of the shop
        outcome TEXT NOT NULL CHECK (outcome IN ('complete', 'partial', 'failed')),
        products INTEGER NOT NULL,              -- distinct, that came
        variants INTEGER NOT NULL,              -- distinct, that came
        changes INTEGER NOT NULL,               -- periods that began or ended
        error_kind TEXT,
        message TEXT NOT NULL DEFAULT '',       -- why it is not complete
        unread TEXT NOT NULL DEFAULT '[]'       -- JSON array of sentences: what the token may not read
    ) STRICT
    """,
    "CREATE INDEX shop_reading_latest ON shop_reading (shop_id, outcome, scope, id)",
    """
    CREATE TABLE shop_period (                  -- a variant as it stood from one reading to another
        id INTEGER PRIMARY KEY,
        shop_id INTEGER NOT NULL REFERENCES shop(id),
        variant_id TEXT NOT NULL,               -- the shop's own id
        product_id TEXT NOT NULL,
        sku TEXT,                               -- trimmed; null: it has none
        match_key TEXT,                         -- of the field or the mapping file that the settings name
        title TEXT NOT NULL,
        variant_title TEXT NOT NULL,
        state TEXT NOT NULL,                    -- aexdash.shops.records.SourceState
        platform_state TEXT NOT NULL,           -- the shop's own word
        channels TEXT,                          -- JSON array of names, sorted; null: not known
        feedback TEXT,                          -- JSON array of objects; null: not known
        price TEXT,                             -- decimal text
        currency TEXT,
        tracked INTEGER,                        -- whether stock is counted; null: not known
        picture_url TEXT,
        started_at TEXT NOT NULL,               -- the end of the first reading that showed it so
        started_after TEXT,                     -- the beginning of the last that did not; null: so when first read
        started_by INTEGER NOT NULL REFERENCES shop_reading(id),   -- that first reading
        ended_at TEXT,                          -- the end of the first that showed it otherwise; null: stands
        ended_after TEXT,                       -- the beginning of the last that showed it so
        ended_by INTEGER REFERENCES shop_reading(id),
        ended_as TEXT CHECK (ended_as IN ('changed', 'absent')),   -- absent: a complete reading did not show it
        CHECK ((ended_at IS NULL) = (ended_as IS NULL))
    ) STRICT
    """,
    "CREATE UNIQUE INDEX shop_period_open ON shop_period (shop_id, variant_id) WHERE ended_at IS NULL",
    "CREATE INDEX shop_period_of_variant ON shop_period (shop_id, variant_id, started_at)",
    "CREATE INDEX shop_period_of_sku ON shop_period (sku, shop_id) WHERE sku IS NOT NULL",
    "CREATE INDEX shop_period_of_key ON shop_period (match_key, shop_id) WHERE match_key IS NOT NULL",
    """
    CREATE TABLE shop_stock (                   -- periods of their own, because every order begins one
        id INTEGER PRIMARY KEY,
        shop_id INTEGER NOT NULL REFERENCES shop(id),
        variant_id TEXT NOT NULL,
        stock INTEGER,                          -- that can be sold; null: not counted, or not known
        started_at TEXT NOT NULL,               -- as in shop_period
        started_after TEXT,
        started_by INTEGER NOT NULL REFERENCES shop_reading(id),
        ended_at TEXT,
        ended_after TEXT,
        ended_by INTEGER REFERENCES shop_reading(id)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX shop_stock_open ON shop_stock (shop_id, variant_id) WHERE ended_at IS NULL",
    "CREATE INDEX shop_stock_of_variant ON shop_stock (shop_id, variant_id, started_at)",
    """
    CREATE TABLE shop_touched (                 -- when the shop itself says that it last changed a variant
        shop_id INTEGER NOT NULL REFERENCES shop(id),
        variant_id TEXT NOT NULL,
        updated_at TEXT NOT NULL,               -- by the shop's clock; moves for orders too
        PRIMARY KEY (shop_id, variant_id)
    ) STRICT, WITHOUT ROWID
    """,
)
