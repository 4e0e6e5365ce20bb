from datetime import UTC, datetime

import pytest

from aexdash.aliexpress.errors import PermissionDenied
from aexdash.aliexpress.listings import connect
from aexdash.model import Status
from aexdash.platform_data import Detail, ListingAttribute, Observation, Outside, Page, PlatformSignal, Sku
from tests.aliexpress.played import Shop, Time, account

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
RELATIONS = {
    "success": True,
    "seller_relation_list": {
        "seller_relation": [
            {"channel_seller_id": 1, "channel": "AE_GLOBAL", "business_type": "POP_CHOICE"},
            {"channel_seller_id": 2671514005, "channel": "AE_GLOBAL", "business_type": "ONE_STOP_SERVICE"},
        ]
    },
}
ITEM = {
    "product_id": 1005005244562338,
    "title": "Lamp",
    "image_urls": "https://a/1.jpg;https://a/2.jpg",
    "product_min_price": "1.2",
    "product_max_price": "3.4",
    "currency_code": "CNY",
    "leaf_category_id": 39050508,
    "created_time": "2023-01-03 20:32:37",
    "modified_time": "2026-03-08 20:32:37",
    "product_type": "1",
    "total_stocks": 40,
    "product_audit_status": 2,
    "audit_failure_type": "audit_sub_status_supply_price",
    "search_sku_info_list": [
        {"sku_id": "11", "seller_sku": "L-1", "sku_audit_status": 1, "supply_price": "1.2"},
        {
            "sku_id": "12",
            "seller_sku": "L-2",
            "sku_audit_status": 2,
            "supply_price": "3.4",
            "suggest_price": "2.9",
            "suggest_note": "高于同类",
            "sku_stock": 5,
        },
    ],
}


def shop(by_word, **more):
    """A choice store whose list answers by the status word asked for."""

    def answer(asked):
        return {"result": by_word.get(asked.json("search_condition_do")["product_status"], listed())}

    return Shop(global__seller__relation__query=RELATIONS, aliexpress__choice__products__list=answer, **more)


def listed(*items):
    return {"success": True, "total_page": 1, "total_count": len(items), "product_list": list(items)}


def seller(platform, tmp_path):
    time = Time()
    return connect(account(tmp_path, "choice"), clock=time, sleep=time.sleep, respond=platform)


def seen(tmp_path, item, status=Status.REJECTED, word="VIOLATION_QC_FAILED"):
    (page,) = seller(shop({word: listed({"product_id": 1, **item})}), tmp_path).walk(status)
    (only,) = page.observations
    return only


def test_a_refused_listing_with_why_and_which_sku(tmp_path):
    platform = shop({"VIOLATION_QC_FAILED": listed(ITEM)})
    expected = Observation(
        product_id=1005005244562338,
        status=Status.REJECTED,
        platform_status="VIOLATION_QC_FAILED",
        title="Lamp",
        image_urls=("https://a/1.jpg", "https://a/2.jpg"),
        price_min="1.2",
        price_max="3.4",
        currency="CNY",
        created_at=datetime(2023, 1, 4, 4, 32, 37, tzinfo=UTC),
        created_raw="2023-01-03 20:32:37",
        modified_at=datetime(2026, 3, 9, 3, 32, 37, tzinfo=UTC),
        modified_raw="2026-03-08 20:32:37",
        category_id=39050508,
        sku_codes=("L-1", "L-2"),
        product_type="1",
        signals=(
            PlatformSignal(
                "audit_failure_type",
                "audit_sub_status_supply_price",
                "高于同类",
                {
                    "skus": [
                        {
                            "sku_id": "12",
                            "seller_sku": "L-2",
                            "supply_price": "3.4",
                            "sku_audit_status": 2,
                            "suggest_price": "2.9",
                            "suggest_note": "高于同类",
                        }
                    ]
                },
            ),
        ),
        extra='{"product_audit_status":2}',
    )
    assert list(seller(platform, tmp_path).walk(Status.REJECTED)) == [Page(1, 1, 1, (expected,), NOON)]
    relation, page = platform.asked
    assert relation.query == {"method": "global.seller.relation.query"}
    assert {name: page.form[name] for name in ("channel_seller_id", "channel", "page_size", "current_page")} == {
        "channel_seller_id": "2671514005",
        "channel": "AE_GLOBAL",
        "page_size": "20",
        "current_page": "1",
    }
    assert page.json("search_condition_do") == {"product_status": "VIOLATION_QC_FAILED"}


@pytest.mark.parametrize(
    ("item", "signals"),
    [
        ({}, ()),
        ({"audit_failure_type": ""}, ()),
        ({"audit_failure_type": "audit_approve"}, ()),
        ({"audit_failure_type": "audit_reject"}, (PlatformSignal("audit_failure_type", "audit_reject"),)),
        ({"audit_failure_type": "audit_sub_moon"}, (PlatformSignal("audit_failure_type", "audit_sub_moon"),)),
        ({"search_sku_info_list": [{"sku_id": 1, "sku_audit_status": "1"}, {"sku_id": 2, "sku_audit_status": ""}]}, ()),
        (
            {"search_sku_info_list": {"sku": [{"sku_id": 3, "sku_audit_status": 0}]}},
            (PlatformSignal("sku_audit_status", "0", "", {"skus": [{"sku_id": 3, "sku_audit_status": 0}]}),),
        ),
        (
            {"search_sku_info_list": [{"sku_id": 4, "suggest_price": "2"}]},
            (PlatformSignal("sku_audit_status", "", "", {"skus": [{"sku_id": 4, "suggest_price": "2"}]}),),
        ),
    ],
)
def test_signals_tell_failures_and_nothing_else(item, signals, tmp_path):
    assert seen(tmp_path, item).signals == signals


def test_a_sku_in_audit_is_refused_only_when_a_price_is_suggested(tmp_path):
    looked_at = {"search_sku_info_list": [{"sku_id": 3, "sku_audit_status": 0}]}
    refused = {"search_sku_info_list": [{"sku_id": 3, "sku_audit_status": 2, "suggest_price": "2"}]}
    assert seen(tmp_path, looked_at, Status.AUDITING, "PENDING_APPROVAL").signals == ()
    assert len(seen(tmp_path, refused, Status.AUDITING, "PENDING_APPROVAL").signals) == 1


def test_what_waits_for_its_launch_is_offline_with_that_cause(tmp_path):
    platform = shop({"OFFLINE": listed({"product_id": 1}), "PENDING_LAUNCH": listed({"product_id": 2})})
    pages = list(seller(platform, tmp_path).walk(Status.OFFLINE))
    assert [(page.number, page.reported) for page in pages] == [(1, 2), (2, 2)]
    assert [observation for page in pages for observation in page.observations] == [
        Observation(1, Status.OFFLINE, "OFFLINE"),
        Observation(2, Status.OFFLINE, "PENDING_LAUNCH", cause="pending_launch"),
    ]


def test_the_words_of_the_other_statuses(tmp_path):
    auditing = seen(tmp_path, {}, Status.AUDITING, "PENDING_APPROVAL")
    active = seen(tmp_path, {}, Status.ACTIVE, "ONLINE")
    assert (auditing.status, active.status) == (Status.AUDITING, Status.ACTIVE)


def test_the_channel_is_asked_for_once(tmp_path):
    platform = shop({})
    store = seller(platform, tmp_path)
    for status in store.statuses:
        list(store.walk(status))
    assert platform.called.count("global.seller.relation.query") == 1


def test_an_account_without_a_choice_store_is_told_so(tmp_path):
    relations = {"seller_relation_list": [{"channel_seller_id": 1, "channel": "x", "business_type": "POP_CHOICE"}]}
    with pytest.raises(PermissionDenied, match="store main has no fully managed") as caught:
        list(seller(Shop(global__seller__relation__query=relations), tmp_path).walk(Status.ACTIVE))
    assert caught.value.advice.startswith('Set model in aexdash.toml to "pop" or "overseas"')


def test_the_detail_of_a_choice_listing(tmp_path):
    answer = {
        "product_info_dto": {
            "product_id": 9,
            "subject_list": [{"locale": "en_US", "value": "Lamp"}],
            "product_status_type": "PENDING_LAUNCH",
            "category_id": 7,
            "currency_code": "CNY",
            "gmt_modified": "2026-03-08 20:00:00",
        },
        "product_sku_list": [{"sku_id": "11", "seller_sku": "L-1", "supply_price": "1.2"}],
        "multimedia": {"main_image_list": [{"url": "https://a/1.jpg"}]},
        "product_property_list": [{"attr_name_id": 2, "attr_name": "Brand", "attr_value": "X"}],
        "package_dto": {"gross_weight": "0.42", "package_length": 30, "package_width": "20", "package_height": 1},
        "product_ext_dto": {"msr_eu_id": 5, "size_chart": 3},
        "detail_source_list": [{"locale": "en_US", "web_detail": '<p>Warm light</p><img src="https://a/2.jpg">'}],
    }
    platform = shop({}, aliexpress__choice__product__query={"result": answer})
    moment = datetime(2026, 3, 9, 3, tzinfo=UTC)
    observation = Observation(
        product_id=9,
        status=Status.OFFLINE,
        platform_status="PENDING_LAUNCH",
        title="Lamp",
        image_urls=("https://a/1.jpg",),
        price_min="1.2",
        price_max="1.2",
        currency="CNY",
        modified_at=moment,
        modified_raw="2026-03-08 20:00:00",
        cause="pending_launch",
        category_id=7,
        sku_codes=("L-1",),
    )
    assert seller(platform, tmp_path).detail(9) == Detail(
        product_id=9,
        status=Status.OFFLINE,
        platform_status="PENDING_LAUNCH",
        category_id=7,
        titles={"en_US": "Lamp"},
        image_urls=("https://a/1.jpg",),
        attributes=(ListingAttribute(2, "Brand", None, "X"),),
        skus=(Sku("11", "L-1", "1.2", None, "CNY"),),
        modified_raw="2026-03-08 20:00:00",
        modified_at=moment,
        cause="pending_launch",
        observation=observation,
        extra='{"size_chart":3}',
        weight="0.42",
        sides=("30", "20", "1"),
        eu_person="5",
        qualifications=(),
        description_chars=10,
        description_pictures=1,
        outside=Outside(),
    )
