"""What the detail calls tell of the package, the EU responsible person and the qualifications, in every form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.dialects import details
from aexdash.aliexpress.listings import connect
from tests.aliexpress.played import Shop, Time, account

CE = {"key": "ce", "type": "image", "value": "https://a/ce.jpg"}
ROHS = {"key": "rohs", "type": "text", "value": "R-77"}


def told(tmp_path, model, fields):
    """Return the detail of listing 7 of a store whose detail call tells these fields."""
    info = {"product_id": 7, "product_status_type": "onSelling"}
    relations = [
        {"channel_seller_id": 1, "channel": "AE_GLOBAL", "business_type": "ONE_STOP_SERVICE"},
        {"channel_seller_id": 2, "channel": "AE_GLOBAL", "business_type": "LOCAL_SERVICE"},
    ]
    nested = {"product_info_dto": info, "package_dto": fields, "product_ext_dto": fields}
    platform = Shop(
        global__seller__relation__query={"seller_relation_list": relations},
        aliexpress__solution__product__info__get={"result": {**info, **fields}},
        aliexpress__offer__product__query={"result": {**info, **fields}},
        aliexpress__choice__product__query={"result": nested},
        aliexpress__local__service__product__query={"result": {"local_service_product_dto": nested}},
    )
    time = Time()
    return connect(account(tmp_path, model), clock=time, sleep=time.sleep, respond=platform).detail(7)


EVERY_MODEL = pytest.mark.parametrize("model", ["overseas", "pop", "choice", "overseas_managed"])


@EVERY_MODEL
def test_every_model_reads_what_is_told(model, tmp_path):
    fields = {"gross_weight": "0.4", "package_length": 30, "package_width": "20", "package_height": "1.5"}
    fields |= {"msr_eu_id": 5, "aeop_qualification_struct_list": {"aeop_qualification_struct": [CE, ROHS]}}
    known = told(tmp_path, model, fields)
    assert (known.weight, known.sides, known.eu_person, known.qualifications) == (
        "0.4",
        ("30", "20", "1.5"),
        "5",
        ("ce", "rohs"),
    )
    assert "msr_eu_id" not in known.extra
    assert "qualification" not in known.extra


@pytest.mark.parametrize(
    ("model", "eu_person", "qualifications"),
    [("overseas", None, None), ("pop", "", ()), ("choice", None, None), ("overseas_managed", None, None)],
)
def test_absence_says_none_only_where_the_call_is_documented_to_tell(model, eu_person, qualifications, tmp_path):
    """Replies omit empty fields (reference §3.1); a section that is not there at all tells nothing."""
    known = told(tmp_path, model, {})
    assert (known.weight, known.sides, known.eu_person, known.qualifications) == (None, (), eu_person, qualifications)


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ([CE, ROHS], ("ce", "rohs")),
        ({"aeop_qualification_struct": [CE]}, ("ce",)),
        ({"aeop_qualification_struct": CE}, ("ce",)),
        ([CE, {**CE, "value": "https://a/ce2.jpg"}], ("ce",)),
        ([{**CE, "value": ""}, {"key": "rohs"}, {"value": "x"}], ()),
        ([], ()),
        (None, ()),
    ],
)
def test_qualifications_that_are_filled_in(sent, keys):
    assert details.qualifications({"aeop_qualification_struct_list": sent}, documented=False) == keys


@pytest.mark.parametrize(("sent", "person"), [(5, "5"), ("5", "5"), (0, ""), ("0", ""), ("", ""), (None, "")])
def test_an_eu_person_that_is_told(sent, person):
    assert details.eu_person({"msr_eu_id": sent}, documented=False) == person


def test_the_sides_that_are_told_keep_their_order():
    assert details.sides({"package_height": 3, "package_length": "1.0", "package_width": ""}) == ("1.0", "3")


things = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
keyed = st.fixed_dictionaries({}, optional={"key": things, "value": things})


@pytest.mark.slow
@given(st.lists(keyed, max_size=4), st.sampled_from([None, "aeop_qualification_struct"]))
def test_both_forms_of_a_list_say_the_same(items, name):
    sent = {name: items} if name else items
    filled = [
        str(item["key"]) for item in items if all(item.get(field) not in (None, "") for field in ("key", "value"))
    ]
    assert details.qualifications({"aeop_qualification_struct_list": sent}, documented=True) == tuple(
        dict.fromkeys(filled)
    )
