from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aexdash.model import Status
from tests.demo.scripted import ScriptedWorld, plain_listing

AT = datetime(2026, 4, 1, tzinfo=UTC)


def test_a_scripted_world_shows_what_the_script_says() -> None:
    world = ScriptedWorld([plain_listing(number) for number in (3, 1, 2)])
    world.move(1, Status.REJECTED, "price", at=AT)
    world.move(2, Status.OFFLINE, "violate_offline", at=AT)
    rejected, offline = world.listing(1, AT), world.listing(2, AT)
    assert rejected
    assert offline
    assert (rejected.rejected_for, rejected.cause, rejected.modified) == ("price", None, AT)
    assert (offline.cause, offline.offline_at) == ("violate_offline", AT)
    assert [world.ids(status, AT) for status in (Status.ACTIVE, Status.REJECTED)] == [[3], [1]]
    world.remove(2)
    world.put(plain_listing(4, Status.AUDITING))
    assert {status: count for status, count in world.counts(AT).items() if count} == {
        Status.ACTIVE: 1,
        Status.REJECTED: 1,
        Status.AUDITING: 1,
    }
    assert world.listing(2, AT) is None


def test_moving_an_unknown_listing_is_an_error() -> None:
    with pytest.raises(KeyError):
        ScriptedWorld().move(1, Status.ACTIVE)
