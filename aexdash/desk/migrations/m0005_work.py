"""What people decided as changes that can be undone; what snoozes wait for; saved views, campaigns, rules, settings."""

STATEMENTS = (
    """
    CREATE TABLE work_change (                  -- one decision on one or many listings
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        by TEXT NOT NULL,                       -- the name that people read
        by_key TEXT NOT NULL DEFAULT '',        -- 'issuer|subject' of a sign-in; empty: a name that a browser keeps
        action TEXT NOT NULL
            CHECK (action IN ('take', 'fix', 'snooze', 'note', 'assign', 'back', 'propose', 'apply', 'undo')),
        through TEXT NOT NULL,                  -- page, panel, key, bulk, command, file NAME, rule NAME
        listings INTEGER NOT NULL,              -- how many it changed
        undoes INTEGER REFERENCES work_change (id),
        request TEXT UNIQUE                     -- names the click, line or row that asked, which is applied once
    ) STRICT
    """,
    "CREATE INDEX work_change_by_time ON work_change (at)",
    "CREATE INDEX work_change_undone ON work_change (undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TRIGGER work_change_is_not_rewritten BEFORE UPDATE ON work_change
    BEGIN SELECT raise(ABORT, 'the log of changes can only grow'); END
    """,
    """
    CREATE TRIGGER work_change_is_not_shortened BEFORE DELETE ON work_change
    BEGIN SELECT raise(ABORT, 'the log of changes can only grow'); END
    """,
    # null: logged before changes were kept
    "ALTER TABLE work_log ADD COLUMN change_id INTEGER REFERENCES work_change (id)",
    "CREATE INDEX work_log_of_change ON work_log (change_id) WHERE change_id IS NOT NULL",
    # until AliExpress changes the status, or until it gets worse; beside snoozed_until, or instead of it
    """
    ALTER TABLE work_item ADD COLUMN snooze_event TEXT NOT NULL DEFAULT ''
        CHECK (snooze_event IN ('', 'status', 'worse'))
    """,
    # it also got worse when so many more listings have the same reason; 0: that does not matter
    "ALTER TABLE work_item ADD COLUMN snooze_more INTEGER NOT NULL DEFAULT 0",
    # what stood when the stage was set: JSON {period, attempt, codes: [code], same: {code: held listings with it}}
    "ALTER TABLE work_item ADD COLUMN basis TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE work_item ADD COLUMN version INTEGER NOT NULL DEFAULT 1",  # grows with every change
    "CREATE INDEX work_item_of_owner ON work_item (owner) WHERE owner <> ''",
    """
    CREATE TABLE saved_view (                   -- a change adds a row; the last row of a key counts
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        scope TEXT NOT NULL CHECK (scope IN ('team', 'private')),
        person TEXT NOT NULL,                   -- whose it is
        query TEXT,                             -- as in addresses; null: deleted
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX saved_view_by_key ON saved_view (key, id)",
    """
    CREATE TRIGGER saved_view_is_not_rewritten BEFORE UPDATE ON saved_view
    BEGIN SELECT raise(ABORT, 'the log of saved views can only grow'); END
    """,
    """
    CREATE TRIGGER saved_view_is_not_shortened BEFORE DELETE ON saved_view
    BEGIN SELECT raise(ABORT, 'the log of saved views can only grow'); END
    """,
    """
    CREATE TABLE campaign (                     -- a change adds a row; the last row of a key counts
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,                      -- as it stands in addresses
        name TEXT NOT NULL,
        query TEXT NOT NULL,                    -- the filter that it was frozen from
        due_on TEXT,                            -- date
        responsible TEXT NOT NULL DEFAULT '',
        closed INTEGER NOT NULL DEFAULT 0,
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX campaign_by_key ON campaign (key, id)",
    """
    CREATE TRIGGER campaign_is_not_rewritten BEFORE UPDATE ON campaign
    BEGIN SELECT raise(ABORT, 'the log of campaigns can only grow'); END
    """,
    """
    CREATE TRIGGER campaign_is_not_shortened BEFORE DELETE ON campaign
    BEGIN SELECT raise(ABORT, 'the log of campaigns can only grow'); END
    """,
    """
    CREATE TABLE campaign_listing (             -- the frozen set: made with the campaign, never changed
        campaign TEXT NOT NULL,
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        PRIMARY KEY (campaign, store_key, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER campaign_listing_is_not_rewritten BEFORE UPDATE ON campaign_listing
    BEGIN SELECT raise(ABORT, 'the set of a campaign is frozen'); END
    """,
    """
    CREATE TRIGGER campaign_listing_is_not_shortened BEFORE DELETE ON campaign_listing
    BEGIN SELECT raise(ABORT, 'the set of a campaign is frozen'); END
    """,
    """
    CREATE TABLE assignment_rule (              -- a change adds a row; the last row of a key counts
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        place INTEGER NOT NULL,                 -- the first that fits assigns
        spec TEXT,                              -- JSON {title, owner, stores, reasons, categories}; null: removed
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX assignment_rule_by_key ON assignment_rule (key, id)",
    """
    CREATE TRIGGER assignment_rule_is_not_rewritten BEFORE UPDATE ON assignment_rule
    BEGIN SELECT raise(ABORT, 'the log of assignment rules can only grow'); END
    """,
    """
    CREATE TRIGGER assignment_rule_is_not_shortened BEFORE DELETE ON assignment_rule
    BEGIN SELECT raise(ABORT, 'the log of assignment rules can only grow'); END
    """,
    """
    CREATE TABLE work_setting (                 -- a change adds a row; the last row of a name counts
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL CHECK (name IN ('waiting_hours', 'untouched_hours')),
        value INTEGER NOT NULL CHECK (value > 0),
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER work_setting_is_not_rewritten BEFORE UPDATE ON work_setting
    BEGIN SELECT raise(ABORT, 'the log of settings can only grow'); END
    """,
    """
    CREATE TRIGGER work_setting_is_not_shortened BEFORE DELETE ON work_setting
    BEGIN SELECT raise(ABORT, 'the log of settings can only grow'); END
    """,
    """
    CREATE TABLE proposal (                     -- what somebody filled into a fix sheet, to be entered in Seller Center
        id INTEGER PRIMARY KEY,
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        code TEXT NOT NULL,                     -- the reason that the fix sheet was of
        field TEXT NOT NULL,                    -- the heading of the column
        value TEXT NOT NULL,                    -- empty: withdrawn
        change_id INTEGER NOT NULL REFERENCES work_change (id)
    ) STRICT
    """,
    "CREATE INDEX proposal_of_listing ON proposal (store_key, product_id, id)",
    "CREATE INDEX proposal_of_change ON proposal (change_id)",
    """
    CREATE TRIGGER proposal_is_not_rewritten BEFORE UPDATE ON proposal
    BEGIN SELECT raise(ABORT, 'proposals can only grow'); END
    """,
    """
    CREATE TRIGGER proposal_is_not_shortened BEFORE DELETE ON proposal
    BEGIN SELECT raise(ABORT, 'proposals can only grow'); END
    """,
)
