"""The platform's side: HTTP, signatures and AliExpress' own words in; observations and named errors out.

`listings.connect` opens a store, `listings.sign_in` signs in to one. Knows no SQLite and no Streamlit.
"""
