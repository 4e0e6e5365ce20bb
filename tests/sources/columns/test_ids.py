"""An id comes out digit for digit as it was written, or not at all."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aexdash.sources.columns.ids import NoProductId, product_id_of

ID = 1005006123456789
IDS = st.integers(10**9, 2**63 - 1)


@given(IDS)
@example(ID)
@example(1005006123456780)
@example(2**53)
@example(2**63 - 1)
def test_an_id_comes_back_the_same_or_is_refused_but_never_changed(number: int) -> None:
    text = str(number)
    all_digits = f"{text[0]}.{text[1:]}E+{len(text) - 1}"
    assert [product_id_of(cell) for cell in (text, number, all_digits, f" {text}.0 ", f"'{text}")] == [number] * 5
    if number < 2**53:
        assert product_id_of(float(number)) == number
    else:
        with pytest.raises(NoProductId, match="more digits than a number cell keeps; write the column as text"):
            product_id_of(float(number))


@given(IDS, st.integers(0, 17))
def test_a_shortened_number_is_never_taken_for_another_id(number: int, digits: int) -> None:
    text = str(number)
    shown = f"{text[0]}.{text[1 : 1 + digits]}E+{len(text) - 1}"
    if digits >= len(text) - 1:
        assert product_id_of(shown) == number
    else:
        with pytest.raises(NoProductId, match=r"does not show all digits of the id; write the column as text"):
            product_id_of(shown)


@given(st.text() | st.floats() | st.integers() | st.booleans())
@example("9" * 5000)
@example("1E+999")
@example("１００５００６１２３４５６７８９")
def test_any_cell_is_an_id_of_10_to_19_digits_or_refused(cell: str | float | bool) -> None:
    with contextlib.suppress(NoProductId):
        number = product_id_of(cell)
        assert 10**9 <= number < 2**63
        assert isinstance(cell, int | float) or str(number) in "".join(str(int(c)) for c in cell if c.isdecimal())


@pytest.mark.parametrize(
    "written",
    [
        '="1005006123456789"',
        "'1005006123456789",
        "1\u00a0005\u00a0006\u00a0123\u00a0456\u00a0789",
        "1,005,006,123,456,789",
        "1005006123456789.00",
        "1005006123456789,0",
        "\ufeff1005006123456789\u200b",
        "1005006123456789\t",
        "Wireless lamp ID: 1005006123456789",
        "ID：1005006123456789",
        "Lamp 1005006123456780 ID: 1005006123456789, 4006381333931 12.50",
        "https://www.aliexpress.com/item/1005006123456789.html",
    ],
)
def test_what_spreadsheets_put_around_an_id_is_taken_off(written: str) -> None:
    assert product_id_of(written) == ID


@pytest.mark.parametrize(
    "cell",
    [
        *("", "lamp", "12345", "1005006123456789.5", "1005006123456789 1005006123456790", "-1005006123456789"),
        *("ID: 1005006123456789, 1005006123456790", "Product ID: 1005006123456789 and 1005006123456790"),
        *("1.00501E+15", "1,005,006,123,456,78", "99999999999999999999"),
        *(1005006123456789.5, 1e300, float("nan"), float("inf"), True, -ID),
    ],
)
def test_what_is_no_id_is_refused(cell: str | float) -> None:
    with pytest.raises(NoProductId):
        product_id_of(cell)
