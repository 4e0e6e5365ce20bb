"""The doors beside the pages: is the server up, a picture of the cache, a view as a file."""

from __future__ import annotations
