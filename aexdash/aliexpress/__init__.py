"""The platform's side: signatures, limits and AliExpress' own words in; observations and named errors out.

`listings.connect` opens a store, `listings.sign_in` signs in to one. Knows no SQLite and no Streamlit.

May know: http, platform_data, model, clock.
Begin at: listings.py (what may be asked of a store), protocol/gateway.py (one signed call), dialects/walks.py (all
pages of a status).
"""
