"""axe-core in a page: what it finds that shuts somebody out. It comes from npm, by package.json beside this."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

needed = pytest.mark.skipif(
    not SCRIPT.exists(), reason="axe-core is not there: with npm on this machine, `make setup` installs it"
)

SERIOUS = ("serious", "critical")


def serious(page: Page) -> list[str]:
    """Return what stands in somebody's way on a page as it is now, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 10, "axe has looked at nothing"
    return [
        f"{violation['id']}: {node['target']} {node['html'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
