import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.errors import BusinessFailure, PlatformFault, Throttled
from aexdash.aliexpress.title_words import TitleWords
from aexdash.platform_data import ObjectionableWord
from tests.aliexpress.played import Played, Shop, error, gateway

METHOD = "aliexpress.postproduct.redefining.findaeproductprohibitedwords"
NIKE = {"primary_word": "nike", "types": ["BRAND_TYPE", "TORT_TYPE"]}
GUN = {"primary_word": "gun", "types": ["FORBIDEN_TYPE"]}
FOUND = (ObjectionableWord("nike", ("BRAND_TYPE", "TORT_TYPE")), ObjectionableWord("gun", ("FORBIDEN_TYPE",)))


def asked(answer, title="Nike gun"):
    platform = Shop(**{METHOD: answer})
    return TitleWords(gateway(platform)).objections(7, title), platform


def unsimplified(word):
    return {**word, "types": {"string": word["types"]}}


@pytest.mark.parametrize(
    "sent",
    [[NIKE, GUN], {"prohibited_word": [NIKE, GUN]}, {"prohibited_word": [unsimplified(NIKE), unsimplified(GUN)]}],
)
def test_the_words_of_a_title_with_their_types_in_both_list_forms(sent):
    found, platform = asked(
        {"result": {"success": True, "title_prohibited_words": sent, "detail_prohibited_words": [GUN]}}
    )
    assert found == FOUND
    (call,) = platform.asked
    assert (call.query["method"], call.form["category_id"], call.form["title"]) == (METHOD, "7", "Nike gun")


@pytest.mark.parametrize("answer", [{"success": True}, {"title_prohibited_words": []}, {"title_prohibited_words": {}}])
def test_a_title_without_objections(answer):
    assert asked({"result": answer})[0] == ()


def test_a_word_that_is_named_twice_is_one_with_all_its_types():
    sent = [NIKE, {"primary_word": "nike", "types": ["BRAND_TYPE", "RESTRICT_TYPE"]}, {"types": ["TORT_TYPE"]}]
    found, _ = asked({"result": {"title_prohibited_words": sent}})
    assert found == (ObjectionableWord("nike", ("BRAND_TYPE", "TORT_TYPE", "RESTRICT_TYPE")),)


def test_a_word_without_types_is_still_a_word():
    assert asked({"result": {"title_prohibited_words": [{"primary_word": "x"}, GUN]}})[0] == (
        ObjectionableWord("x", ()),
        FOUND[1],
    )


def test_an_empty_title_needs_no_call():
    found, platform = asked({"result": {}}, "  ")
    assert (found, platform.asked) == ((), [])


@pytest.mark.parametrize("refusal", [error("isv.insufficient-permission"), error("11"), error("InvalidApiPath")])
def test_an_account_that_may_not_ask_is_asked_about_once(refusal):
    platform = Shop(**{METHOD: refusal})
    wording = TitleWords(gateway(platform))
    assert [wording.objections(7, title) for title in ("a", "b", "c")] == [None, None, None]
    assert len(platform.asked) == 1


def test_a_title_that_is_refused_does_not_end_the_asking():
    wording = TitleWords(gateway(Played({"result": {"success": False, "error_message": "bad title"}}, {"result": {}})))
    with pytest.raises(BusinessFailure, match="bad title"):
        wording.objections(7, "a")
    assert wording.objections(7, "b") == ()


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(error("ServiceUnavailable"), PlatformFault), (error("ApiCallLimit", "banned for 60 seconds"), Throttled)],
)
def test_a_fault_is_not_a_title_without_objections(failure, kind):
    with pytest.raises(kind):
        asked(failure)


words = st.fixed_dictionaries(
    {"primary_word": st.text("abc", min_size=1, max_size=2), "types": st.lists(st.sampled_from(["A", "B"]), max_size=3)}
)


@given(st.lists(words, max_size=5))
def test_every_word_is_told_once_and_none_is_lost(sent):
    found, _ = asked({"result": {"title_prohibited_words": sent}})
    assert [word.word for word in found] == list(dict.fromkeys(item["primary_word"] for item in sent))
    assert {(word.word, kind) for word in found for kind in word.types} == {
        (item["primary_word"], kind) for item in sent for kind in item["types"]
    }
