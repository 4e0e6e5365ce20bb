"""Our questions to BigCommerce and the answers of its double, held by its OpenAPI files, or by ours where they lack."""

from __future__ import annotations

import pytest

from aexdash.demo.shops.bigcommerce import SimulatedBigCommerce
from aexdash.shops.account import ShopAccount, ShopKind
from aexdash.shops.bigcommerce import FIELDS, SUB_RESOURCES
from aexdash.shops.kinds import open_shop
from tests.shops.bigcommerce_api import (
    FRAGMENT,
    UNTOLD,
    Described,
    HeldBigCommerce,
    best,
    needs_bigcommerces_own,
    official,
    properties,
)
from tests.shops.goods import served
from tests.shops.test_bigcommerce import marketed

OURS = Described(FRAGMENT)


def read_all(simulated: SimulatedBigCommerce) -> None:
    """Ask everything that is ever asked: of the shop, its catalogue, a few SKUs, its first page."""
    with served(simulated) as url:
        account = ShopAccount(key="big", kind=ShopKind.BIGCOMMERCE, token="simulated", address=url + "/stores/abc123")
        shop = open_shop(account)
        try:
            shop.facts()
            assert [*shop.catalogue(), *shop.some(["B-40", "BAG"]), *shop.first()]
        finally:
            shop.close()


@pytest.mark.parametrize("api", [pytest.param("best", id="best there is"), pytest.param("ours", id="ours")])
def test_every_question_and_every_answer_is_as_described(api):
    simulated = HeldBigCommerce(marketed, api=best() if api == "best" else OURS)
    read_all(simulated)
    assert simulated.compared >= 8
    assert simulated.problems == []


def test_what_is_not_described_is_found():
    assert list(OURS.of_question("/catalog/goods", "")) == ["there is no GET /catalog/goods"]
    assert list(OURS.of_question("/catalog/products", "colour=red")) == [
        "GET /catalog/products has no parameter colour"
    ]
    [said] = OURS.of_question("/catalog/products", "limit=251")
    assert "251 is greater than the maximum of 250" in said
    [said] = OURS.of_question("/catalog/products", "include=variants,options")
    assert "'options' is not one of" in said
    product = {"id": "1", "colour": "red", "variants": [{"sku": 7, "size": 1}]}
    told = list(OURS.of_answer("/catalog/products", {"data": [product], "meta": {}}))
    assert [one.partition(":")[0] for one in told[:2]] == ["data.0.id", "data.0.variants.0.sku"]
    assert told[2:] == [".data[].colour is described nowhere", ".data[].variants[].size is described nowhere"]


def test_what_is_asked_of_a_product_is_a_field_that_there_is():
    known = OURS.parameters("/catalog/products")
    assert set(FIELDS.split(",")) <= set(known["include_fields"]["items"]["enum"])
    assert set(SUB_RESOURCES.split(",")) == set(known["include"]["items"]["enum"])


@needs_bigcommerces_own
@pytest.mark.parametrize("path", list(FRAGMENT["paths"]))
def test_our_description_says_nothing_that_theirs_does_not(path):
    theirs = official()
    asked = path.replace("{channel_id}", "1")
    found = theirs.operation(asked)
    assert found is not None
    known = theirs.parameters(asked)
    for name, schema in OURS.parameters(asked).items():
        assert name in known, name
        assert schema["type"] == known[name].get("type", schema["type"]), name
    document, get = found
    responses = {str(status): one for status, one in get["responses"].items()}
    response = responses["200"]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    data = properties(document, response["content"]["application/json"]["schema"])["data"]
    fields = properties(document, data.get("items", data))
    ours = FRAGMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    lacking = set(properties(FRAGMENT, ours["properties"]["data"]["items"])) - set(fields) - set(UNTOLD)
    assert lacking == set()
