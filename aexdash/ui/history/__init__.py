"""The past: the hero beside its siblings, the books of any span, the listings behind a bar, ages and times to clear.

May know: `ui.frame`. Begin with: `page.py`, then `span.py` (which time is shown).
"""
