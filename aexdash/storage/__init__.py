"""SQLite files: opening them, bringing them up to date, and saying in one sentence what is wrong with one.

This room knows SQLite and nothing of what the files hold: a caller brings the migrations and the word for its file
(`snapshot`, `desk`). It imports no other room of aexdash. Begin at `file`; `aexdash.snapshot.file` and
`aexdash.desk.file` are the two files made with it.
"""
