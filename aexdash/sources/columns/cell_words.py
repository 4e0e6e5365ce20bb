"""What the words in the cells of a validation file mean: rejected or not, nothing, a total.

In English, Chinese, Russian, Spanish, Portuguese, French, German, Turkish and Korean. A word that is not known, and two
that contradict each other, mean nothing here: a person is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import Enum
from functools import lru_cache

from aexdash.sources.cells import Row

SAY_NOTHING = frozenset(
    (
        *("", "-", "–", "—", "n/a", "na", "none", "null", "nil", "ok", "0", "no error", "no errors", "no errors found"),
        *("no issues", "无", "没有", "无错误", "нет", "без ошибок", "ошибок нет", "ninguno", "ninguna", "sin errores"),
        *("nenhum", "nenhuma", "sem erros", "aucun", "aucune", "aucune erreur", "keine", "keine fehler", "yok"),
        *("hata yok", "없음", "오류 없음"),
    )
)
"""Texts of a message or code that say nothing, in lower case."""

REJECTED = (
    *("error", "errors", "critical", "fatal", "reject", "rejected", "rejection", "fail", "failed", "failure", "fails"),
    *("block", "blocked", "blocking", "blocker", "disapproved", "disapprove", "invalid", "denied", "refused", "refuse"),
    *("declined", "unapproved", "banned", "prohibited", "suppressed"),
    *("ошибк*", "ошибок", "критич*", "отклон*", "отказ*", "неудач*", "заблокир*", "запрещ*"),
    *("errores", "rechaz*", "crític*", "critic*", "bloque*", "bloqu*", "fallid*", "fallo", "denegad*", "inválid*"),
    *("erro", "erros", "rejeitad*", "recusad*", "reprovad*", "falha*", "falhou"),
    *("erreur*", "rejet*", "refus*", "échec*", "échoué*", "invalide*", "désapprouv*"),
    *("fehler*", "abgelehnt*", "fehlgeschlagen", "kritisch*", "gesperrt", "blockiert", "ungültig*"),
    *(
        "hata",
        "hatası",
        "hatalı",
        "hatalar",
        "reddedil*",
        "başarısız*",
        "geçersiz",
        "kritik",
        "engellen*",
        "onaylanmadı",
    ),
    *("onaylanmamış", "geçmedi"),
)
"""Words of a status that say *rejected*; a star stands for any ending."""

PASSED = (
    *("ok", "okay", "pass", "passed", "passes", "success", "successful", "successfully", "succeeded", "valid"),
    *("validated", "accept", "accepted", "approve", "approved", "clean", "eligible", "good", "fine"),
    *("успе*", "принят*", "одобрен*", "пройден*"),
    *("aceptad*", "aprobad*", "correct*", "éxito", "exitos*", "válid*"),
    *("aceit*", "aprovad*", "sucesso"),
    *("accepté*", "approuvé*", "réussi*", "succès", "valide", "validé*"),
    *("akzeptiert", "angenommen", "genehmigt", "erfolgreich*", "bestanden", "gültig*"),
    *("onaylandı", "onaylanmış", "onaylı", "başarılı", "geçerli", "geçti", "kabul"),
)
"""Words of a status that say *passed*: with a negation before them they say *rejected*."""

REMARKED = (
    *("warning", "warnings", "warn", "info", "informational", "notice", "suggestion", "suggested", "recommendation"),
    *("recommended", "hint", "unaffected", "demoted", "advisory"),
    *("предупр*", "информ*", "подсказк*", "advert*", "aviso*", "informativ*", "avertissement*", "warnung*", "hinweis*"),
    *("uyarı*", "bilgi"),
)
"""Words of a status that say there is something to remark and nothing more."""

FLAWS = ("issue", "issues", "problem*", "проблем*", "замечан*", "défaut*", "sorun*", "mangel", "mängel")
"""Words that say *passed* where there are none of them; by themselves they say nothing of a rejection."""

TAKEN_BACK = frozenset(("ignored", "skipped", "resolved", "fixed", "cleared", "free", "previously", "earlier", "was"))
"""Words by which a status may take back what it says: a person is asked."""

NEGATIONS = frozenset(
    (
        *(
            "no",
            "not",
            "nor",
            "non",
            "without",
            "zero",
            "never",
            "isn't",
            "wasn't",
            "не",
            "нет",
            "без",
            "sin",
            "sem",
            "não",
        ),
        *("sans", "pas", "aucun", "aucune", "kein", "keine", "keinen", "nicht", "ohne", "yok", "değil", "olmadan"),
        *("nenhum", "nenhuma", "ningún", "ninguno"),
    )
)

WHOLE_PHRASES = {
    True: (
        *(
            "审核不通过",
            "未通过",
            "不通过",
            "未能通过",
            "没有通过",
            "不合格",
            "未过审",
            "未成功",
            "不成功",
            "驳回",
            "拒绝",
            "失败",
        ),
        *(
            "错误",
            "严重",
            "致命",
            "违规",
            "不符合",
            "无效",
            "已拒",
            "被拒",
            "審核不通過",
            "未通過",
            "不通過",
            "不合格",
            "駁回",
        ),
        *(
            "拒絕",
            "失敗",
            "錯誤",
            "嚴重",
            "無效",
            "불합격",
            "거부",
            "거절",
            "반려",
            "실패",
            "오류",
            "에러",
            "심각",
            "미승인",
        ),
        *("무효",),
    ),
    False: (
        *(
            "无错误",
            "没有错误",
            "未发现错误",
            "零错误",
            "无问题",
            "没有问题",
            "无异常",
            "未拒绝",
            "未被拒绝",
            "无违规",
            "未违规",
        ),
        *(
            "通过",
            "合格",
            "成功",
            "正常",
            "警告",
            "提示",
            "信息",
            "批准",
            "有效",
            "符合",
            "無錯誤",
            "沒有錯誤",
            "通過",
            "批准",
        ),
        *(
            "오류 없음",
            "오류없음",
            "에러 없음",
            "거부되지 않음",
            "합격",
            "통과",
            "승인",
            "성공",
            "정상",
            "경고",
            "정보",
            "유효",
        ),
    ),
}
"""What is written without spaces, where the longest phrase decides: rejected, or not."""

TOTALS = (
    *("total", "totals", "grand total", "subtotal", "sub-total", "sum", "overall", "row count", "total rows"),
    *("合计", "总计", "小计", "共计", "总数", "合計", "總計", "итого", "всего", "общий итог", "total general", "suma"),
    *("total geral", "soma", "total général", "somme", "gesamt", "summe", "gesamtsumme", "toplam", "genel toplam"),
    *("합계", "총계", "소계", "총합"),
)

_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
_PHRASES = sorted(
    ((phrase, rejected) for rejected, several in WHOLE_PHRASES.items() for phrase in several),
    key=lambda one: -len(one[0]),
)
_TOTAL = re.compile(
    rf"(?:{'|'.join(sorted(map(re.escape, TOTALS), key=len, reverse=True))})"
    r"\s*[:：=]?\s*(?:\d[\d.,\s]*\s*(?:[^\W\d_]+\s*){0,2})?"
)


class Meaning(Enum):
    """What the words of a status mean."""

    REJECTED = "rejected"
    NOT_REJECTED = "not rejected"
    UNKNOWN = "unknown"


@lru_cache(maxsize=4096)
def meaning_of(text: str) -> Meaning:
    """Tell what a status means; UNKNOWN for words that are not known, that contradict each other, and for none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = _WORDS.findall(plain)
    said = _said_by_phrases(plain) | _said_by_words(words, counts_follow=":" in plain or "=" in plain)
    if len(said) != 1 or TAKEN_BACK.intersection(words):
        return Meaning.UNKNOWN
    return Meaning.REJECTED if said.pop() else Meaning.NOT_REJECTED


def _said_by_phrases(text: str) -> set[bool]:
    said = set()
    for phrase, rejected in _PHRASES:
        if phrase in text:
            said.add(rejected)
            text = text.replace(phrase, " ")
    return said


def _said_by_words(words: list[str], *, counts_follow: bool) -> set[bool]:
    """What each known word says; a negation turns the next one round, or the last where none follows."""
    known = {place: kind for place, word in enumerate(words) if (kind := _kind(word)) is not None}
    negated = {_negated(place, known) for place, word in enumerate(words) if word in NEGATIONS}
    said = set()
    for place, kind in known.items():
        beside = (place + 1, place - 1) if counts_follow else (place - 1, place + 1)
        counts = [words[at] for at in beside if 0 <= at < len(words) and words[at].isdecimal()]
        none = place in negated or (counts and int(counts[0]) == 0)
        if kind is _Kind.PASSED:
            said.add(place in negated)
        elif kind is _Kind.REJECTED:
            said.add(not none)
        elif kind is _Kind.REMARK or none:
            said.add(False)
    return said


def _negated(place: int, known: Collection[int]) -> int | None:
    return min((one for one in known if one > place), default=max(known, default=None))


class _Kind(Enum):
    """What a word is to a status."""

    REJECTED = REJECTED
    PASSED = PASSED
    REMARK = REMARKED
    FLAW = FLAWS


def _kind(word: str) -> _Kind | None:
    return next((kind for kind in _Kind if _is_one_of(word, kind.value)), None)


def _is_one_of(word: str, words: Iterable[str]) -> bool:
    return any(word == one or (one.endswith("*") and word.startswith(one[:-1])) for one in words)


def says_nothing(text: str) -> bool:
    """Tell whether a message or a code says nothing, such as a dash."""
    return text.strip().strip(".").casefold() in SAY_NOTHING


def totals_among(rows: Iterable[Row], *places: int | None) -> list[int]:
    """Return the numbers of the rows that are totals, by the first filled cell of those that would name a listing."""
    naming = [place for place in places if place is not None]
    first = ((row.number, next((row.cells[place] for place in naming if row.cells[place] != ""), "")) for row in rows)
    return [number for number, cell in first if is_total(str(cell))]


def is_total(text: str) -> bool:
    """Tell whether a cell in the place of a SKU is the heading of a total, such as *Grand total: 2 rows*."""
    return _TOTAL.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold()) is not None
