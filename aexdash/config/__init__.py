"""aexdash.toml, secrets.toml and the environment as typed settings; a mistake is a sentence that names its place.

May know: people, reasons, aliexpress and shops (what an account is), model, clock.
Begin at: settings.py (a home and all its settings), file.py (one file and its lines), sections/stores.py (the stores).
"""
