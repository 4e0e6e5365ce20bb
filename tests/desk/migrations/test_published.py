"""Published migrations of the desk are as they were when they were published."""

from __future__ import annotations

import pytest

from aexdash.desk import migrations
from aexdash.desk.migrations import STATEMENTS
from tests.storage.published import assert_as_published, imports_of

PUBLISHED = {
    "0001_first_desk": "edded72032ab03a70b3bc9b69dfe3958eb39b425c57eae4aecb1bccaad347e92",
    "0002_annotations": "b07251be470128962049d1b6fb8c8055acb14453d9d51042fd287cd90903e938",
    "0003_profiles": "4d41a87caec4f39cecb221624f8ec2c491afaed447985ac602714905636d0151",
    "0004_alerts": "10bd3219de5d75fc516b0c8cb3f06fb3e7335431fd274381d61d2a85b67ef69f",
    "0005_work": "c24efbc304d98cabce4c2af7d1ecf3d764ed41464a931f876f85afd9df76a927",
    "0006_reports": "aa2d1a78fad79897ff670ff71fa23a480e8c2843486fa5ef157d8771fa71c6b4",
    "0007_reconciliations": "328674e4375a762b7f32a8ac03dd8145f27cc8cd78c876772db5c3573675ffe5",
    "0008_sessions": "1d5b63b540abbc25818ae19314edc87327c0e622ca288a75cc16b219ed3d3014",
    "0009_identity": "0b10957137edc07207470eb125c059e44884ea1f95d7ebb6c9793b95e6cfad41",
}
"""The SHA-256 of the statements of each; the test says it for a new one."""


def test_no_published_migration_was_edited() -> None:
    assert_as_published(STATEMENTS, PUBLISHED)


def test_an_edited_migration_is_said_with_what_to_do_instead() -> None:
    first = next(iter(STATEMENTS))
    edited = {**STATEMENTS, first: (*STATEMENTS[first], "SELECT 1")}
    with pytest.raises(
        AssertionError, match=f"{first}: a published migration was edited.*add a migration with the next"
    ):
        assert_as_published(edited, PUBLISHED)


def test_no_migration_takes_anything_from_code_that_may_change() -> None:
    imports = imports_of(migrations)
    assert [name.removeprefix("m") for name in imports] == list(STATEMENTS)
    assert {name: lines for name, lines in imports.items() if lines} == {}
