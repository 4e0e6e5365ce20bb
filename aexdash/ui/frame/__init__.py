"""What stands around every page: the guard, the visit, the address, the top bar, banners, charts and colours.

May know: no other folder of `ui`. Begin with: `guard.py` (settings and snapshot are there) and `visit.py` (what one
run of a page knows and reads).
"""
