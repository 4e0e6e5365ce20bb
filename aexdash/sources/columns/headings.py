"""The words that identify columns, in the languages of sellers' countries (reference sources.md §2.1).

Nobody has published the English and Russian headings of the workbooks, so several wordings of each are taken.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable

_NOT_LETTERS = re.compile(r"[\W_]+")

ID_HEADINGS = frozenset(
    (
        *("id", "product id", "item id", "listing id", "aliexpress id", "aliexpress product id"),
        *("商品ID", "产品ID", "宝贝ID", "商品编号", "产品编号"),
        *("商品ID號", "商品編號", "產品ID", "產品編號", "寶貝ID", "상품 ID", "상품번호", "제품 ID"),
        *("ID товара", "товар ID", "ID продукта", "номер товара", "ID del producto", "ID producto"),
        *("ID do produto", "ID produto", "ID produit", "ID du produit", "Produkt-ID", "Ürün ID", "Ürün kimliği"),
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

REASON_WORDS = (
    *(
        "reason",
        "annotation",
        "violation",
        "原因",
        "理由",
        "违规",
        "違規",
        "审核意见",
        "審核意見",
        "причин",
        "motivo",
        "razón",
    ),
    *("motif", "raison", "ablehnungsgrund", "neden", "sebep", "사유", "이유", "원인"),
)
"""A heading that contains one of these is a column of reasons."""

REMARK_WORDS = (
    *("comment", "message", "remark", "problem", "备注", "備註", "说明", "說明", "комментар", "сообщени", "comentario"),
    *("comentário", "mensagem", "commentaire", "remarque", "bemerkung", "açıklama", "비고", "메시지"),
)
"""Headings that may be a column of reasons, used when there is no clearer one."""

SEVERITY_HEADINGS = (
    *("severity", "severity level", "error level", "issue level", "error type", "issue type", "issue severity"),
    *("servability", "impact", "effect", "effect on serving", "item level effect", "validation status"),
    *(
        "严重程度",
        "级别",
        "严重级别",
        "错误类型",
        "问题级别",
        "影响",
        "уровень",
        "критичность",
        "важность",
        "тип ошибки",
    ),
    *("gravedad", "severidad", "nivel", "tipo de error", "gravidade", "severidade", "tipo de erro", "gravité"),
    *("type d'erreur", "schweregrad", "fehlertyp", "önem derecesi", "hata türü", "심각도", "오류 유형"),
)
"""Headings of a column that tells rejections from warnings."""

STATUS_HEADINGS = (
    *("status", "level", "result", "outcome", "approval status", "processing status", "feed status", "item status"),
    *("状态", "结果", "审核结果", "审核状态", "处理结果", "статус", "результат", "estado", "resultado", "statut"),
    *("résultat", "ergebnis", "durum", "sonuç", "상태", "결과"),
)
"""The same where there is a message or a code beside it; alone, a status may be that of a list of products."""

FEED_HEADINGS = {
    "code": (
        *("code", "error code", "issue code", "message code", "reason code", "rule", "rule id", "error id"),
        *("错误代码", "错误码", "代码", "код", "код ошибки", "código", "código de error"),
    ),
    "attribute": (
        *("attribute", "attribute name", "field", "field name", "affected field", "column", "property"),
        *("属性", "字段", "атрибут", "поле", "atributo", "campo"),
    ),
    "date": (
        *("date", "datetime", "timestamp", "time", "run date", "run at", "checked at", "processed at", "validated at"),
        *("created at", "updated at", "last seen", "日期", "时间", "дата", "время", "fecha", "hora"),
    ),
    "message": (
        *("message", "error", "errors", "error message", "issue", "issues", "validation message", "details"),
        *("issue title", "issue description", "error description", "error details"),
        *("错误", "错误信息", "消息", "问题", "错误描述", "ошибка", "ошибки", "сообщение", "описание ошибки"),
        *("error de validación", "mensaje", "errores", "mensagem", "erreur", "erreurs", "fehler", "fehlermeldung"),
        *("hata", "hata mesajı", "오류", "메시지"),
    ),
}
"""The headings of the other columns of a feed's validation file."""

REJECTION_WORDS = (
    *(
        "reject",
        "error",
        "disapprov",
        "refus",
        "拒绝",
        "错误",
        "不通过",
        "未通过",
        "отклон",
        "ошибк",
        "rechaz",
        "erreur",
    ),
    *("rejet", "fehler", "ablehn", "hata", "오류", "거부"),
)
"""A column of messages whose heading contains one of these names what was rejected, and no warnings."""


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


def names_rejection(heading: str) -> bool:
    """Tell whether a column of messages says of itself that what it names was rejected."""
    return any(word in plain_heading(heading) for word in REJECTION_WORDS)


def is_one_of(known: Iterable[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a heading is one of these."""
    plain = frozenset(map(plain_heading, known))
    return lambda heading: plain_heading(heading) in plain


def is_reason_heading(heading: str) -> bool:
    """Tell whether a heading is one of the words for reasons or remarks and nothing more."""
    return plain_heading(heading).removesuffix("s") in (*_REASONS, *_REMARKS)


def names_remark(heading: str) -> bool:
    """Tell whether a column of this heading may hold reasons."""
    return any(word in plain_heading(heading) for word in _REMARKS)
