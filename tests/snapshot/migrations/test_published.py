"""Published migrations of the snapshot are as they were when they were published."""

from __future__ import annotations

import pytest

from aexdash.snapshot import migrations
from aexdash.snapshot.migrations import STATEMENTS
from tests.storage.published import assert_as_published, imports_of

PUBLISHED = {
    "0001_first_snapshot": "5f913c7a467330861f3b2610cae730ccbe8eb88512033a5e141213fd3f1fbe6c",
    "0002_evidence": "1474667e36196c7a5be0af5f42c8bc8ac193c25a57cf37a45944c59d2bea3516",
    "0003_cards": "7416dca36d2147d7b7167c25c2b3ef13dcc0931c6e7d749f86c4edbdcfe3af1e",
    "0004_spells": "9f6d79fee0c5b1aa090835a66baebf9a329ea9b508e4a965443812389007d455",
    "0005_coverage_ends": "6f13e7abd2c78ce0512ffeb70e1800238670a07aea56d176d3e450439b70e2fb",
    "0006_absences": "d4088c8692d39eb1d1a39dd05a40f86762eda82f732739ba88cd26f9abe04190",
    "0007_zone_of_days": "a1bebd0df7892dd02598cdb70981c19594178639cd2887ed394717baec715ba1",
    "0008_attempts": "2a194ee9c98eb1242ecfff1bde0c26d9c39840343136eead73b960643339b4d7",
    "0009_shops": "00adc2c5662826cfd8fb4b18987daad1bc32f275be631917d198c6969b58b80e",
    "0010_source": "e5819a2a48eed10c825e346005913d46108e9dd87d43085ef4cffe89e7aabc2a",
    "0011_shop_absences": "7322a943a015100eb6ae3397ca7d6a5e4be9c55067a4e7e66bb06541694419e6",
    "0012_known_desk": "4a444f285a18d3710412df1a425cb2bfc2b318ad9ba2e345bcdc8181acfd92f9",
    "0013_shop_speaks_until": "d388c6f8ceedaedadb41c56aaa6518873b99a22071a196fd47f8ff32f835bdbe",
    "0014_beacon": "befef83ffbdce1f02ccf9cdd199978f87a24b5153f02e2970f702f3d99f04494",
    "0015_listing_text": "2f9dd67b72d8c3590593577c793d1ad8b1bc4aac7700b9f734d8748772da6066",
    "0016_values_run": "84077d2e8ca6e91b67a066265bf07c2e5ded57c27fe944bff2e147942114ad2b",
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
