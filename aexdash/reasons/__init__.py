"""Why a listing is held: the taxonomy of data/reasons.toml, what to do, and the reasons that a text names.

May know: snapshot, checks, platform_data, model.
Begin at: taxonomy.py (families and codes), recognise.py (a text in nine languages).
"""
