"""Why a listing is held: the codes, what each means, what to do, and how texts of people and the platform become codes.

`taxonomy` reads data/reasons.toml; `recognise` finds its codes in a text of Seller Center, with `phrasing`, `lexicon`
and `language` as its parts; `remedies` says what to do about a row. Knows the model and the snapshot's read models, no
database and no HTTP. Begin reading at `taxonomy`.
"""
