"""The five listings of the worked example of March 2026, in the default store."""

from __future__ import annotations

from aexdash.demo.world.moments import DEFAULT_SEED
from aexdash.demo.world.population import march_brand, march_pictures

MARCH_PICTURE_IDS = march_pictures(DEFAULT_SEED)
"""The four listings of the worked example whose main picture is 640 by 640."""

MARCH_BRAND_ID = march_brand(DEFAULT_SEED)
"""The listing of the worked example whose brand is missing."""
