"""The words that identify columns, in English, Chinese, Russian and Spanish (reference sources.md §2.1).

Nobody has published the English and Russian headings of the workbooks, so several wordings of each are taken.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

_NOT_LETTERS = re.compile(r"[\W_]+")

ID_HEADINGS = frozenset(
    (
        *("id", "product id", "item id", "listing id", "aliexpress id", "aliexpress product id"),
        *("商品ID", "产品ID", "宝贝ID", "商品编号", "产品编号"),
        *("ID товара", "товар ID", "ID продукта", "номер товара", "ID del producto", "ID producto"),
    )
)

SKU_HEADINGS = frozenset(
    (
        *(
            "sku",
            "sku code",
            "sku id",
            "seller sku",
            "merchant sku",
            "product sku",
            "item sku",
            "variant sku",
            "offer id",
        ),
        *("SKU编码", "SKU编号", "商品编码", "商家编码", "货号"),
        *("артикул", "артикул продавца", "код sku", "sku товара", "código sku", "referencia"),
    )
)

REASON_WORDS = ("reason", "annotation", "violation", "原因", "违规", "审核意见", "причин", "motivo", "razón")
"""A heading that contains one of these is a column of reasons."""

REMARK_WORDS = ("comment", "message", "remark", "problem", "备注", "说明", "комментар", "сообщени", "comentario")
"""Headings that may be a column of reasons, used when there is no clearer one."""


def plain_heading(heading: str) -> str:
    """Return a heading without star, case, width and punctuation, for comparing."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", heading).casefold())


def set_of(headings: Iterable[str]) -> str:
    """Return a key for tables with the same headings in any order (a JSON array); columns are remembered by it."""
    return json.dumps(sorted({plain_heading(heading) for heading in headings}), ensure_ascii=False)


_IDS = frozenset(map(plain_heading, ID_HEADINGS))
_SKUS = frozenset(map(plain_heading, SKU_HEADINGS))
_REASONS = tuple(map(plain_heading, REASON_WORDS))
_REMARKS = tuple(map(plain_heading, REMARK_WORDS))


def names_id(heading: str) -> bool:
    """Tell whether a column of this heading holds product ids."""
    return plain_heading(heading) in _IDS


def names_sku(heading: str) -> bool:
    """Tell whether a column of this heading holds SKU codes."""
    return plain_heading(heading) in _SKUS


def names_listing(heading: str) -> bool:
    """Tell whether a column of this heading says which listing a row is about."""
    return names_id(heading) or names_sku(heading)


def names_reason(heading: str) -> bool:
    """Tell whether a column of this heading holds reasons."""
    return any(word in plain_heading(heading) for word in _REASONS)


def is_reason_heading(heading: str) -> bool:
    """Tell whether a heading is one of the words for reasons or remarks and nothing more."""
    return plain_heading(heading).removesuffix("s") in (*_REASONS, *_REMARKS)


def names_remark(heading: str) -> bool:
    """Tell whether a column of this heading may hold reasons."""
    return any(word in plain_heading(heading) for word in _REMARKS)
