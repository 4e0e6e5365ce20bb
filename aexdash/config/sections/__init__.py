"""What may stand under each heading of aexdash.toml and secrets.toml: a module for each, its settings and its reader.

May know: config.file, people, reasons, aliexpress and shops (what an account is), model, clock.
Begin at: section.py (what all have in common), backups.py (the shortest), stores.py (the stores).
"""
