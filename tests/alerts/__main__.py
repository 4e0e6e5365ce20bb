"""Print the tables of two pages about alerts: `python -m tests.alerts`."""

from __future__ import annotations

from aexdash.alerts.model import Rule
from aexdash.alerts.rules.sentences import sentence
from aexdash.alerts.rules.shipped import DEFAULTS
from tests.alerts.days import stores
from tests.alerts.figures import table


def shipped() -> str:
    """The rules that ship as a Markdown table."""
    rows = [f"| `{rule.key}` | {rule.severity.value} | {sentence(rule)}{changes(rule)} |" for rule in DEFAULTS.values()]
    return "\n".join(["| key | severity | alerts when |", "| --- | --- | --- |", *rows])


def changes(rule: Rule) -> str:
    """How often a change may be told, where that is not once an hour."""
    return "" if rule.change_minutes == 60 else f" Changes at most every {rule.change_minutes // 60} hours."


if __name__ == "__main__":
    print(shipped(), end="\n\n")
    print(table(stores()))
