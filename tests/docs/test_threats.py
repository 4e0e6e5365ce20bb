"""Every threat of the threat model names a test, and every test that it names is there."""

from __future__ import annotations

import ast
import re

from tests.docs.markdown import ROOT

PAGE = ROOT / "docs" / "explanation" / "threat-model.md"

SUBJECTS = ("SSRF", "path", "bomb", "formula", "Markdown", "bidi", "homoglyph", "CSRF", "cookie theft", "cold links")


def rows() -> list[list[str]]:
    table = PAGE.read_text(encoding="utf-8").partition("<!-- threats")[2].partition("<!-- end of threats")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")
    ]
    return cells[1:]


def is_there(file: str, name: str = "") -> bool:
    """Whether a file has a test of this name, or any where none is named."""
    if not (ROOT / file).is_file():
        return False
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return name in names if name else any(one.startswith("test_") for one in names)


def test_every_test_that_a_threat_names_is_there():
    named = {threat: re.findall(r"`([^`]+)`", test) for threat, _, test in rows()}
    assert len(named) > 25
    assert [threat for threat, test in named.items() if len(test) not in (1, 2) or not is_there(*test)] == []
    assert not is_there("tests/docs/test_threats.py", "test_that_nobody_wrote")


def test_every_kind_of_threat_that_was_asked_about_has_a_row():
    threats = [threat for threat, _, _ in rows()]
    assert [subject for subject in SUBJECTS if not any(threat.startswith(subject) for threat in threats)] == []
