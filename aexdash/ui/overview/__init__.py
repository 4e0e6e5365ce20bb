"""The first screen: the hero, its bridge of the day, why listings are held, what is at risk, every card.

May know: `ui.frame`. Begin with: `tiles.py` (the hero) and `why.py` (its reasons).
"""
