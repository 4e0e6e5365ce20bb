"""Validation files of a feed: brought from folders and SFTP servers, read, and recorded in the snapshot.

`watching` reads what lies in the feed folders, `fetching` brings files from servers into them, `status` asks when the
feed last ran. It may know the sync's lease, the desk, the snapshot and `sources`; the sync does not know it.
Begin reading at `watching`.
"""
