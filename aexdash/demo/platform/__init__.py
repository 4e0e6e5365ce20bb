"""The protocol of AliExpress as a server on this machine, with faults to switch on.

Signatures, tokens, envelopes and methods are as documented; nothing is taken from the real client.

May know: demo/world, model, clock.
Begin at: gateway.py (a request is answered), faults.py (what can go wrong).
"""
