"""Promise 2. The platform's word and our guess never mix."""

from __future__ import annotations

import pytest

from aexdash.cli.printing import row_facts
from aexdash.demo.world.listing import Cause, Picture
from aexdash.exports.worklist.worklist import ExportContext, csv_chunks
from aexdash.model import Provenance, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.sources.tables import SourceError, read_tables
from aexdash.view import View
from tests.demo.scripted import plain_listing
from tests.support import FIRST, NO_EVIDENCE, ForgetfulWorld, world_of

SMALL = (Picture(1, 400, 400),)


def test_each_reason_says_who_says_so_and_the_measurement_is_ours_alone(open_shop):
    listing = plain_listing(FIRST, Status.REJECTED, pictures=SMALL, rejected_for=Cause.PRICE)
    shop = open_shop(ForgetfulWorld([listing]), model="choice")
    shop.sync("sweep")
    reasons = {reason.code: reason for reason in shop.rows()[FIRST].reasons}
    assert {code: reason.provenance for code, reason in reasons.items()} == {
        "price.supply_price_refused": Provenance.PLATFORM,
        "image.main_too_small": Provenance.CHECK,
        "attribute.brand_missing": Provenance.CHECK,
        "attribute.required_missing": Provenance.CHECK,
    }
    assert reasons["price.supply_price_refused"].text.startswith("audit_sub_status_supply_price")
    small = reasons["image.main_too_small"]
    assert (small.text, small.measured["width"], small.measured["height"]) == ("", 400, 400)


def test_what_the_platform_takes_back_leaves_what_we_measured(open_shop):
    listing = plain_listing(FIRST, Status.REJECTED, pictures=SMALL, rejected_for=Cause.PRICE)
    shop = open_shop(ForgetfulWorld([listing]), model="choice")
    shop.sync("sweep")
    ours = [word for word in shop.reasons(FIRST) if word[1] == "check"]
    shop.world.move(FIRST, Status.AUDITING, at=shop.clock.move(minutes=1))
    shop.sync("pulse")
    assert shop.reasons(FIRST) == ours


def test_where_nobody_says_why_the_listing_says_unknown(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.sync("sweep", limits=NO_EVIDENCE)
    row, taxonomy = shop.rows()[FIRST], load_taxonomy()
    assert (row.reasons, row_facts(row, taxonomy)["reasons"]) == ((), [])
    assert [(count.code, count.listings, count.provenance) for count in counts(shop)] == [("unknown", 1, ())]
    assert "Seller Center" in taxonomy.codes["unknown"].sentence + taxonomy.codes["unknown"].remedy_plain


def test_what_we_measured_never_comes_back_as_somebody_elses_word(open_shop):
    shop = open_shop(ForgetfulWorld([plain_listing(FIRST, Status.REJECTED, pictures=SMALL)]), model="choice")
    shop.sync("sweep")
    context = ExportContext.of(shop.snapshot.stores(), load_taxonomy(), shop.clock())
    content = b"".join(csv_chunks(shop.rows().values(), context))
    assert b"Main picture too small" in content
    with pytest.raises(SourceError, match="is an export of aexdash"):
        read_tables("rejected.csv", content)


def counts(shop):
    return shop.snapshot.reason_counts(View())
