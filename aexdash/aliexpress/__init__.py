"""The platform's side: signed calls out, observations and named errors in. Knows no SQLite and no Streamlit.

`listings` opens a store and says what the sync may ask of it; `seller` answers over `gateway`, in the dialect of the
store's business model (`overseas`, `pop`, `choice`, `managed`). It knows `aexdash.http`, the model and the clock.
Begin reading at `listings`, then `gateway`.
"""
