"""What a description names outside of AliExpress, and what each listing is beside the shop it comes from."""

STATEMENTS = (
    # JSON object {links, contacts, shops} of arrays; null: the description was not read, or not for this
    "ALTER TABLE listing_detail ADD COLUMN outside TEXT",
    # Details were read when nobody looked for it: they are read once more, those of held listings first.
    "UPDATE listing_detail SET modified_raw = '' WHERE read_at IS NOT NULL",
    """
    CREATE TABLE listing_source (               -- what differs between a listing and its shop, from when until when
        id INTEGER PRIMARY KEY,
        store_id INTEGER NOT NULL REFERENCES store(id),
        product_id INTEGER NOT NULL,
        words TEXT NOT NULL,                    -- `|draft|price|`; `|same|` where nothing that was read differs
        told TEXT NOT NULL,                     -- JSON array of objects: each difference with its figures and clocks
        started_at TEXT NOT NULL,               -- when they were compared so first
        ended_at TEXT,                          -- when they were compared otherwise; null: stands
        CHECK (ended_at IS NULL OR ended_at > started_at)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX listing_source_open ON listing_source (store_id, product_id) WHERE ended_at IS NULL",
    "CREATE INDEX listing_source_of_listing ON listing_source (store_id, product_id, started_at)",
    """
    CREATE TABLE source_compared (              -- when the listings of a store were last set beside its shops
        store_id INTEGER PRIMARY KEY REFERENCES store(id),
        compared_at TEXT NOT NULL,
        shop_read_at TEXT,                      -- the end of the last complete reading of its shops; null: none yet
        whole INTEGER NOT NULL                  -- 1: every shop of it was read completely by then
    ) STRICT
    """,
)
