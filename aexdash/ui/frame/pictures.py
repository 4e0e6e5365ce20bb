"""Names of pictures in the thumbnail cache: what may be asked for, and nothing else of the disk."""

from __future__ import annotations

import re

_NAME = re.compile(r"[0-9a-f]{16,64}\.(jpg|jpeg|png|webp)")


def is_picture_name(name: str) -> bool:
    """Whether a name can be one of ours: a digest and a known ending, no folder and no dot before it."""
    return _NAME.fullmatch(name) is not None
