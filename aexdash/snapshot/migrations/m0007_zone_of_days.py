"""In which time zone the days of what is stored are cut: books, values of cards that count whole days, feed dates."""

STATEMENTS = (
    # the zone of the days of day_bridge and day_flow
    "ALTER TABLE store ADD COLUMN books_zone TEXT NOT NULL DEFAULT 'UTC'",
    # the zone of the windows of whole days whose values are in card_value
    "ALTER TABLE store ADD COLUMN values_zone TEXT NOT NULL DEFAULT 'UTC'",
    # the zone in which a date without a time was read as a day
    "ALTER TABLE feed_file ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC'",
)
