"""What alert rules ask of a store at a moment: values of cards, what entered, what is stuck, how current all is.

May know: `snapshot.measures`, `snapshot.worklist` and all below them. Begin with: `store.py`.
"""
