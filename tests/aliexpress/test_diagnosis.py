import pytest

from aexdash.aliexpress.errors import PermissionDenied, PlatformFault, UnreadableAnswer
from aexdash.aliexpress.listings import connect
from aexdash.platform_data import Problem
from tests.aliexpress.played import Shop, Time, account, error

TYPES = "aliexpress.product.diagnosis.queryProblem"
PAGES = "aliexpress.product.diagnosis.pageQueryProblem"
KINDS = {
    "success": True,
    "product_problem_type_list": [
        {"problem_type": "repeat_repost", "problem_description": "Repeated posting"},
        {"problem_type": "lack_white_image", "problem_description": "No picture on white"},
    ],
}


def item(number, kind="repeat_repost", **more):
    return {"product_id": number, "product_problem": {"problem_type": kind}, **more}


def seller(tmp_path, pages, kinds=KINDS):
    """A store whose diagnosis has these pages."""

    def answer(asked):
        number = int(asked.form["current_page"])
        return {"result": pages[number - 1] if number <= len(pages) else listed(total=0)}

    platform = Shop(**{TYPES: kinds, PAGES: answer})
    time = Time()
    return connect(account(tmp_path), clock=time, sleep=time.sleep, respond=platform), platform


def listed(*items, total=None):
    return {
        "success": True,
        "total_count": len(items) if total is None else total,
        "problematic_product_list": list(items),
    }


def test_problems_with_their_texts(tmp_path):
    told = item("1005001234567890", optimization_suggestion="Delete the copy")
    told["product_problem"] = {"problem_type": "repeat_repost", "problem_description": "Same as another"}
    store, platform = seller(tmp_path, [listed(told, item(8, "lack_white_image"))])
    assert list(store.problems()) == [
        [
            Problem(1005001234567890, "repeat_repost", "Same as another", "Delete the copy"),
            Problem(8, "lack_white_image", "No picture on white", ""),
        ]
    ]
    page = platform.asked[1]
    assert {name: page.form[name] for name in ("operate_status", "page_size", "current_page")} == {
        "operate_status": "0",
        "page_size": "10",
        "current_page": "1",
    }
    assert page.json("problem_type_list") == ["repeat_repost", "lack_white_image"]


def test_the_item_named_form_of_both_lists(tmp_path):
    kinds = {"success": True, "product_problem_type_list": {"problem_type": KINDS["product_problem_type_list"]}}
    page = {"total_count": 1, "problematic_product_list": {"problematic_product": [item(8)]}}
    store, _ = seller(tmp_path, [page], kinds)
    assert list(store.problems()) == [[Problem(8, "repeat_repost", "Repeated posting")]]


def test_a_problem_of_a_kind_that_was_not_announced(tmp_path):
    bare = {"product_id": 9}
    store, _ = seller(tmp_path, [listed(item(8, "dark_picture"), bare)], {"success": True})
    assert list(store.problems()) == [[Problem(8, "dark_picture"), Problem(9, "")]]


def test_every_page_is_read_and_a_listing_may_have_several_problems(tmp_path):
    """Two pages in a row may show the same listings with other problems; that is no repeat."""
    ten = range(1, 11)
    pages = [
        listed(*(item(number) for number in ten), total=31),
        listed(*(item(number, "lack_white_image") for number in ten), total=31),
        listed(*(item(number, "third") for number in ten), total=31),
        listed(item(1, "fourth"), total=31),
    ]
    store, platform = seller(tmp_path, pages)
    assert [len(page) for page in store.problems()] == [10, 10, 10, 1]
    assert platform.called == [TYPES, *[PAGES] * 4]


def test_pages_that_repeat_themselves_do_not_go_on_for_ever(tmp_path):
    same = listed(*(item(number) for number in range(1, 11)), total=500)
    store, platform = seller(tmp_path, [same] * 50)
    with pytest.raises(UnreadableAnswer, match="reported 500 problems and showed 20"):
        list(store.problems())
    assert len(platform.asked) < 6


def test_a_store_without_problems(tmp_path):
    store, _ = seller(tmp_path, [listed()])
    assert list(store.problems()) == [[]]


def test_fewer_problems_than_reported_are_not_all(tmp_path):
    store, _ = seller(tmp_path, [listed(item(8), total=3)])
    read = []
    with pytest.raises(UnreadableAnswer, match="reported 3 problems and showed 1"):
        read.extend(store.problems())
    assert read == [[Problem(8, "repeat_repost", "Repeated posting")]]


@pytest.mark.parametrize("refusal", [error("InsufficientPermission"), error("InvalidApiPath")])
def test_an_account_that_may_not_ask_is_told_so_without_another_call(refusal, tmp_path):
    store, platform = seller(tmp_path, [], refusal)
    for _ in range(3):
        with pytest.raises(PermissionDenied):
            list(store.problems())
    assert platform.called == [TYPES]


def test_a_fault_is_no_end_of_the_problems(tmp_path):
    store, _ = seller(tmp_path, [], error("ServiceUnavailable"))
    with pytest.raises(PlatformFault):
        list(store.problems())
