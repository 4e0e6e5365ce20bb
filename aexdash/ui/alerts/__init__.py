"""Who is told, and of what: rules and their editor, channels, episodes, what is open, the badge of the tab.

May know: `ui.frame`. Begin with: `page.py` (which part is shown), then `rules.py`.
"""
