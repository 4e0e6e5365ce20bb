"""Shapes and rules of the listing methods, against reference §3 and §4."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aexdash.demo.world.moments import CENSUS, MARCH_JUMP, MARCH_RESUBMITTED
from aexdash.demo.world.world import World
from aexdash.model import Status
from tests.demo.conftest import Caller
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS
from tests.demo.scripted import ScriptedWorld, plain_listing

LIST = "aliexpress.solution.product.list.get"
ITEMS = "aeop_a_e_product_display_d_t_o_list"


def ids(result: dict[str, list[dict[str, int]]]) -> list[int]:
    return [item["product_id"] for item in result[ITEMS]]


def test_without_simplify_the_reply_is_wrapped_and_its_list_item_named(caller: Caller) -> None:
    query = {"product_status_type": "onSelling"}
    answer = caller(LIST, simplify=False, aeop_a_e_product_list_query=query)
    assert set(answer) == {"aliexpress_solution_product_list_get_response"}
    inner = answer["aliexpress_solution_product_list_get_response"]
    assert set(inner) == {"result", "request_id"}
    assert set(inner["result"][ITEMS]) == {"item_display_dto"}
    assert len(inner["result"][ITEMS]["item_display_dto"]) == 20


def test_with_simplify_the_reply_is_flat(caller: Caller) -> None:
    answer = caller(LIST, aeop_a_e_product_list_query={"product_status_type": "onSelling"})
    assert set(answer) == {"result", "request_id"}
    assert len(answer["result"][ITEMS]) == 20


def test_an_item_tells_neither_status_nor_reason_and_leaves_out_what_is_empty(caller: Caller) -> None:
    allowed = {
        "product_id", "subject", "image_u_r_ls", "product_min_price", "product_max_price", "currency_code",
        "gmt_create", "gmt_modified",
        "ws_offline_date", "ws_display", "src", "owner_member_id", "owner_member_seq", "group_id",
        "freight_template_id",
    }  # fmt: skip
    for status in ("onSelling", "offline", "auditing", "editingRequired"):
        for item in caller.page(status)[ITEMS]:
            assert set(item) <= allowed
            assert ("ws_display" in item) == ("ws_offline_date" in item) == (status == "offline")
            assert all(value not in (None, "") for value in item.values())
            assert len(str(item["product_id"])) == 16
            assert re.fullmatch(r"\d+\.\d\d", item["product_min_price"])
            assert float(item["product_min_price"]) <= float(item["product_max_price"])
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", item["gmt_modified"])
            assert 1 <= len(item["image_u_r_ls"].split(";")) <= 6


def test_pages_add_up_to_the_total_and_show_every_listing_once(caller: Caller, world: World) -> None:
    first = caller.page("onSelling")
    shown = [number for page in range(1, first["total_page"] + 1) for number in ids(caller.page("onSelling", page))]
    assert len(shown) == first["product_count"] == len(set(shown))
    assert shown == list(world.ids(Status.ACTIVE, caller.clock.now))


def test_a_page_past_the_end_is_an_empty_list(caller: Caller) -> None:
    result = caller.page("onSelling", 999)
    assert (result[ITEMS], result["product_count"] > 4000) == ([], True)


@pytest.mark.parametrize(
    "query",
    [
        {"product_status_type": "all"},
        {"product_status_type": "onSelling", "page_size": 101},
        {"product_status_type": "onSelling", "page_size": -1},
        {"product_status_type": "onSelling", "page_size": "many"},
        {"product_status_type": "onSelling", "current_page": -1},
        {"product_status_type": "onSelling", "gmt_modified_start": "yesterday"},
        {"product_status_type": "onSelling", "excepted_product_ids": 5},
    ],
)
def test_values_that_are_not_allowed_are_refused(caller: Caller, query: dict[str, object]) -> None:
    error = caller(LIST, aeop_a_e_product_list_query=query)["error_response"]
    assert (error["code"], error["sub_code"]) == (15, "isv.invalid-parameter")


def test_the_worked_example_is_seen_through_the_protocol(caller: Caller) -> None:
    caller.clock.now = MARCH_JUMP
    caller.token = caller.platform.issue_tokens("123456")["access_token"]
    rejected = caller.page("editingRequired")
    assert set(ids(rejected)) == set(MARCH_PICTURE_IDS)
    assert all("-640x640." in item["image_u_r_ls"].split(";")[0] for item in rejected[ITEMS])
    assert ids(caller.page("auditing")) == [MARCH_BRAND_ID]
    caller.clock.now = MARCH_RESUBMITTED
    assert caller.page("editingRequired")[ITEMS] == []
    assert caller.page("auditing")["product_count"] == 5


def test_filters_choose_among_the_listings_of_the_status(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld(
        [
            plain_listing(1, title="Red Curtain", sku_code="RED"),
            plain_listing(2, title="Blue Curtain", sku_code="BLUE"),
            plain_listing(3, Status.OFFLINE, cause="violate_offline"),
            plain_listing(4, Status.OFFLINE, cause="user_offline"),
        ]
    )
    caller = call_store(world)
    assert ids(caller.page("onSelling", product_id=2)) == [2]
    assert ids(caller.page("onSelling", product_id=3)) == []
    assert ids(caller.page("onSelling", subject="red cur")) == [1]
    assert ids(caller.page("onSelling", sku_code="BLUE")) == [2]
    assert ids(caller.page("onSelling", excepted_product_ids=[1])) == [2]
    assert ids(caller.page("offline", ws_display="violate_offline")) == [3]
    assert ids(caller.page("onSelling", group_id=7)) == []


def test_times_are_pacific_in_the_items_and_in_the_filters(call_store: Callable[..., Caller]) -> None:
    pacific = ZoneInfo("America/Los_Angeles")
    summer, winter = datetime(2026, 7, 1, 9, 30, tzinfo=pacific), datetime(2026, 1, 1, 9, 30, tzinfo=pacific)
    world = ScriptedWorld([plain_listing(1, created=winter, modified=summer), plain_listing(2, created=winter)])
    caller = call_store(world)
    first = caller.page("onSelling", gmt_modified_start="2026-07-01 09:30:00")[ITEMS]
    assert [(item["product_id"], item["gmt_create"], item["gmt_modified"]) for item in first] == [
        (1, "2026-01-01 09:30:00", "2026-07-01 09:30:00")
    ]
    assert ids(caller.page("onSelling", gmt_modified_end="2026-07-01 09:29:59")) == [2]
    assert ids(caller.page("onSelling", gmt_create_start="2026-01-01 09:30:01")) == []


def test_the_detail_has_status_category_attributes_and_skus_but_no_reason(caller: Caller) -> None:
    caller.clock.now = MARCH_JUMP
    caller.token = caller.platform.issue_tokens("123456")["access_token"]
    method = "aliexpress.solution.product.info.get"
    result = caller(method, product_id=MARCH_BRAND_ID)["result"]
    assert (result["product_status_type"], result["category_id"]) == ("auditing", 63705)
    assert "Brand Name" not in {each["attr_name"] for each in result["aeop_ae_product_propertys"]}
    assert {"locale": "ru_RU"}.items() <= result["multi_language_subject_list"][1].items()
    assert all(sku["aeop_s_k_u_property_list"] for sku in result["aeop_ae_product_s_k_us"])
    assert not {"ws_display", "reason", "audit_failure_type"} & set(result)
    wrapped = caller(method, simplify=False, product_id=MARCH_BRAND_ID)
    result = wrapped["aliexpress_solution_product_info_get_response"]["result"]
    assert set(result["aeop_ae_product_propertys"]) == {"global_aeop_ae_product_property"}
    sku = result["aeop_ae_product_s_k_us"]["global_aeop_ae_product_sku"][0]
    assert set(sku["aeop_s_k_u_property_list"]) == {"global_aeop_sku_property"}
    assert set(result["multi_language_subject_list"]) == {"global_subject"}
    assert set(result["group_ids"]) == {"number"}


def test_the_detail_of_an_unknown_listing_is_a_failure_inside_a_success(caller: Caller) -> None:
    result = caller("aliexpress.solution.product.info.get", product_id=42)["result"]
    assert (result["success"], result["error_code"]) == (False, 16009999)


def test_pop_lists_details_and_status_by_id(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld(
        [
            plain_listing(1),
            plain_listing(2, Status.REJECTED),
            plain_listing(3, Status.OFFLINE, cause="punish_offline"),
            plain_listing(4, Status.AUDITING),
            plain_listing(5, Status.DELETED),
        ]
    )
    caller = call_store(world, model="pop")
    pop = "aliexpress.postproduct.redefining."
    method = f"{pop}findproductinfolistquery"
    query = {"product_status_type": "editingRequired"}
    wrapped = caller(method, simplify=False, aeop_a_e_product_list_query=query)
    items = wrapped[f"{method.replace('.', '_')}_response"]["result"][ITEMS]["aeop_ae_product_display_sample_dto"]
    assert [(item["product_id"], item["product_type"]) for item in items] == [(2, "POP")]
    for word, expected in (("service_delete", []), ("deleted", [5])):
        assert ids(caller(method, aeop_a_e_product_list_query={"product_status_type": word})["result"]) == expected
    statuses = [caller(f"{pop}findaeproductstatusbyid", product_id=number)["result"] for number in (1, 2, 4)]
    assert [each["status"] for each in statuses] == ["approved", "refuse", "auditing"]
    assert caller(f"{pop}findaeproductstatusbyid", product_id=5)["result"]["success"] is False
    detail = caller("aliexpress.offer.product.query", product_id=3)["result"]
    assert (detail["product_status_type"], detail["ws_display"]) == ("offline", "punish_offline")
    assert detail["subject_list"] == [{"locale": "en_US", "value": "Listing 3"}]
    assert caller.error(LIST, aeop_a_e_product_list_query=query) == "InsufficientPermission"


def test_choice_says_why_an_audit_failed(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld(
        [
            plain_listing(1),
            plain_listing(2, Status.REJECTED, rejected_for="picture_small"),
            plain_listing(3, Status.REJECTED, rejected_for="price", price="10.00"),
            plain_listing(4, Status.REJECTED, rejected_for="something else"),
            plain_listing(5, Status.AUDITING),
        ]
    )
    caller = call_store(world, model="choice")
    relation = caller("global.seller.relation.query")["seller_relation_list"][0]
    assert relation["business_type"] == "ONE_STOP_SERVICE"
    where = {name: relation[name] for name in ("channel_seller_id", "channel")}
    method = "aliexpress.choice.products.list"
    answer = caller(method, **where, search_condition_do={"product_status": "VIOLATION_QC_FAILED"})["result"]
    assert (answer["total_count"], answer["total_page"], answer["page_size"]) == (3, 1, 20)
    failures = {item["product_id"]: item["audit_failure_type"] for item in answer["product_list"]}
    assert failures == {2: "audit_sub_status_basic", 3: "audit_sub_status_supply_price", 4: "audit_reject"}
    refused = answer["product_list"][1]["search_sku_info_list"][0]
    assert (refused["sku_audit_status"], refused["suggest_price"]) == (2, "8.20")
    assert refused["suggest_note"]
    active = caller(method, **where, search_condition_do={"product_status": "ONLINE"})["result"]["product_list"][0]
    assert active["product_audit_status"] == 1
    assert not {"audit_failure_type", "ws_display"} & set(active)
    assert (
        caller(method, **where, search_condition_do={"product_status": "PENDING_LAUNCH"})["result"]["product_list"]
        == []
    )
    detail = caller("aliexpress.choice.product.query", **where, product_id=5)["result"]
    assert detail["product_info_dto"]["product_status_type"] == "auditing"
    assert caller.error(method, **where, page_size=21) == "isv.invalid-parameter"
    assert caller.error(method, channel="AE_GLOBAL", channel_seller_id="1") == "isv.invalid-parameter"
    assert caller.error(method) == "MissingParameter"


def test_what_waits_for_its_launch_is_apart_from_what_is_offline(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld(
        [
            plain_listing(1, Status.OFFLINE, cause="pending_launch"),
            plain_listing(2, Status.OFFLINE, cause="user_offline"),
        ]
    )
    caller = call_store(world, model="choice")
    relation = caller("global.seller.relation.query")["seller_relation_list"][0]
    where = {name: relation[name] for name in ("channel_seller_id", "channel")}

    def chosen(word: str) -> list[int]:
        answer = caller("aliexpress.choice.products.list", **where, search_condition_do={"product_status": word})
        return [item["product_id"] for item in answer["result"]["product_list"]]

    assert (chosen("PENDING_LAUNCH"), chosen("OFFLINE"), chosen("ONLINE")) == ([1], [2], [])
    detail = caller("aliexpress.choice.product.query", **where, product_id=1)["result"]
    assert detail["product_info_dto"]["product_status_type"] == "PENDING_LAUNCH"


def test_an_overseas_managed_store_is_searched_by_reason_and_told_none(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld(
        [
            plain_listing(1),
            plain_listing(2, Status.REJECTED, rejected_for="picture_small"),
            plain_listing(3, Status.REJECTED, rejected_for="qualification"),
            plain_listing(4, Status.AUDITING),
        ]
    )
    caller = call_store(world, model="overseas_managed")
    relation = caller("global.seller.relation.query")["seller_relation_list"][0]
    assert relation["business_type"] == "LOCAL_SERVICE"
    where = {name: relation[name] for name in ("channel_seller_id", "channel")}
    method = "aliexpress.local.service.products.list"

    def found(**condition: object) -> list[dict[str, Any]]:
        items = caller(method, **where, search_condition_do=condition)["result"]["product_list"]
        assert not {"audit_failure_type", "audit_failure_reason", "product_audit_status"} & set().union(*items)
        return list(items)

    refused = "VIOLATION_QC_FAILED"
    assert [item["product_id"] for item in found(product_status=refused)] == [2, 3]
    by_reason = {
        reason: [item["product_id"] for item in found(product_status=refused, audit_failure_reason=reason)]
        for reason in ("audit_sub_status_basic", "audit_sub_status_qf", "audit_sub_status_cro")
    }
    assert by_reason == {"audit_sub_status_basic": [2], "audit_sub_status_qf": [3], "audit_sub_status_cro": []}
    assert found(product_status="PENDING_APPROVAL", audit_failure_reason="audit_sub_status_basic") == []
    unheard = {"product_status": refused, "audit_failure_reason": "unheard"}
    assert caller.error(method, **where, search_condition_do=unheard) == "isv.invalid-parameter"
    detail = caller("aliexpress.local.service.product.query", **where, product_id=3)["result"]
    told = detail["local_service_product_dto"]
    assert told["product_info_dto"]["product_status_type"] == "editingRequired"
    assert [url.rpartition("/")[2] for url in told["multimedia"]["main_image_list"]] == ["3-1-1000x1000.jpg"]
    gone = caller("aliexpress.local.service.product.query", **where, product_id=9)["result"]
    assert (gone["success"], gone["error_code"]) == (False, 16009999)
    assert caller.error("aliexpress.choice.products.list", **where) == "InsufficientPermission"


def test_a_detail_tells_package_person_and_certificates_also_where_there_are_none(
    call_store: Callable[..., Caller],
) -> None:
    whole = plain_listing(1, category_id=63705)
    bare = replace(whole.facts, product_id=2, weight="0.000", sides=(701, 5, 4), eu_person=None, qualifications=())
    caller = call_store(ScriptedWorld([whole, replace(whole, facts=bare)]))

    def told(product_id: int) -> list[object]:
        detail = caller("aliexpress.solution.product.info.get", product_id=product_id)["result"]
        sides = [detail[f"package_{side}"] for side in ("length", "width", "height")]
        return [detail["gross_weight"], sides, detail["msr_eu_id"], detail["aeop_qualification_struct_list"]]

    certificate = {"key": "ce_certificate", "type": "image", "value": "ce_certificate.jpg"}
    assert told(1) == ["0.350", [20, 15, 6], 880014271, [certificate]]
    assert told(2) == ["0.000", [701, 5, 4], "", []]


def test_choice_filters_by_time_id_and_category(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld([plain_listing(1, category_id=405), plain_listing(2, Status.AUDITING, modified=MARCH_JUMP)])
    caller = call_store(world, model="choice")
    relation = caller("global.seller.relation.query")["seller_relation_list"][0]

    def chosen(**condition: object) -> list[int]:
        where = {name: relation[name] for name in ("channel_seller_id", "channel")}
        answer = caller("aliexpress.choice.products.list", **where, search_condition_do=condition)
        return [item["product_id"] for item in answer["result"]["product_list"]]

    assert chosen() == [1, 2]
    assert chosen(product_id=2) == [2]
    assert chosen(leaf_category_id=405) == [1]
    assert chosen(update_after="2026-03-08 00:00:00") == [2]
    assert chosen(create_before="2020-01-01 00:00:00") == []


def test_the_profile_counts_what_is_active_and_under_audit(caller: Caller) -> None:
    caller.clock.now = CENSUS
    caller.token = caller.platform.issue_tokens("123456")["access_token"]
    profile = caller("aliexpress.merchant.profile.get")["profile"]
    assert (profile["online_store_product_number"], profile["auth_store_product_number"]) == (4310, 0)
    assert profile["seller_id"] == 2671514005
    assert caller("aliexpress.solution.merchant.profile.get")["merchant_login_id"] == "demo_store"


def test_a_category_tells_what_it_requires_with_names_in_a_json_string(caller: Caller) -> None:
    method = "aliexpress.category.redefining.getallchildattributesresult"
    attributes = caller(method, cate_id=63705)["result"]["attributes"]
    required = [each for each in attributes if each["required"]]
    of_the_listing = {json.loads(each["names"])["en"] for each in required if not each["sku"]}
    assert of_the_listing == {"Brand Name", "Origin", "Connectors", "Battery Type"}
    assert len([each for each in required if each["sku"]]) == 1
    assert caller.error(method, cate_id=1) == "isv.invalid-parameter"
    tree = caller("aliexpress.category.tree.list")["result"]
    assert {each["id"] for each in tree if each["isleaf"]} >= {63705, 405}
    assert all(json.loads(each["names"])["en"] for each in tree)
    children = caller("aliexpress.solution.seller.category.tree.query", category_id=39)["children_category_list"]
    assert {each["children_category_id"] for each in children} == {39050508, 390503}


def test_the_brand_is_one_of_those_the_seller_is_authorised_for(caller: Caller) -> None:
    method = "aliexpress.category.redefining.getallchildattributesresult"
    attributes = caller(method, cate_id=63705)["result"]["attributes"]
    brand = next(each for each in attributes if json.loads(each["names"])["en"] == "Brand Name")
    assert len(brand["values"]) == 14


def test_a_parent_category_is_no_leaf_and_asks_for_nothing(caller: Caller) -> None:
    tree = caller("aliexpress.category.tree.list")["result"]
    assert {each["isleaf"] for each in tree if each["id"] == 44} == {False}
    rules = caller("aliexpress.category.redefining.getallchildattributesresult", cate_id=44)
    assert rules["result"] == {"success": True, "attributes": []}


def test_a_category_tells_which_certificates_it_asks_for_and_whether_a_person_in_the_eu(caller: Caller) -> None:
    certificates, persons = "aliexpress.category.qualifications.list", "aliexpress.category.eu.responsible.persons.list"
    asked = caller(certificates, category_id=63705, local="en_US")
    assert asked["support"] is True
    assert [(each["key"], each["required"]) for each in asked["qualification_module_list"]] == [
        ("ce_certificate", True),
        ("manual", False),
    ]
    dresses = caller(certificates, category_id=200003482)
    assert (dresses["support"], dresses["qualification_module_list"]) == (False, [])
    assert [caller(persons, category_id=number)["support"] for number in (63705, 200003482, 44)] == [True, False, False]
    assert {each["msr_eu_id"] for each in caller(persons)["eu_contact_module_list"]} == {880014271, 880019935}
    assert caller.error(certificates, category_id=1) == "isv.invalid-parameter"


def test_a_pop_seller_writes_the_title_in_english_alone(call_store: Callable[..., Caller], small_world: World) -> None:
    caller = call_store(small_world, model="pop")
    method = "aliexpress.postproduct.redefining.findproductinfolistquery"
    items = caller(method, aeop_a_e_product_list_query={"product_status_type": "onSelling", "page_size": 99})
    assert all(item["subject"].isascii() for item in items["result"][ITEMS])
    detail = caller("aliexpress.offer.product.query", product_id=items["result"][ITEMS][0]["product_id"])["result"]
    assert detail["subject_list"] == [{"locale": "en_US", "value": items["result"][ITEMS][0]["subject"]}]


def test_words_are_checked_before_publishing(caller: Caller) -> None:
    method = "aliexpress.postproduct.redefining.findaeproductprohibitedwords"
    answer = caller(method, category_id=405, title="Curtain gucci pattern", detail="no replica")
    assert answer["title_prohibited_words"] == [{"primary_word": "Gucci Pattern", "types": ["BRAND_TYPE"]}]
    assert answer["detail_prohibited_words"] == [{"primary_word": "Replica", "types": ["FORBIDEN_TYPE"]}]
    assert answer["keywords_prohibited_words"] == []


def test_the_diagnosis_names_problems_and_pages_them(caller: Caller) -> None:
    types = caller("aliexpress.product.diagnosis.queryProblem")["product_problem_type_list"]
    assert {each["problem_type"] for each in types} == {"repeat_repost", "lack_white_image"}
    method = "aliexpress.product.diagnosis.pageQueryProblem"
    answer = caller(method, operate_status=0, problem_type_list=["lack_white_image"])
    assert len(answer["problematic_product_list"]) == answer["page_size"] == 10
    assert 60 < answer["total_count"] < 250
    assert {each["product_problem"]["problem_type"] for each in answer["problematic_product_list"]} == {
        "lack_white_image"
    }
    assert caller.error(method, problem_type_list=["unheard"]) == "isv.invalid-parameter"


def test_the_diagnosis_names_held_listings_too_and_what_was_mended(call_store: Callable[..., Caller]) -> None:
    def scripted(status: Status, rejected_for: str | None = None) -> tuple[int, int]:
        listings = [plain_listing(number, status, rejected_for=rejected_for) for number in range(1, 401)]
        caller = call_store(ScriptedWorld(listings))
        problems = caller("aliexpress.product.diagnosis.pageQueryProblem", operate_status=0)["total_count"]
        mended = caller("aliexpress.product.diagnosis.result.list", current=1, page_size=5)["result"]
        assert len(mended["optimized_product_list"]) == min(5, mended["total_count"])
        return problems, mended["total_count"]

    problems, mended = scripted(Status.ACTIVE)
    assert problems > mended > 0
    assert scripted(Status.AUDITING) == scripted(Status.REJECTED, "brand_word") == (problems, 0)
    assert scripted(Status.REJECTED, "picture_small") == scripted(Status.OFFLINE) == (0, 0)
