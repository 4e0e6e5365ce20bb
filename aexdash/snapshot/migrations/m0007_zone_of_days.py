"""The time zone of the days of a store's books, and of the whole days that its stored values are about."""

STATEMENTS = (
    # the zone of the days of day_bridge and day_flow
    "ALTER TABLE store ADD COLUMN books_zone TEXT NOT NULL DEFAULT 'UTC'",
    # the zone of the windows of whole days whose values are in card_value
    "ALTER TABLE store ADD COLUMN values_zone TEXT NOT NULL DEFAULT 'UTC'",
)
