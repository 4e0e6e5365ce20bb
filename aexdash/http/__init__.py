"""HTTP: forms and JSON out, answers and pictures in, within limits of size and time.

`wire.Wire` makes the requests and is the only module that knows httpx; `addresses` decides which hosts a picture may
be fetched from; `errors` names what can go wrong. Knows nothing of AliExpress, of channels or of feeds: those that call
it say what a failure means for them. Begin reading at `wire`.
"""
