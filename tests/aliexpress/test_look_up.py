import pytest

from aexdash.aliexpress.errors import InvalidRequest, PlatformFault, UnreadableAnswer
from aexdash.aliexpress.listings import connect
from aexdash.model import Status
from aexdash.platform_data import Observation
from tests.aliexpress.played import Shop, Time, account, error

LIST_KEY = "aeop_a_e_product_display_d_t_o_list"
NO_SUCH = {"result": {"success": False, "error_code": 13, "error_message": "product not found"}}
NONE = {"success": True, "product_count": 0}


def listed(*items):
    return {"success": True, "product_count": len(items), "total_page": 1, LIST_KEY: list(items)}


def shop(detail, by_word=None, model="overseas"):
    """A store that answers the detail call as told, and its list by status word, empty by default."""

    def answer(asked):
        query = asked.json("aeop_a_e_product_list_query")
        assert query["product_id"] == 7
        found = (by_word or {}).get(query["product_status_type"], NONE)
        return found if "error_response" in found else {"result": found}

    if model == "pop":
        return Shop(
            aliexpress__offer__product__query=detail,
            aliexpress__postproduct__redefining__findproductinfolistquery=answer,
        )
    return Shop(aliexpress__solution__product__info__get=detail, aliexpress__solution__product__list__get=answer)


def look_up(platform, tmp_path, model="overseas"):
    time = Time()
    return connect(account(tmp_path, model), clock=time, sleep=time.sleep, respond=platform).look_up(7)


def words(platform):
    return [
        asked.json("aeop_a_e_product_list_query")["product_status_type"]
        for asked in platform.asked
        if "aeop_a_e_product_list_query" in asked.form
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("onSelling", Status.ACTIVE),
        ("auditing", Status.AUDITING),
        ("editingRequired", Status.REJECTED),
        ("service_delete", Status.DELETED),
        ("service-delete", Status.DELETED),
        ("deleted", Status.DELETED),
        ("refuse", Status.REJECTED),
        ("frozen", Status.OTHER),
    ],
)
def test_the_detail_tells_where_a_listing_is(word, status, tmp_path):
    """A word that nobody knows is kept, not guessed at."""
    platform = shop({"result": {"product_id": 7, "product_status_type": word}})
    assert look_up(platform, tmp_path) == Observation(7, status, word)
    assert words(platform) == []


def test_an_offline_listing_is_also_asked_for_in_the_list_which_tells_the_cause(tmp_path):
    detail = {"result": {"product_id": 7, "product_status_type": "offline"}}
    platform = shop(detail, {"offline": listed({"product_id": 7, "ws_display": "violate_offline"})})
    assert look_up(platform, tmp_path) == Observation(7, Status.OFFLINE, "offline", cause="violate_offline")
    assert words(platform) == ["offline"]


def test_an_offline_listing_whose_cause_nobody_tells_is_still_offline(tmp_path):
    platform = shop({"result": {"product_id": 7, "product_status_type": "offline"}})
    assert look_up(platform, tmp_path) == Observation(7, Status.OFFLINE, "offline")


def test_the_pop_detail_tells_the_cause_itself(tmp_path):
    detail = {"result": {"product_id": 7, "product_status_type": "offline", "ws_display": "industry_offline"}}
    platform = shop(detail, model="pop")
    assert look_up(platform, tmp_path, "pop") == Observation(7, Status.OFFLINE, "offline", cause="industry_offline")
    assert words(platform) == []


@pytest.mark.parametrize(
    "refusal", [NO_SUCH, error("isv.invalid-parameter", "product_id"), {"result": {"success": True}}]
)
def test_a_refused_detail_sends_us_to_the_lists(refusal, tmp_path):
    platform = shop(refusal, {"onSelling": listed({"product_id": "7", "subject": "x"})})
    assert look_up(platform, tmp_path) == Observation(7, Status.ACTIVE, "onSelling", title="x")
    assert words(platform) == ["auditing", "editingRequired", "onSelling"]


def test_what_no_list_shows_is_deleted(tmp_path):
    platform = shop(NO_SUCH)
    assert look_up(platform, tmp_path) == Observation(7, Status.DELETED, "")
    assert words(platform) == ["auditing", "editingRequired", "onSelling", "offline"]


def test_an_empty_list_without_a_total_is_a_no_as_well(tmp_path):
    empty = {"success": True, LIST_KEY: []}
    platform = shop(NO_SUCH, dict.fromkeys(("auditing", "editingRequired", "onSelling", "offline"), empty))
    assert look_up(platform, tmp_path).status is Status.DELETED


@pytest.mark.parametrize(
    "unclear",
    [
        {"success": True},
        {"success": True, "product_count": 1},
        {"success": True, "product_count": 3, LIST_KEY: [{"product_id": 8}]},
        {"success": True, "product_count": 0, LIST_KEY: [{"product_id": 8}]},
    ],
)
def test_an_unclear_no_is_no_deletion(unclear, tmp_path):
    with pytest.raises(UnreadableAnswer, match="does not say clearly whether listing 7 is onSelling"):
        look_up(shop(NO_SUCH, {"onSelling": unclear}), tmp_path)


def test_a_list_that_cannot_be_asked_is_no_deletion(tmp_path):
    with pytest.raises(InvalidRequest):
        look_up(shop(NO_SUCH, {"offline": error("Odd")}), tmp_path)


def test_a_fault_of_the_platform_is_no_deletion(tmp_path):
    with pytest.raises(PlatformFault):
        look_up(shop(error("ServiceUnavailable")), tmp_path)


def test_a_listing_that_is_there_but_in_no_list_is_no_deletion(tmp_path):
    with pytest.raises(UnreadableAnswer, match="does not say in which status"):
        look_up(shop({"result": {"product_id": 7}}), tmp_path)


def test_a_detail_without_a_status_is_completed_by_the_list(tmp_path):
    platform = shop({"result": {"product_id": 7}}, {"editingRequired": listed({"product_id": 7})})
    assert look_up(platform, tmp_path) == Observation(7, Status.REJECTED, "editingRequired")


def test_pop_names_who_deleted_a_listing(tmp_path):
    platform = shop(NO_SUCH, {"service_delete": listed({"product_id": 7, "subject": "x"})}, "pop")
    assert look_up(platform, tmp_path, "pop") == Observation(7, Status.DELETED, "service_delete", title="x")
    assert words(platform) == ["auditing", "editingRequired", "onSelling", "offline", "service_delete"]


def test_pop_without_the_words_for_deleted_listings(tmp_path):
    refused = error("isv.invalid-parameter", "product_status_type")
    platform = shop(NO_SUCH, {"service_delete": refused, "deleted": refused}, "pop")
    assert look_up(platform, tmp_path, "pop") == Observation(7, Status.DELETED, "")
