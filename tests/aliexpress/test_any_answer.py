"""Whatever the platform sends, what comes out is a page, an observation or a named error."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.aliexpress.errors import PlatformError
from aexdash.aliexpress.listings import connect
from aexdash.aliexpress.protocol.platform_wire import PlatformWire
from aexdash.model import BUSINESS_MODELS, Status
from tests.aliexpress.played import Played, Time, account, gateway

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
names = st.sampled_from(
    [
        *("result", "x_response", "error_response", "code", "msg", "message", "sub_code", "success", "error_code"),
        *("product_count", "total_page", "total_count", "product_list", "aeop_a_e_product_display_d_t_o_list"),
        *("product_id", "subject", "image_u_r_ls", "gmt_create", "ws_display", "product_status_type", "names"),
        *("search_sku_info_list", "sku_audit_status", "audit_failure_type", "product_info_dto", "multimedia"),
        *("title_prohibited_words", "primary_word", "types", "qualification_module_list", "key", "label", "support"),
        *("problematic_product_list", "product_problem", "problem_type", "product_problem_type_list", "isleaf"),
        *("msr_eu_id", "aeop_qualification_struct_list", "gross_weight", "package_length", "local_service_product_dto"),
        *("aeop_ae_product_s_k_us", "sku_price", "multi_language_subject_list", "attributes", "id", "values"),
    ]
)
answers = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5))
listed = st.fixed_dictionaries(
    {"product_id": st.integers(1, 2**62)},
    optional=dict.fromkeys(("subject", "image_u_r_ls", "gmt_create", "ws_display", "search_sku_info_list"), answers),
)


def played(body, tmp_path, model):
    time = Time()
    return connect(
        account(tmp_path, model, refresh_token=""), clock=time, sleep=time.sleep, respond=Played(body, body, b"{}")
    )


KINDS = ("authentication", "permission", "throttled", "invalid_request", "clock", "platform_fault", "unreadable")


def came_to(ask):
    """Return the answer, or the kind of the named error; any other exception fails the test."""
    try:
        return ask()
    except PlatformError as error:
        return f"{error.kind} error" if str(error) else "an error without a word"


NAMED = {f"{kind} error" for kind in KINDS}


@pytest.mark.slow
@given(st.binary(max_size=60) | answers.map(lambda answer: json.dumps(answer).encode()))
def test_any_body_is_content_or_a_named_error(body):
    outcome = came_to(lambda: gateway(Played(body)).call("a.b", {}))
    assert isinstance(outcome, dict) or outcome in NAMED


@pytest.mark.parametrize("model", BUSINESS_MODELS)
@settings(deadline=None)
@given(answer=answers)
def test_any_answer_to_a_walk_is_pages_or_a_named_error(model, answer, tmp_path_factory):
    store = played(json.dumps({"result": answer}).encode(), tmp_path_factory.mktemp("any"), model)
    for ask in (
        lambda: list(store.walk(Status.OFFLINE)),
        lambda: list(store.walk(Status.REJECTED)),
        lambda: store.look_up(7),
        lambda: store.detail(7),
        lambda: store.attribute_rules(7),
        lambda: list(store.problems()),
    ):
        outcome = came_to(ask)
        assert not isinstance(outcome, str) or outcome in NAMED
    words = came_to(lambda: store.words(7, "Lamp"))
    assert words is None or isinstance(words, tuple) or words in NAMED


@given(item=listed)
def test_any_item_is_an_observation_that_can_be_stored(item, tmp_path_factory):
    """Texts can be written as UTF-8, numbers fit into 64 bits, times carry a zone."""
    result = {"success": True, "product_count": 1, "total_page": 1, "aeop_a_e_product_display_d_t_o_list": [item]}
    store = played(json.dumps({"result": result}).encode(), tmp_path_factory.mktemp("any"), "overseas")
    ((seen,),) = (page.observations for page in store.walk(Status.OFFLINE))
    for text in (seen.title, seen.extra, seen.cause or "", seen.created_raw or "", *seen.image_urls):
        text.encode("utf-8")
    assert seen.product_id == item["product_id"]
    assert seen.category_id is None or abs(seen.category_id) < 2**63
    assert seen.created_at is None or seen.created_at.tzinfo is not None


def test_a_wire_can_be_closed_twice():
    wire = PlatformWire("https://api-sg.aliexpress.com")
    wire.close()
    wire.close()
