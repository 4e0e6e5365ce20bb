"""Simulated shops that speak the real protocols: Shopify's answers are executed by a GraphQL engine on a schema.

Tests hand in Shopify's own schema, where it was fetched; the demo and everybody else use the small one beside it.

May know: demo.platform.server (how a request is answered), shops.shopify_queries (the version), clock.
Begin at: goods.py (what is in a shop), shopify.py (the larger of the two).
"""
