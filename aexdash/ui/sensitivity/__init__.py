"""When a number is good: bands tried on the past before they are saved, and profiles of stores.

May know: `ui.frame`. Begin with: `page.py`.
"""
