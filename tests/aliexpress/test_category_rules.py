import pytest

from aexdash.aliexpress.errors import BusinessFailure, PlatformFault
from aexdash.aliexpress.listings import connect
from aexdash.aliexpress.platform_counts import PlatformCounts
from aexdash.platform_data import AttributeRule, CategoryRules, QualificationRule
from tests.aliexpress.played import Shop, Time, account, error

ATTRIBUTES = {
    "result": {
        "success": True,
        "attributes": {
            "aeop_attribute_dto": [
                {
                    "id": 2,
                    "names": '{"zh":"品牌","en":"Brand Name"}',
                    "required": True,
                    "attribute_show_type_value": "list_box",
                    "values": {"aeop_attr_value_dto": [{"id": 201, "names": '{"en":"NONE"}'}, {"id": 9, "names": ""}]},
                },
                {"id": "3", "names": '{"zh":"材质"}', "required": "false", "input_type": "STRING"},
                {"names": '{"en":"without an id"}', "required": True},
            ]
        },
    }
}
TREE = {"result": [{"id": 39050508, "names": '{"en":"Lamps","zh":"灯"}', "isleaf": True, "level": 3}]}
RULES = (
    AttributeRule(2, "Brand Name", required=True, input_type="list_box", values=("NONE",)),
    AttributeRule(3, "材质", required=False, input_type="STRING"),
)


def seller(tmp_path, **methods):
    time = Time()
    platform = Shop(**methods)
    return connect(account(tmp_path), clock=time, sleep=time.sleep, respond=platform), platform


def test_what_a_category_requires_with_its_name(tmp_path):
    store, platform = seller(
        tmp_path,
        aliexpress__category__redefining__getallchildattributesresult=ATTRIBUTES,
        aliexpress__category__tree__list=TREE,
    )
    assert store.attribute_rules(39050508) == CategoryRules(39050508, "Lamps", RULES, leaf=True)
    assert store.attribute_rules(1) == CategoryRules(1, "", RULES)
    assert platform.called.count("aliexpress.category.tree.list") == 1


CERTIFICATES = {
    "result": {
        "support": True,
        "qualification_module_list": {
            "qualification_module": [
                {"key": "ce", "label": "CE certificate", "type": "image", "required": True},
                {"key": "rohs", "required": "false"},
                {"label": "without a key", "required": True},
            ]
        },
    }
}


def rules_told(tmp_path, qualifications=None, eu_persons=None, tree=None):
    """Return what is known of category 7 with these answers to the optional calls, and the platform."""
    refused = error("InvalidApiPath")
    store, platform = seller(
        tmp_path,
        aliexpress__category__redefining__getallchildattributesresult=ATTRIBUTES,
        aliexpress__category__tree__list=tree or refused,
        aliexpress__category__qualifications__list=qualifications or refused,
        aliexpress__category__eu__responsible__persons__list=eu_persons or refused,
    )
    return store.attribute_rules(7), platform


def test_the_certificates_a_category_asks_for(tmp_path):
    told, platform = rules_told(tmp_path, CERTIFICATES)
    assert told.qualifications == (
        QualificationRule("ce", "CE certificate", required=True),
        QualificationRule("rohs", "rohs", required=False),
    )
    asked = next(asked for asked in platform.asked if "local" in asked.form)
    assert (asked.form["category_id"], asked.form["local"]) == ("7", "en_US")


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ({"support": False, "qualification_module_list": [{"key": "ce", "required": True}]}, ()),
        ({"support": "false"}, ()),
        ({"support": True}, ()),
        ({"qualification_module_list": []}, ()),
        (
            {"qualification_module_list": {"qualification_module": {"key": "ce", "label": '{"en":"CE","zh":"证"}'}}},
            (QualificationRule("ce", "CE", required=False),),
        ),
        ({"request_id": "r"}, None),
    ],
)
def test_none_asked_for_and_none_told_are_not_the_same(answer, known, tmp_path):
    told, _ = rules_told(tmp_path, {"result": answer})
    assert told.qualifications == known


@pytest.mark.parametrize(
    ("answer", "needed"),
    [({"support": True}, True), ({"support": "false"}, False), ({"eu_contact_module_list": []}, None)],
)
def test_whether_a_category_asks_for_an_eu_person(answer, needed, tmp_path):
    told, platform = rules_told(tmp_path, eu_persons={"result": answer})
    assert told.eu_person_needed is needed
    assert platform.asked[-1].form["category_id"] == "7"


@pytest.mark.parametrize(("sent", "leaf"), [(True, True), ("false", False), (None, None)])
def test_whether_a_category_is_a_leaf(sent, leaf, tmp_path):
    told, _ = rules_told(tmp_path, tree={"result": [{"id": 7, "names": '{"en":"Lamps"}', "isleaf": sent}]})
    assert (told.name, told.leaf) == ("Lamps", leaf)


@pytest.mark.parametrize("refusal", [error("InsufficientPermission"), error("InvalidApiPath"), error("22")])
def test_what_an_account_may_not_ask_stays_untold_and_is_asked_once(refusal, tmp_path):
    store, platform = seller(
        tmp_path,
        aliexpress__category__redefining__getallchildattributesresult=ATTRIBUTES,
        aliexpress__category__tree__list=refusal,
        aliexpress__category__qualifications__list=refusal,
        aliexpress__category__eu__responsible__persons__list=refusal,
    )
    assert [store.attribute_rules(number) for number in (7, 8, 9)] == [
        CategoryRules(number, "", RULES) for number in (7, 8, 9)
    ]
    assert len(platform.called) == 6


def test_a_refusal_of_one_category_is_not_a_refusal_of_all(tmp_path):
    def certificates(asked):
        return CERTIFICATES if asked.form["category_id"] == "8" else error("isv.invalid-parameter", "category_id")

    store, _ = seller(
        tmp_path,
        aliexpress__category__redefining__getallchildattributesresult=ATTRIBUTES,
        aliexpress__category__qualifications__list=certificates,
    )
    assert [len(store.attribute_rules(number).qualifications or ()) for number in (7, 8)] == [0, 2]


def test_a_category_is_not_half_known_because_of_a_fault(tmp_path):
    """It is asked for again, instead of being kept without its certificates."""
    with pytest.raises(PlatformFault):
        rules_told(tmp_path, error("ServiceUnavailable"))


def test_what_is_asked_of_the_skus_is_not_asked_of_the_listing(tmp_path):
    colour = {"id": 14, "names": '{"en": "Color"}', "required": True, "sku": True}
    answer = {"result": {"success": True, "attributes": [colour]}}
    store, _ = seller(tmp_path, aliexpress__category__redefining__getallchildattributesresult=answer)
    assert store.attribute_rules(5).rules == ()


def test_a_category_without_a_name_still_has_its_rules(tmp_path):
    store, _ = seller(tmp_path, aliexpress__category__redefining__getallchildattributesresult=ATTRIBUTES)
    assert store.attribute_rules(39050508) == CategoryRules(39050508, "", RULES)


def test_a_category_that_does_not_exist(tmp_path):
    gone = {"result": {"success": False, "error_message": "category not found"}}
    store, _ = seller(tmp_path, aliexpress__category__redefining__getallchildattributesresult=gone)
    with pytest.raises(BusinessFailure, match="category not found"):
        store.attribute_rules(5)


def test_the_platform_s_own_counts(tmp_path):
    profile = {
        "seller_id": 2671514005,
        "online_store_product_number": 4310,
        "auth_store_product_number": "5",
        "limit_store_product_number": 100000,
    }
    store, _ = seller(tmp_path, aliexpress__merchant__profile__get={"profile": profile})
    assert store.counts() == PlatformCounts(auditing=5, active=4310, limit=100000, seller_id="2671514005")


def test_counts_that_are_not_told_are_not_zero(tmp_path):
    store, _ = seller(tmp_path, aliexpress__merchant__profile__get={"profile": {}})
    assert store.counts() == PlatformCounts(None, None, None, None)


@pytest.mark.parametrize("refusal", [error("InsufficientPermission"), error("InvalidApiPath")])
def test_an_account_that_may_not_ask_for_counts_has_none(refusal, tmp_path):
    store, _ = seller(tmp_path, aliexpress__merchant__profile__get=refusal)
    assert store.counts() is None


def test_counts_that_fail_are_a_failure(tmp_path):
    store, _ = seller(tmp_path, aliexpress__merchant__profile__get=error("ServiceUnavailable"))
    with pytest.raises(PlatformFault):
        store.counts()
