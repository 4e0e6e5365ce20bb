"""What was found out about listings beside their status: details, categories, pictures, words, duplicates, findings.

May know: the files of `snapshot` itself. Begin with: `api.py`, the door through which the sync asks what is lacking
and writes down what was told.
"""
