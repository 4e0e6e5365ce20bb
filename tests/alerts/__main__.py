"""Print the table of docs/alerts.md: `python -m tests.alerts`."""

from __future__ import annotations

from tests.alerts.days import stores
from tests.alerts.figures import table

if __name__ == "__main__":
    print(table(stores()))
