"""The platform's side of the simulation: signed calls in, AliExpress' answers out, with faults to switch on.

`gateway` takes every request; `methods` has the business methods, a module a subject; `invented` holds all that the
reference does not know. It knows `aexdash.demo.world`, which does not know it. Begin reading at `gateway`.
"""
