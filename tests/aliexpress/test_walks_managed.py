"""Overseas-managed stores: the list names no reason, so it is asked for the listings of each (reference §3.4)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.aliexpress.dialects.rebuilt_reasons import REASONS
from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, PlatformFault, Throttled
from aexdash.aliexpress.listings import connect
from aexdash.model import Status
from aexdash.platform_data import Detail, Observation, Page, PlatformSignal, Sku
from tests.aliexpress.played import Shop, Time, account, error
from tests.support import examples

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LIST = "aliexpress.local.service.products.list"
RELATIONS = {
    "seller_relation_list": [
        {"channel_seller_id": 1, "channel": "AE_GLOBAL", "business_type": "ONE_STOP_SERVICE"},
        {"channel_seller_id": 2671514005, "channel": "AE_GLOBAL", "business_type": "LOCAL_SERVICE"},
    ]
}
REJECTED = "VIOLATION_QC_FAILED"


def listed(*items, total=None):
    total = len(items) if total is None else total
    return {"success": True, "total_page": -(-total // 20), "total_count": total, "product_list": list(items)}


class Managed:
    """The listings of each status word, with the reasons that the filter finds and the list does not name."""

    def __init__(self, reasons, word=REJECTED, failing=None):
        self.reasons, self.word, self.failing = reasons, word, failing or {}

    def __call__(self, asked):
        condition, number = asked.json("search_condition_do"), int(asked.form["current_page"])
        wanted = condition.get("audit_failure_reason")
        if wanted in self.failing:
            return self.failing[wanted]
        held = self.reasons if condition["product_status"] == self.word else {}
        found = [{"product_id": one} for one, reasons in held.items() if wanted is None or wanted in reasons]
        page = listed(*found[(number - 1) * 20 : number * 20], total=len(found))
        return {"aliexpress_local_service_products_list_response": {"result": page, "request_id": "r"}}


def store(tmp_path, answer, **more):
    platform = Shop(global__seller__relation__query=RELATIONS, **{LIST: answer}, **more)
    time = Time()
    return (
        connect(account(tmp_path, "overseas_managed"), clock=time, sleep=time.sleep, respond=platform),
        platform,
    )


def walked(tmp_path, answer, status=Status.REJECTED):
    """Return each listing of a walk with its reasons and whether they were told."""
    seller, _ = store(tmp_path, answer)
    return {
        seen.product_id: ([signal.value for signal in seen.signals], seen.signals_told)
        for page in seller.walk(status)
        for seen in page.observations
    }


def test_a_page_is_asked_for_in_the_seller_s_channel_and_read(tmp_path):
    item = {
        "product_id": "1005005244562338",
        "title": "Lamp",
        "image_urls": "https://a/1.jpg;https://a/2.jpg",
        "product_min_price": "1.20",
        "modified_time": "2026-03-08 20:32:37",
        "leaf_category_id": 7,
        "msr_eu_id": 5,
    }
    seller, platform = store(tmp_path, {"result": listed(item)})
    seen = Observation(
        product_id=1005005244562338,
        status=Status.ACTIVE,
        platform_status="ONLINE",
        title="Lamp",
        image_urls=("https://a/1.jpg", "https://a/2.jpg"),
        price_min="1.20",
        modified_at=datetime(2026, 3, 9, 3, 32, 37, tzinfo=UTC),
        modified_raw="2026-03-08 20:32:37",
        category_id=7,
        extra='{"msr_eu_id":5}',
    )
    assert list(seller.walk(Status.ACTIVE)) == [Page(1, 1, 1, (seen,), NOON)]
    relation, page = platform.asked
    assert relation.query == {"method": "global.seller.relation.query"}
    assert page.query == {"method": LIST}
    assert {name: page.form[name] for name in ("channel_seller_id", "channel", "page_size", "current_page")} == {
        "channel_seller_id": "2671514005",
        "channel": "AE_GLOBAL",
        "page_size": "20",
        "current_page": "1",
    }
    assert page.json("search_condition_do") == {"product_status": "ONLINE"}


@pytest.mark.parametrize(
    "items", [[{"product_id": 7}], {"product": [{"product_id": 7}]}, {"product": {"product_id": 7}}]
)
def test_both_forms_of_the_list_are_read(items, tmp_path):
    seller, _ = store(tmp_path, {"result": {"success": True, "total_count": 1, "total_page": 1, "product_list": items}})
    assert [page.observations for page in seller.walk(Status.ACTIVE)] == [(Observation(7, Status.ACTIVE, "ONLINE"),)]


def test_an_absent_list_is_an_empty_page(tmp_path):
    seller, _ = store(tmp_path, {"result": {"success": True, "total_count": 0}})
    assert list(seller.walk(Status.REJECTED)) == [Page(1, 1, 0, (), NOON)]


@pytest.mark.parametrize(("status", "word"), [(Status.REJECTED, REJECTED), (Status.AUDITING, "PENDING_APPROVAL")])
def test_the_reason_is_rebuilt_by_one_walk_a_reason(status, word, tmp_path):
    held = {1: ["audit_sub_status_basic"], 2: ["audit_sub_status_qf", "audit_sub_status_cro"], 3: []}
    seller, platform = store(tmp_path, Managed(held, word))
    (page,) = seller.walk(status)
    assert page.observations == (
        Observation(1, status, word, signals=(PlatformSignal("audit_failure_reason", "audit_sub_status_basic"),)),
        Observation(
            2,
            status,
            word,
            signals=(
                PlatformSignal("audit_failure_reason", "audit_sub_status_cro"),
                PlatformSignal("audit_failure_reason", "audit_sub_status_qf"),
            ),
        ),
        Observation(3, status, word),
    )
    asked = [call.json("search_condition_do") for call in platform.asked[1:]]
    assert asked == [
        {"product_status": word},
        *({"product_status": word, "audit_failure_reason": reason} for reason in REASONS),
    ]
    assert "audit_approve" not in REASONS


def test_a_reason_of_many_pages_is_read_to_its_end(tmp_path):
    held = {number: ["audit_sub_status_cro"] for number in range(1, 46)} | {99: ["audit_reject"]}
    seen = walked(tmp_path, Managed(held))
    assert seen == {number: (reasons, True) for number, reasons in held.items()}


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.OFFLINE])
def test_no_reason_is_asked_for_what_is_not_held(status, tmp_path):
    seller, platform = store(tmp_path, Managed({1: []}, "ONLINE"))
    list(seller.walk(status))
    assert all("audit_failure_reason" not in call.form["search_condition_do"] for call in platform.asked[1:])


def test_a_status_without_listings_costs_no_further_call(tmp_path):
    seller, platform = store(tmp_path, Managed({}))
    assert list(seller.walk(Status.REJECTED)) == [Page(1, 1, 0, (), NOON)]
    assert platform.called == ["global.seller.relation.query", LIST]


def test_a_reason_that_the_filter_refuses_takes_none_back(tmp_path):
    """The others still say what they say; the listings are told apart from those of whom nothing is said."""
    refused = {"up_shelf_product": error("isv.invalid-parameter", "audit_failure_reason")}
    seen = walked(tmp_path, Managed({1: ["audit_sub_status_basic"], 2: []}, failing=refused))
    assert seen == {1: (["audit_sub_status_basic"], False), 2: ([], False)}


@pytest.mark.parametrize("refusal", [{"result": {"success": False, "error_message": "no"}}, error("Odd")])
def test_a_filter_that_cannot_be_walked_at_all_tells_nothing(refusal, tmp_path):
    failing = dict.fromkeys(REASONS, refusal)
    assert walked(tmp_path, Managed({1: ["audit_sub_status_basic"]}, failing=failing)) == {1: ([], False)}


def test_a_filter_that_is_not_allowed_is_asked_no_further(tmp_path):
    seller, platform = store(
        tmp_path, Managed({1: ["audit_reject"]}, failing={REASONS[1]: error("InsufficientPermission")})
    )
    (page,) = seller.walk(Status.REJECTED)
    assert page.observations == (Observation(1, Status.REJECTED, REJECTED, signals_told=False),)
    assert len(platform.asked) == 4


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(error("ServiceUnavailable"), PlatformFault), (error("ApiCallLimit", "banned for 60 seconds"), Throttled)],
)
def test_any_other_failure_fails_the_walk(failure, kind, tmp_path):
    with pytest.raises(kind):
        walked(tmp_path, Managed({1: []}, failing={"audit_reject": failure}))


def test_a_filter_that_is_ignored_rebuilds_nothing(tmp_path):
    """Were it believed, every listing would be held by every reason."""
    seen = walked(tmp_path, Managed({1: REASONS, 2: REASONS}))
    assert seen == {1: ([], False), 2: ([], False)}


@pytest.mark.parametrize(
    "page",
    [
        listed({"product_id": 1}, total=3),
        listed({"product_id": 1}, {"product_id": 1}),
        {"product_list": [{"product_id": 1}]},
    ],
)
def test_a_filtered_walk_that_does_not_add_up_takes_none_back(page, tmp_path):
    seen = walked(tmp_path, Managed({1: [], 2: []}, failing={"audit_reject": {"result": page}}))
    assert seen == {1: (["audit_reject"], False), 2: ([], False)}


def test_a_reason_that_the_list_itself_names_is_not_rebuilt_beside_it(tmp_path):
    def answer(asked):
        wanted = asked.json("search_condition_do").get("audit_failure_reason")
        item = {"product_id": 1, "audit_failure_type": "audit_sub_status_qf"}
        return {"result": listed(*([item] if wanted in (None, "audit_sub_status_qf") else []))}

    seller, _ = store(tmp_path, answer)
    ((seen,),) = (page.observations for page in seller.walk(Status.REJECTED))
    assert seen.signals == (PlatformSignal("audit_failure_type", "audit_sub_status_qf"),)


def test_a_status_word_that_is_refused_is_no_empty_list(tmp_path):
    """Which words these stores use beyond ONLINE is not documented."""
    seller, _ = store(tmp_path, {"result": {"success": False, "error_message": "product_status is invalid"}})
    for status in seller.statuses:
        with pytest.raises(InvalidRequest, match="product_status is invalid"):
            list(seller.walk(status))


def test_an_account_without_an_overseas_managed_store_is_told_so(tmp_path):
    relations = {"seller_relation_list": RELATIONS["seller_relation_list"][:1]}
    time, platform = Time(), Shop(global__seller__relation__query=relations)
    seller = connect(account(tmp_path, "overseas_managed"), clock=time, sleep=time.sleep, respond=platform)
    with pytest.raises(PermissionDenied, match="store main has no overseas-managed business") as caught:
        list(seller.walk(Status.ACTIVE))
    assert caught.value.advice.startswith('Set model in aexdash.toml to "choice", "pop" or "overseas"')


SECTIONS = {
    "product_info_dto": {
        "product_id": 9,
        "subject_list": [{"locale": "en_US", "value": "Lamp"}],
        "product_status_type": "editingRequired",
        "category_id": 7,
        "currency_code": "EUR",
    },
    "product_sku_list": {"product_sku": [{"sku_id": "11", "seller_sku": "L-1", "supply_price": "1.2"}]},
    "multimedia": {"main_image_list": {"image": [{"url": "https://a/1.jpg"}]}},
}


@pytest.mark.parametrize("answer", [SECTIONS, {"local_service_product_dto": SECTIONS}])
def test_the_detail_whichever_way_its_sections_are_wrapped(answer, tmp_path):
    method = "aliexpress.local.service.product.query"
    seller, platform = store(tmp_path, {"result": listed()}, **{method: {"result": answer}})
    seen = Observation(
        product_id=9,
        status=Status.REJECTED,
        platform_status="editingRequired",
        title="Lamp",
        image_urls=("https://a/1.jpg",),
        price_min="1.2",
        price_max="1.2",
        currency="EUR",
        category_id=7,
        sku_codes=("L-1",),
        signals_told=False,
    )
    assert seller.detail(9) == Detail(
        product_id=9,
        status=Status.REJECTED,
        platform_status="editingRequired",
        category_id=7,
        titles={"en_US": "Lamp"},
        image_urls=("https://a/1.jpg",),
        attributes=(),
        skus=(Sku("11", "L-1", "1.2", None, "EUR"),),
        modified_raw=None,
        modified_at=None,
        observation=seen,
    )
    assert {name: platform.asked[1].form[name] for name in ("channel_seller_id", "product_id")} == {
        "channel_seller_id": "2671514005",
        "product_id": "9",
    }


def test_a_look_up_cannot_tell_why_and_says_so(tmp_path):
    """Neither by the detail nor by asking the list for the id; what stood before is not taken back by it."""
    method = "aliexpress.local.service.product.query"
    seller, _ = store(tmp_path, Managed({9: ["audit_reject"]}), **{method: {"result": SECTIONS}})
    assert (seller.look_up(9).signals, seller.look_up(9).signals_told) == ((), False)
    refused = {"result": {"success": False, "error_message": "not found"}}
    seller, _ = store(tmp_path, Managed({9: ["audit_reject"]}), **{method: refused})
    assert seller.look_up(9) == Observation(9, Status.REJECTED, REJECTED, signals_told=False)


reason_sets = st.sets(st.sampled_from(REASONS), max_size=len(REASONS) - 1)


@settings(deadline=None, max_examples=examples(40))
@given(held=st.dictionaries(st.integers(1, 2**62), reason_sets, max_size=50))
def test_every_listing_has_the_reasons_whose_walks_show_it(held, tmp_path_factory):
    seen = walked(tmp_path_factory.mktemp("managed"), Managed(held))
    assert {number: (set(reasons), told) for number, (reasons, told) in seen.items()} == {
        number: (reasons, True) for number, reasons in held.items()
    }
