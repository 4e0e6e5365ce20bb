"""The desk: what people decided, in a SQLite file of its own that no sync overwrites.

One module a subject: `work` (stages, owners, notes), `annotations`, `profiles`, `bands`, `preferences`,
`feed_columns`. It knows `storage` and the words of rooms below it, never the snapshot's tables. Begin reading at
`work`; the tables are in `migrations`, the file itself in `file`.
"""
