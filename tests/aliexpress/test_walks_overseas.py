import json
from datetime import UTC, datetime

import pytest

from aexdash.aliexpress.errors import UnreadableAnswer
from aexdash.aliexpress.listings import connect
from aexdash.model import Status
from aexdash.platform_data import Detail, ListingAttribute, Observation, Outside, Page, Sku
from tests.aliexpress.played import Played, Time, account

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LIST = "aliexpress.solution.product.list.get"

FULL = {
    "product_id": 9007199254740993,
    "subject": 'Зимняя куртка <b>"=1+1"</b> 😀',
    "image_u_r_ls": "https://ae01.alicdn.com/kf/a.jpg;https://ae01.alicdn.com/kf/b.jpg",
    "product_min_price": "19.90",
    "product_max_price": "24.5",
    "currency_code": "USD",
    "gmt_create": "2026-01-15 08:00:00",
    "gmt_modified": "2026-03-08 23:59:59",
    "src": "isv",
    "owner_member_seq": 4611686018427387905,
    "freight_template_id": -12,
}
FULL_READ = Observation(
    product_id=9007199254740993,
    status=Status.AUDITING,
    platform_status="auditing",
    title='Зимняя куртка <b>"=1+1"</b> 😀',
    image_urls=("https://ae01.alicdn.com/kf/a.jpg", "https://ae01.alicdn.com/kf/b.jpg"),
    price_min="19.90",
    price_max="24.5",
    currency="USD",
    created_at=datetime(2026, 1, 15, 16, tzinfo=UTC),
    created_raw="2026-01-15 08:00:00",
    modified_at=datetime(2026, 3, 9, 6, 59, 59, tzinfo=UTC),
    modified_raw="2026-03-08 23:59:59",
    extra='{"freight_template_id":-12,"owner_member_seq":4611686018427387905,"src":"isv"}',
)


def page(*items, total=None):
    total = len(items) if total is None else total
    return {
        "success": True,
        "product_count": total,
        "total_page": -(-total // 99),
        "aeop_a_e_product_display_d_t_o_list": list(items),
    }


def unsimplified(result):
    items = result["aeop_a_e_product_display_d_t_o_list"]
    result = {**result, "aeop_a_e_product_display_d_t_o_list": {"item_display_dto": items}}
    return {"aliexpress_solution_product_list_get_response": {"result": result, "request_id": "r"}}


def seller(platform, tmp_path, model="overseas"):
    time = Time()
    return connect(account(tmp_path, model), clock=time, sleep=time.sleep, respond=platform)


@pytest.mark.parametrize("answer", [{"result": page(FULL), "request_id": "r"}, unsimplified(page(FULL))])
def test_a_page_of_the_list_in_both_envelopes(answer, tmp_path):
    platform = Played(answer)
    assert list(seller(platform, tmp_path).walk(Status.AUDITING)) == [Page(1, 1, 1, (FULL_READ,), NOON)]
    (asked,) = platform.asked
    assert asked.query == {"method": LIST}
    assert asked.json("aeop_a_e_product_list_query") == {
        "product_status_type": "auditing",
        "current_page": 1,
        "page_size": 99,
    }


def test_a_listing_of_which_hardly_anything_is_told(tmp_path):
    """Real replies leave out what is empty (reference §3.1); an id may come as text."""
    platform = Played({"result": page({"product_id": "1005001", "subject": "", "image_u_r_ls": None})})
    (only,) = seller(platform, tmp_path).walk(Status.REJECTED)
    assert only.observations == (Observation(1005001, Status.REJECTED, "editingRequired"),)


def test_an_offline_listing_carries_its_cause_even_an_unknown_one(tmp_path):
    items = [
        {"product_id": 1, "ws_display": "punish_offline", "ws_offline_date": "2026-03-01 00:00:00"},
        {"product_id": 2, "ws_display": "moon_offline", "ws_offline_date": "soon"},
    ]
    (only,) = seller(Played({"result": page(*items)}), tmp_path).walk(Status.OFFLINE)
    assert only.observations == (
        Observation(
            1,
            Status.OFFLINE,
            "offline",
            offline_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
            offline_raw="2026-03-01 00:00:00",
            cause="punish_offline",
        ),
        Observation(2, Status.OFFLINE, "offline", offline_raw="soon", cause="moon_offline"),
    )


@pytest.mark.parametrize(
    "result",
    [
        {"success": True, "product_count": 0, "total_page": 0},
        {"success": True, "product_count": "0", "aeop_a_e_product_display_d_t_o_list": []},
        {"success": True, "product_count": 0, "aeop_a_e_product_display_d_t_o_list": {}},
    ],
)
def test_an_empty_status_with_or_without_its_list(result, tmp_path):
    (only,) = seller(Played({"result": result}), tmp_path).walk(Status.AUDITING)
    assert (only.observations, only.reported) == ((), 0)


def test_a_missing_total_is_not_taken_for_zero(tmp_path):
    (only,) = seller(Played({"result": {"success": True}}), tmp_path).walk(Status.AUDITING)
    assert (only.observations, only.reported) == ((), None)


def test_a_listing_without_an_id_is_named_and_the_others_are_read(tmp_path):
    answer = {"result": page({"subject": "Vase"}, {"product_id": 5, "subject": "Bowl"})}
    (only,) = seller(Played(answer), tmp_path).walk(Status.AUDITING)
    assert [seen.product_id for seen in only.observations] == [5]
    assert only.notes == ("AliExpress listed an item as auditing without a usable product_id: Vase.",)


def test_a_raw_line_break_in_a_title_is_a_space(tmp_path):
    body = (
        b'{"result": {"success": true, "product_count": 2, "total_page": 1, "aeop_a_e_product_display_d_t_o_list": '
        b'[{"product_id": 5, "subject": "Vase\r\n\tblue "}, {"product_id": 6, "subject": "Two  spaces \xfe"}]}}'
    )
    (only,) = seller(Played(body), tmp_path).walk(Status.AUDITING)
    assert [seen.title for seen in only.observations] == ["Vase blue ", "Two  spaces \ufffd"]


def attributes_of(tmp_path, properties):
    answer = {"result": {"product_id": 5, "product_status_type": "auditing", "aeop_ae_product_propertys": properties}}
    return [(each.name_id, each.value_id, each.value) for each in seller(Played(answer), tmp_path).detail(5).attributes]


@pytest.mark.parametrize(
    ("filled", "read"),
    [
        ({"attr_value_start": "4", "attr_value_end": "8", "attr_value_unit": "months"}, "4 to 8 months"),
        ({"attr_value_start": 0, "attr_value_end": 8}, "0 to 8"),
        ({"attr_value_start": "4", "attr_value_unit": "months"}, "from 4 months"),
        ({"attr_value_end": "8", "attr_value": " "}, "up to 8"),
        ({"attr_value_unit": "months"}, "months"),
        ({"attr_value": "7", "attr_value_unit": "months"}, "7"),
        ({"attr_value": "", "attr_value_start": "", "attr_value_end": None}, ""),
    ],
)
def test_an_interval_and_a_unit_are_values_of_an_attribute(tmp_path, filled, read):
    assert attributes_of(tmp_path, [{"attr_name_id": 9, "attr_name": "Age", **filled}]) == [(9, None, read)]


@pytest.mark.parametrize("form", [lambda sent: sent, json.dumps, lambda sent: json.dumps({"global_x": sent})])
def test_attributes_are_read_from_a_list_and_from_its_json_text(tmp_path, form):
    sent = [
        {"attr_name_id": 9, "attr_value_id": 4, "attr_value": "own\tword"},
        {"attr_name_id": -1, "attr_name": "Fit", "attr_value_id": 0, "attr_value": "Slim"},
    ]
    assert attributes_of(tmp_path, form(sent)) == [(9, 4, "own\tword"), (None, None, "Slim")]


def test_held_statuses_are_walked_first(tmp_path):
    held_first = (Status.AUDITING, Status.REJECTED, Status.ACTIVE, Status.OFFLINE)
    assert seller(Played({}), tmp_path).statuses == held_first
    assert seller(Played({}), tmp_path, "pop").statuses == held_first


def test_the_pop_list_has_other_names_for_the_same(tmp_path):
    items = {"aeop_ae_product_display_sample_dto": [{"product_id": 5, "product_type": "POP_CHOICE"}]}
    result = {"success": True, "product_count": 1, "total_page": 1, "aeop_a_e_product_display_d_t_o_list": items}
    platform = Played({"aliexpress_postproduct_redefining_findproductinfolistquery_response": {"result": result}})
    (only,) = seller(platform, tmp_path, "pop").walk(Status.ACTIVE)
    assert only.observations == (Observation(5, Status.ACTIVE, "onSelling", product_type="POP_CHOICE"),)
    assert platform.asked[0].query == {"method": "aliexpress.postproduct.redefining.findproductinfolistquery"}


DETAIL = {
    "product_id": 1005001234567890,
    "product_status_type": "editingRequired",
    "category_id": 200000343,
    "multi_language_subject_list": {
        "global_subject": [{"locale": "es_ES", "subject": "Camisa"}, {"locale": "en_US", "subject": "Shirt"}]
    },
    "detail": "<p>long</p>",
    "image_u_r_ls": "https://a/1.jpg",
    "currency_code": "EUR",
    "gmt_modified": "2026-03-08 23:00:00",
    "aeop_ae_product_propertys": {
        "global_aeop_ae_product_property": [
            {"attr_name_id": 2, "attr_name": "Brand Name", "attr_value_id": 201, "attr_value": "NONE"},
            {"attr_name": "My own", "attr_value": "yes"},
        ]
    },
    "aeop_ae_product_s_k_us": {
        "global_aeop_ae_product_sku": [
            {"id": "14:1", "sku_code": "A-1", "sku_price": "9.50", "ipm_sku_stock": 3},
            {"id": "14:2", "sku_price": "10.00", "currency_code": "USD"},
        ]
    },
    "delivery_time": 7,
    "gross_weight": "0.350",
    "package_length": 30,
    "package_width": 20,
    "package_height": 5,
}


@pytest.mark.parametrize(("model", "eu_person", "qualifications"), [("overseas", None, None), ("pop", "", ())])
def test_the_detail_of_a_listing(model, eu_person, qualifications, tmp_path):
    """Only the POP call is documented to tell EU persons and certificates; elsewhere their absence says nothing."""
    platform = Played({"result": DETAIL})
    seen = Observation(
        product_id=1005001234567890,
        status=Status.REJECTED,
        platform_status="editingRequired",
        title="Shirt",
        image_urls=("https://a/1.jpg",),
        price_min="9.50",
        price_max="10.00",
        currency="EUR",
        modified_at=datetime(2026, 3, 9, 6, tzinfo=UTC),
        modified_raw="2026-03-08 23:00:00",
        category_id=200000343,
        sku_codes=("A-1",),
    )
    assert seller(platform, tmp_path, model).detail(1005001234567890) == Detail(
        product_id=1005001234567890,
        status=Status.REJECTED,
        platform_status="editingRequired",
        category_id=200000343,
        titles={"es_ES": "Camisa", "en_US": "Shirt"},
        image_urls=("https://a/1.jpg",),
        attributes=(
            ListingAttribute(2, "Brand Name", 201, "NONE"),
            ListingAttribute(None, "My own", None, "yes"),
        ),
        skus=(Sku("14:1", "A-1", "9.50", 3, "EUR"), Sku("14:2", "", "10.00", None, "USD")),
        modified_raw="2026-03-08 23:00:00",
        modified_at=datetime(2026, 3, 9, 6, tzinfo=UTC),
        observation=seen,
        extra='{"delivery_time":7}',
        weight="0.350",
        sides=("30", "20", "5"),
        eu_person=eu_person,
        qualifications=qualifications,
        description_chars=4,
        description_pictures=0,
        outside=Outside(),
    )
    assert platform.asked[0].form["product_id"] == "1005001234567890"


def test_a_detail_of_hardly_anything(tmp_path):
    platform = Played({"result": {"product_id": 7, "subject": "Old name", "product_status_type": "frozen"}})
    known = seller(platform, tmp_path).detail(7)
    assert (known.status, known.platform_status, known.titles) == (Status.OTHER, "frozen", {"": "Old name"})
    assert known.observation == Observation(7, Status.OTHER, "frozen", title="Old name")


def test_a_detail_of_another_listing_is_unreadable(tmp_path):
    with pytest.raises(UnreadableAnswer, match="asked about listing 8 and answered about another"):
        seller(Played({"result": DETAIL}), tmp_path).detail(8)
