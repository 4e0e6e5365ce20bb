"""Alert rules that people made, the episodes that came of them, and what was sent over which channel."""

STATEMENTS = (
    """
    CREATE TABLE alert_rule (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        spec TEXT,                              -- JSON of the rule; null: back to the one that ships, or gone
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX alert_rule_by_key ON alert_rule (key, id)",
    """
    CREATE TRIGGER alert_rule_is_not_rewritten BEFORE UPDATE ON alert_rule
    BEGIN SELECT raise(ABORT, 'the log of alert rules can only grow'); END
    """,
    """
    CREATE TRIGGER alert_rule_is_not_shortened BEFORE DELETE ON alert_rule
    BEGIN SELECT raise(ABORT, 'the log of alert rules can only grow'); END
    """,
    """
    CREATE TABLE alert_standing (               -- where a rule stands with a store, so that a restart forgets nothing
        rule_key TEXT NOT NULL,
        store_key TEXT NOT NULL,
        spec TEXT NOT NULL,                     -- the rule that it stands for
        standing TEXT NOT NULL,                 -- JSON
        PRIMARY KEY (rule_key, store_key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE alert_episode (
        id INTEGER PRIMARY KEY,
        trace TEXT NOT NULL UNIQUE,
        rule_key TEXT NOT NULL,
        title TEXT NOT NULL,
        store_key TEXT NOT NULL,
        severity TEXT NOT NULL,
        since TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        closed_at TEXT,
        at TEXT NOT NULL,
        reading TEXT NOT NULL,                  -- JSON of the last event's reading
        acknowledged_at TEXT,
        acknowledged_by TEXT NOT NULL DEFAULT '',
        owner TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX alert_episode_open ON alert_episode (store_key, rule_key) WHERE closed_at IS NULL",
    "CREATE INDEX alert_episode_by_time ON alert_episode (opened_at)",
    """
    CREATE TABLE alert_log (
        id INTEGER PRIMARY KEY,
        episode_id INTEGER NOT NULL REFERENCES alert_episode (id),
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        field TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX alert_log_of_episode ON alert_log (episode_id, id)",
    """
    CREATE TRIGGER alert_log_is_not_rewritten BEFORE UPDATE ON alert_log
    BEGIN SELECT raise(ABORT, 'the log of alerts can only grow'); END
    """,
    """
    CREATE TRIGGER alert_log_is_not_shortened BEFORE DELETE ON alert_log
    BEGIN SELECT raise(ABORT, 'the log of alerts can only grow'); END
    """,
    """
    CREATE TABLE alert_event (
        id INTEGER PRIMARY KEY,
        episode_id INTEGER NOT NULL REFERENCES alert_episode (id),
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        severity TEXT NOT NULL,
        since TEXT NOT NULL,
        reading TEXT NOT NULL,                  -- JSON
        rule TEXT NOT NULL,                     -- JSON of the rule as it was
        codes TEXT NOT NULL,                    -- JSON object: held listings by reason code
        codes_before TEXT NOT NULL,             -- the same at the last message, or a day before the opening
        data_at TEXT                            -- when the store had last been read completely
    ) STRICT
    """,
    "CREATE INDEX alert_event_of_episode ON alert_event (episode_id, id)",
    """
    CREATE TABLE alert_delivery (
        id INTEGER PRIMARY KEY,
        event_id INTEGER NOT NULL REFERENCES alert_event (id),
        channel TEXT NOT NULL,
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        tried_at TEXT,
        delivered_at TEXT,
        given_up_at TEXT,
        error TEXT NOT NULL DEFAULT '',
        UNIQUE (event_id, channel)
    ) STRICT
    """,
    "CREATE INDEX alert_delivery_due ON alert_delivery (due_at) WHERE delivered_at IS NULL AND given_up_at IS NULL",
    """
    CREATE TABLE channel_state (
        channel TEXT NOT NULL PRIMARY KEY,
        delivered_at TEXT,                      -- the last time that something went through
        failing_since TEXT,
        error TEXT NOT NULL DEFAULT '',
        digest_at TEXT,                         -- up to when digests were made
        test_asked_at TEXT,                     -- somebody wants a test message
        tested_at TEXT,
        test_error TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID
    """,
)
