"""A listing in audit about which nobody said anything is not a riddle: nothing was refused yet."""

from aexdash.model import IN_REVIEW, UNKNOWN_REASON, Status
from aexdash.snapshot.tallies import ReasonCount
from aexdash.view import View
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.support import NO_EVIDENCE, Shop

REJECTED, IN_AUDIT = 1005000000000001, 1005000000000002


def test_only_a_refused_listing_without_a_reason_is_unknown(tmp_path):
    shop = Shop(
        tmp_path, ScriptedWorld([plain_listing(REJECTED, Status.REJECTED), plain_listing(IN_AUDIT, Status.AUDITING)])
    )
    shop.sync(limits=NO_EVIDENCE)
    assert shop.snapshot.reason_counts(View()) == [
        ReasonCount(UNKNOWN_REASON, 1, 1, ()),
        ReasonCount(IN_REVIEW, 1, 1, ()),
    ]
    for reason, product_id in ((IN_REVIEW, IN_AUDIT), (UNKNOWN_REASON, REJECTED)):
        view = View(reasons=(reason,))
        assert [row.product_id for row in shop.snapshot.rows(view)] == [product_id]
        assert shop.snapshot.count(view) == 1
    shop.close()
