"""The error of a file that cannot be used."""

from __future__ import annotations


class SourceError(Exception):
    """The file cannot be read as asked; the text names the file, the sheet or row, and what to do."""
