"""The business methods of the simulated platform, a module a subject; `listings` is the plainest to begin with."""
