"""The words of severities: a sign and a colour each. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from aexdash.model import Severity

SIGNS: Mapping[Severity, str] = {
    Severity.CRITICAL: "‼",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "◆",
    Severity.LOW: "●",
    Severity.INFO: "○",
}
"""A sign a severity, so that its colour is never the only one."""

COLOURS: Mapping[Severity, str] = {
    Severity.CRITICAL: "red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "orange",
    Severity.LOW: "gray",
    Severity.INFO: "blue",
}


def badge(severity: Severity) -> str:
    """Write a severity as a badge of Markdown, with its sign."""
    return f":{COLOURS[severity]}-badge[{SIGNS[severity]} {severity.value}]"
