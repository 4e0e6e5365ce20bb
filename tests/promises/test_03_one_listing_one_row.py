"""Promise 3. Counts are of distinct listings, whatever number of reasons they have."""

from __future__ import annotations

from aexdash.demo.world.listing import Picture
from aexdash.model import Status
from aexdash.view import View
from tests.demo.scripted import plain_listing
from tests.support import FIRST, ForgetfulWorld

SMALL = (Picture(1, 400, 400),)


def test_reasons_add_up_to_more_than_the_listings_and_one_fix_is_counted_apart(open_shop):
    world = ForgetfulWorld(
        [
            plain_listing(FIRST, Status.REJECTED, pictures=SMALL),  # small, and no attribute filled in
            plain_listing(FIRST + 1, Status.REJECTED),
            plain_listing(FIRST + 2, Status.AUDITING, pictures=SMALL, category_id=999_999_999),  # small alone
        ]
    )
    shop = open_shop(world)
    shop.sync("sweep")
    rows, found = list(shop.snapshot.rows(View())), shop.snapshot.reason_counts(View())
    assert len(rows) == len({row.product_id for row in rows}) == shop.snapshot.count(View()) == shop.hero().held == 3
    assert {count.code: (count.listings, count.sole) for count in found} == {
        "image.main_too_small": (2, 1),
        "attribute.brand_missing": (2, 0),
        "attribute.required_missing": (2, 0),
    }
    assert sum(count.listings for count in found) == 6 > len(rows)


def test_a_listing_found_by_two_reasons_is_still_one_row(open_shop):
    shop = open_shop(ForgetfulWorld([plain_listing(FIRST, Status.REJECTED, pictures=SMALL)]))
    shop.sync("sweep")
    view = View(reasons=("image", "attribute.brand_missing"))
    assert (shop.snapshot.count(view), [row.product_id for row in shop.snapshot.page(view, 9)]) == (1, [FIRST])
