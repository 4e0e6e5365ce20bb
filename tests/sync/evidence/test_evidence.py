"""Evidence of a sync: how much a run gathers, what fails and is tried again, and what is no picture."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import pytest

from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Outcome, Status
from aexdash.sync.evidence.picture_fetch import PICTURE_LIMIT_BYTES
from aexdash.sync.kit import ALL_EVIDENCE, Limits
from tests.demo.scripted import plain_listing
from tests.support import FIRST, ForgetfulWorld, world_of

DETAIL = "aliexpress.solution.product.info.get"


def test_limits_leave_the_rest_of_the_evidence_to_the_next_runs(open_shop):
    shop = open_shop(world_of(rejected=5))
    limits = Limits(details=2, pictures=3, categories=1)
    asked, left = [], []
    for _ in range(4):
        result, made = shop.calls_of("pulse", limits=limits)
        asked.append((made.get("detail", 0), made.get("picture", 0)))
        left.append(result.evidence_left)
        shop.clock.move(minutes=1)
    assert asked == [(2, 3), (2, 2), (1, 0), (0, 0)]
    assert left == [True, True, False, False]
    assert all(reasons == [("attribute.brand_missing", "check")] for reasons in map(brand_only, shop.rows().values()))


def test_held_listings_of_which_evidence_is_still_to_come_are_counted(open_shop):
    """Each kind of evidence may name a reason: while one is missing, the reasons of a listing are not all read."""
    shop = open_shop(world_of(rejected=5))
    limits = Limits(details=2, pictures=3, categories=1)
    left = []
    for _ in range(4):
        shop.sync("pulse", limits=limits)
        left.append(shop.snapshot.held_unread(["main"]))
        shop.clock.move(minutes=1)
    assert left == [3, 1, 0, 0]
    shop.faults.add(FaultKind.SERVER_ERROR, method=DETAIL)
    shop.world.move(FIRST, Status.REJECTED, at=shop.clock.move(minutes=5))
    shop.sync("pulse")
    assert shop.snapshot.held_unread(None) == 1
    shop.faults.clear()
    shop.clock.move(minutes=61)
    shop.sync("pulse")
    assert shop.snapshot.held_unread(None) == 0


def brand_only(row):
    return [(reason.code, reason.provenance.value) for reason in row.reasons if "brand" in reason.code]


def test_a_detail_that_fails_is_tried_again_after_an_hour_and_not_before(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.faults.add(FaultKind.SERVER_ERROR, method=DETAIL)
    result = shop.sync("sweep")
    assert (result.outcome, result.held) == (Outcome.COMPLETE, 1)
    assert result.message.startswith(f"Evidence is incomplete: listing {FIRST}: 127.0.0.1 could not answer")
    assert shop.rows()[FIRST].reasons == ()
    shop.faults.clear()
    shop.clock.move(minutes=58)
    assert "detail" not in shop.calls_of("pulse")[1]
    shop.clock.move(minutes=3)
    assert shop.calls_of("pulse")[1]["detail"] == 1
    assert shop.reasons(FIRST) != []


def test_an_edited_listing_is_looked_into_again_and_an_unedited_one_is_not(open_shop):
    shop = open_shop(world_of(rejected=2))
    shop.sync("sweep")
    shop.world.move(FIRST, Status.REJECTED, at=shop.clock.move(minutes=5))
    assert shop.calls_of("pulse")[1] == {"list": 2, "counts": 1, "detail": 1}


@dataclass(frozen=True)
class Elsewhere:
    """A picture whose address the seller chose: `addresses` as the platform lists them, `;` between."""

    addresses: str

    def path(self, _product_id: int) -> str:
        return self.addresses


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size, and holds no pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'

PICTURES = {
    "/img/page.jpg": (b"<!DOCTYPE html><p>busy</p>", "not_a_picture"),
    "/img/vector.svg": (SVG, "not_a_picture"),
    "/img/empty.jpg": (b"", "not_a_picture"),
    "/img/noise.jpg": (bytes(range(256)) * 8, "not_a_picture"),
    "/img/bomb.png": (png(60_000, 60_000), "too_large"),
    "/img/heavy.jpg": (b"\xff\xd8" + bytes(PICTURE_LIMIT_BYTES), "too_large"),
}


@pytest.mark.parametrize("path", PICTURES)
def test_what_is_not_a_picture_is_a_fact_and_tells_no_size(open_shop, path):
    body, state = PICTURES[path]
    shop = open_shop(ForgetfulWorld([plain_listing(FIRST, Status.REJECTED, pictures=(Elsewhere(path),))]))
    shop.sent[path] = (200, {"Content-Type": "image/jpeg"}, body)
    assert shop.sync("sweep").outcome is Outcome.COMPLETE
    assert [fact.state for fact in shop.snapshot.listing("main", FIRST).pictures] == [state]
    assert "image.main_too_small" not in dict(shop.reasons(FIRST))
    assert shop.rows()[FIRST].thumbnail is None


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://127.0.0.1:22/a.jpg",
        "https://user:word@example.com/a.jpg",
        "//",
        "\\\\host\\share",
    ],
)
@pytest.mark.parametrize("status", [Status.REJECTED, Status.ACTIVE], ids=["fetched whole", "first bytes"])
def test_an_address_we_do_not_fetch_from_is_refused_and_tells_no_size(open_shop, address, status):
    shop = open_shop(ForgetfulWorld([plain_listing(FIRST, status, pictures=(Elsewhere(f";{address}"),))]))
    shop.sent[""] = shop.sent["/"] = (404, {}, b"")
    result, asked = shop.calls_of("sweep", at_risk=ALL_EVIDENCE)
    assert (result.outcome, asked.get("picture", 0)) == (Outcome.COMPLETE, 0)
    states = {fact.state for fact in shop.snapshot.listing("main", FIRST).pictures}
    assert states <= {"refused", "unreachable"}
    found = {code for (code,) in shop.db.execute("SELECT code FROM listing_reason WHERE provenance = 'check'")}
    assert "image.main_too_small" not in found
    assert "image.unreachable" in found


def test_a_picture_that_is_not_delivered_is_tried_again_after_a_day(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.faults.add(FaultKind.SERVER_ERROR, method="picture")
    shop.sync("sweep")
    assert [fact.state for fact in shop.snapshot.listing("main", FIRST).pictures] == ["unreachable"]
    shop.faults.clear()
    shop.clock.move(hours=23)
    assert "picture" not in shop.calls_of("pulse")[1]
    shop.clock.move(hours=2)
    assert shop.calls_of("pulse")[1]["picture"] == 1
    assert [fact.state for fact in shop.snapshot.listing("main", FIRST).pictures] == ["measured"]
