"""`python -m aexdash.cards` prints docs/cards.md."""

import sys

from aexdash.cards import CARDS
from aexdash.cards.reference_page import page

sys.stdout.write(page(CARDS.values()))
