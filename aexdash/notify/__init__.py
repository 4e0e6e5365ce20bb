"""Delivery: tells people over channels what alerts laid out for them in the outbox.

`sending` takes what is due, `writing` and `digest` make messages of it, `channels` and `webhook` send them. What
became of a delivery is marked in the desk. `channel_states` says how each channel is, for pages and commands.

It may know alerts and all rooms below them; no room but the pages and the commands knows it. Begin reading at
`sending`.
"""
