"""The snapshot: what a sync read of the stores, in a SQLite file that only the sync writes.

The one room that speaks SQL about listings. `recording` writes a run, `evidence` what was read and measured beyond the
lists; `worklist`, `history`, `measures`, `trade` and `alerting` read. It knows `storage` and the words of `model`,
`view` and `clock`; it does not know where observations come from, what a card or an alert makes of a count, or who
draws it. Begin reading at `query`; the tables are in `migrations`, the file itself in `file`.
"""
