"""Which file names may be asked for in the thumbnail cache, so that no other file of the disk is served."""

from __future__ import annotations

import re

_NAME = re.compile(r"[0-9a-f]{16,64}\.(jpg|jpeg|png|webp)")


def is_thumbnail_name(name: str) -> bool:
    """Whether a name is a digest with a picture's ending: no folder, no leading dot."""
    return _NAME.fullmatch(name) is not None
