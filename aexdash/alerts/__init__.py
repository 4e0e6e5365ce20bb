"""Alerts: rules that say when somebody should be told, and the episodes that come of them."""
