from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.protocol.signing import sign

BUSINESS = {
    "app_key": "123456",
    "access_token": "test",
    "timestamp": "1517820392000",
    "sign_method": "sha256",
    "aliexpress_category_id": "200135143",
    "method": "aliexpress.logistics.redefining.getonlinelogisticsinfo",
}
BUSINESS_SIGNATURE = "F7F7926B67316C9D1E8E15F7E66940ED3059B1638C497D77973F30046EFB5BBB"

parameters = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=8)


def test_vector_a_business_call():
    assert sign(BUSINESS, "helloworld") == BUSINESS_SIGNATURE


def test_vector_b_system_call_has_its_path_in_front():
    token_call = {
        "app_key": "12345678",
        "code": "3_500102_JxZ05Ux3cnnSSUm6dCxYg6Q26",
        "sign_method": "sha256",
        "timestamp": "1517820392000",
    }
    signature = sign(token_call, "helloworld", "/auth/token/create")
    assert signature == "35607762342831B6A417A0DED84B79C05FEFBF116969C48AD6DC00279A9F4D81"


def test_vector_c_business_call_without_a_token():
    anonymous = {
        "app_key": "12345678",
        "method": "aliexpress.affiliate.category.get",
        "sign_method": "sha256",
        "timestamp": "1517820392000",
    }
    assert sign(anonymous, "helloworld") == "F3ABBAB059750C3CD6D341A2FDA939ECB0FA892120E9196270ED67D6EC1511DD"


def test_vector_d_rest_call():
    rest = {
        "access_token": "test",
        "app_key": "123456",
        "order_id": "1234",
        "sign_method": "sha256",
        "timestamp": "1517820392000",
    }
    signature = sign(rest, "helloworld", "/order/get")
    assert signature == "4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A"


def test_blank_names_and_values_and_the_signature_itself_are_left_out():
    blanks = {"note": "", "  ": "x", "space": " \t\n", "sign": "ABC"}
    assert sign({**BUSINESS, **blanks}, "helloworld") == BUSINESS_SIGNATURE


def test_names_are_taken_in_byte_order():
    """`foo_bar` comes before `foobar`, and capitals before small letters, as in the published rule."""
    ordered = {"Zoo": "0", "bar": "1", "foo": "2", "foo_bar": "3", "foobar": "4"}
    backwards = dict(reversed(ordered.items()))
    assert sign(ordered, "s") == sign(backwards, "s")
    assert sign(ordered, "s") == sign({"Zoo0bar1foo2foo_bar3foobar": "4"}, "s")


@given(parameters, st.randoms(use_true_random=False))
def test_the_order_in_which_parameters_are_given_does_not_matter(given_parameters, random):
    shuffled = list(given_parameters.items())
    random.shuffle(shuffled)
    assert sign(dict(shuffled), "s") == sign(given_parameters, "s")


@given(parameters)
def test_a_signature_is_64_upper_case_hex_digits(given_parameters):
    signature = sign(given_parameters, "s")
    assert len(signature) == 64
    assert set(signature) <= set("0123456789ABCDEF")
