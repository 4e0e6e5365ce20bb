"""The words of screens, mails and terminals: one word for one thing, and texts of others made harmless.

Pure functions: they know cards, the desk, the settings and what the snapshot answers, but draw, send and read
nothing. Sentences about rules and episodes are in `aexdash.alerts`. Begin reading at `common`; `cards` and
`card_units` are about cards, `severity` is about the severities of alerts.
"""
