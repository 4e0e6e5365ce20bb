"""What Seller Center says: files brought in, texts not recognised, what each reason means.

May know: `ui.frame`. Begin with: `page.py` (the meanings) and `imports.py` (a file dropped on the page).
"""
