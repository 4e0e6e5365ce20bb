"""Up to when the last complete reading of a store's shops speaks for what they are."""

STATEMENTS = (
    # The end of that reading and the tolerance of its shop, of several shops the earliest. Null: none yet, or an older
    # version compared them, which kept no tolerance: then nothing is vouched for after the reading.
    "ALTER TABLE source_compared ADD COLUMN speaks_until TEXT",
)
