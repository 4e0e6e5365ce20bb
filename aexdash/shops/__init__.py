"""The seller's own shops, where products come from: Shopify, BigCommerce, a CSV of any other; read, never written.

A kind of shop is one module with one class (`shop.Shop`), so that another kind costs a file and its line in `kinds`.

May know: http, sources, model, clock.
Begin at: records.py (what is read of a shop), shop.py (what each kind answers), shopify.py (the largest).
"""
