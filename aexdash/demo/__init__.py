"""A simulated AliExpress on this machine, for `aexdash demo` and for tests; nothing here leaves the machine.

`world` is the store and what happens in it, `platform` the protocol in front of it, `launch` puts both beside the real
sync and the real pages. It may know every room; only `aexdash.__main__` and tests know it. Begin reading at `launch`.
"""
