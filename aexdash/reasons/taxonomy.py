"""The taxonomy of data/reasons.toml: what holds a listing, in families and codes, with what is asked and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, Protocol, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aexdash.model import IN_REVIEW, UNKNOWN_REASON, Provenance, Reason
from aexdash.platform_data import PlatformSignal, Problem

DATA_FILE = Path(__file__).resolve().parents[2] / "data" / "reasons.toml"
"""The taxonomy lies beside the package, where a lead can read and add to it."""

PLATFORM_WORD = "other.platform_word"
UNRECOGNISED = "other.unrecognised"
QUALITY_ADVICE = "other.quality_advice"
SUPPLY_PRICE = "price.supply_price_refused"
APPROVED_SKU = ("1", "")
"""`sku_audit_status` values of an approved SKU, unless a price is suggested beside them (reference §3.3)."""

ANY_VALUE = "*"
OWN = "own"
"""The key of the phrases that a lead added in aexdash.toml; they hold whatever the language of a text is."""

LONGEST_LIST = 8
"""Names or SKUs spelled out in one line; the rest is counted."""

_BLANK = re.compile(r"\{(\w+)\}")

Line = Annotated[str, Field(min_length=1)]
Language = Literal["en", "zh", "ru", "es", "pt", "fr", "de", "tr", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""The languages in which texts are read, by ISO 639-1."""


class TaxonomyError(Exception):
    """reasons.toml cannot be used; the text names the line and the entry."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Family(_Entry):
    """A group of codes."""

    name: Line
    sentence: Line


class Ask(_Entry):
    """One thing AliExpress asks for, and where that is written."""

    limit: Line
    source: Line


class Code(_Entry):
    """One reason: its words, what is asked, what to do. `appeal_days`: how long an appeal is open, where known.

    Of several remedies the first whose blanks are all known is said.
    """

    name: Line
    sentence: Line
    asks: tuple[Ask, ...] = Field(min_length=1)
    steps: tuple[Line, ...] = Field(min_length=1)
    resubmit: Literal["edit", "appeal", "wait"]
    remedy_plain: Line
    remedy: str | tuple[Line, ...] = ""
    figures: str = ""
    appeal_days: int | None = Field(default=None, ge=1)
    platform: dict[Line, tuple[Line, ...]] = {}
    phrases: dict[Language, tuple[Line, ...]] = {}


class Spoken(Protocol):
    """What a reason says, as `Reason` and the rows read out of the snapshot both have it."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def text(self) -> str:
        """The raw text."""

    @property
    def measured(self) -> Mapping[str, object]:
        """The figures."""


@dataclass(frozen=True)
class Taxonomy:
    """Families and codes in the order of the file, and the words that mean them: the platform's and people's own."""

    families: dict[str, Family]
    codes: dict[str, Code]
    own_phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Taxonomy:
        """Read and check a taxonomy file.

        Raises:
            TaxonomyError: the file is missing or something in it is wrong.
        """
        file = path or DATA_FILE
        text = _read(file)
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise TaxonomyError(f"{file} is not valid TOML: {error}; correct that line.") from None
        try:
            whole = _Whole.model_validate(content)
        except ValidationError as error:
            raise _explain(error, file, text) from None
        for entry, complaint in _slips(whole):
            raise TaxonomyError(f"{file}, line {_line_of(text, entry)}, {entry}: {complaint}.")
        return cls(families=whole.family, codes=whole.code)

    def unknown(self, codes: Iterable[str]) -> list[str]:
        """Return those of some words that are neither a code nor a family."""
        return [code for code in codes if code not in self.codes and code not in self.families]

    def with_phrases(self, own: Mapping[str, tuple[str, ...]]) -> Taxonomy:
        """The same taxonomy with a lead's own phrases, by code."""
        return replace(self, own_phrases=own)

    @property
    def phrases(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The phrases of every code by language; those of aexdash.toml stand under `OWN`."""
        return {key: self._phrases_of(key, code) for key, code in self.codes.items()}

    @cached_property
    def appeal_days(self) -> Mapping[str, int]:
        """For how many days an appeal is open, by code; codes without an appeal are left out."""
        return {key: code.appeal_days for key, code in self.codes.items() if code.appeal_days}

    def _phrases_of(self, key: str, code: Code) -> dict[str, tuple[str, ...]]:
        own = self.own_phrases.get(key)
        return {**code.phrases} | ({OWN: own} if own else {})

    def label(self, code: str) -> str:
        """The name of a code or of a family; a code from another version is shown as it is."""
        known = self.codes.get(code) or self.families.get(code)
        return known.name if known else code

    def family(self, code: str) -> str:
        """The key of the family a code belongs to."""
        key = code.partition(".")[0]
        return key if key in self.families else "other"

    def from_signal(self, signal: PlatformSignal) -> Reason | None:
        """Return the reason for a word of the platform, with the raw word as its text; None for a word of approval."""
        skus = _skus(signal)
        if signal.field == "sku_audit_status" and signal.value in APPROVED_SKU and not skus:
            return None
        code = self._code_of(signal)
        measured: dict[str, object] = {"skus": skus} if skus else {}
        if code == PLATFORM_WORD:
            measured |= {"field": signal.field, "value": signal.value}
        words = [signal.value, signal.text] if signal.text != signal.value else [signal.value]
        return Reason(code, Provenance.PLATFORM, ": ".join(filter(None, words)), measured=measured)

    def from_signals(self, signals: Iterable[PlatformSignal]) -> list[Reason]:
        """Return the reasons for several words, one for each code: all refused SKUs of a listing are one reason."""
        merged: dict[str, Reason] = {}
        for signal in signals:
            reason = self.from_signal(signal)
            if reason is not None:
                earlier = merged.get(reason.code)
                merged[reason.code] = _merge(earlier, reason) if earlier else reason
        return list(merged.values())

    def from_problem(self, problem: Problem) -> Reason:
        """What the platform's quality diagnosis says of a listing (reference §4.6): advice, not the audit's verdict."""
        text = ": ".join(filter(None, (problem.description, problem.advice)))
        for key, code in self.codes.items():
            if problem.problem_type in code.platform.get("problem_type", ()):
                return Reason(key, Provenance.DIAGNOSIS, text)
        measured: dict[str, object] = {"problem_type": problem.problem_type, "advice": problem.advice}
        return Reason(QUALITY_ADVICE, Provenance.DIAGNOSIS, text, measured=measured)

    def remedy(self, reason: Spoken) -> str:
        """What to do about a reason, with its figures where it has them."""
        code = self.codes.get(reason.code) or self.codes[UNKNOWN_REASON]
        templates = (code.remedy,) if isinstance(code.remedy, str) else code.remedy
        filled = (_filled(template, reason.measured) for template in templates)
        return next(filter(None, filled), code.remedy_plain)

    def figures(self, reason: Spoken) -> str:
        """The measurement of a reason in one line; empty when nothing was measured."""
        code = self.codes.get(reason.code)
        line = _filled(code.figures, reason.measured) if code else ""
        return line or "; ".join(f"{name} {_written(value)}" for name, value in reason.measured.items())

    def _code_of(self, signal: PlatformSignal) -> str:
        fallback = PLATFORM_WORD
        for key, code in self.codes.items():
            values = code.platform.get(signal.field, ())
            if signal.value in values:
                return key
            if ANY_VALUE in values:
                fallback = key
        return fallback


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy that comes with aexdash, read once."""
    return Taxonomy.load()


class _Whole(_Entry):
    family: dict[Line, Family]
    code: dict[Line, Code]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise TaxonomyError(f"{path} is missing: run aexdash from its checkout, or restore the file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path} cannot be read ({error}): restore the file.") from None


def _explain(error: ValidationError, path: Path, text: str) -> TaxonomyError:
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"] if part != "[key]"]
    entry = ".".join(place[:2])
    key = " ".join(place[2:]) or "the entry"
    return TaxonomyError(
        f"{path}, line {_line_of(text, entry, (place[2:3], place[2:4]))}, {entry}: {key}: {first['msg'].lower()}."
    )


def _slips(whole: _Whole) -> Iterable[tuple[str, str]]:
    """Mistakes between entries: a code of no family, a word that two codes claim, codes that the program needs."""
    claimed: dict[tuple[str, str], str] = {}
    for key, code in whole.code.items():
        if key.partition(".")[0] not in whole.family:
            yield f"code.{key}", f"there is no family {key.partition('.')[0]!r}"
        for word in ((spot, value) for spot, values in code.platform.items() for value in values):
            if claimed.setdefault(word, key) != key:
                yield f"code.{key}", f"{word[0]} {word[1]!r} already means {claimed[word]}"
    for needed in (UNKNOWN_REASON, IN_REVIEW, PLATFORM_WORD, SUPPLY_PRICE, UNRECOGNISED, QUALITY_ADVICE):
        if needed not in whole.code:
            yield f"code.{needed}", "the entry is missing and the program needs it"


def _line_of(text: str, entry: str, keys: Iterable[Iterable[str]] = ()) -> int:
    """The line of one of the keys (in parts) under an entry's heading, else of the heading, else 1."""
    found = 0
    wanted = {".".join(parts) for parts in keys}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            if found:
                return found
            if line.strip().strip("[]").replace('"', "") == entry:
                found = number
        elif found and line.partition("=")[0].strip() in wanted:
            return number
    return found or 1


def _filled(template: str, figures: Mapping[str, object]) -> str:
    """Fill the blanks of a line; empty when a figure is lacking. Figures are never read as a template themselves."""
    pieces = list(_pieces(template))
    for blank in range(1, len(pieces), 2):
        value = figures.get(pieces[blank])
        if value is None or value in ("", []):
            return ""
        pieces[blank] = _written(value)
    return "".join(pieces)


@cache
def _pieces(template: str) -> tuple[str, ...]:
    """A template cut at its blanks: every second piece is a name."""
    return tuple(_BLANK.split(template))


def _written(value: object) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    shown = ", ".join(map(str, value[:LONGEST_LIST]))
    return f"{shown} and {len(value) - LONGEST_LIST} more" if len(value) > LONGEST_LIST else shown


def _skus(signal: PlatformSignal) -> list[str]:
    """The refused SKUs in a few words each: the code, the price, the price AliExpress suggests (reference §3.3)."""
    refused = signal.detail.get("skus")
    return [_sku(sku) for sku in refused if isinstance(sku, Mapping)] if isinstance(refused, list) else []


def _sku(sku: Mapping[str, object]) -> str:
    name = str(sku.get("seller_sku") or sku.get("sku_id") or "a SKU")
    price, suggested = sku.get("supply_price"), sku.get("suggest_price")
    words = [name, f"at {price}" if price else "", f"(suggested {suggested})" if suggested else ""]
    return " ".join(filter(None, words))


def _merge(earlier: Reason, later: Reason) -> Reason:
    """One reason out of two of the same code: texts once each, lists put together."""
    texts = list(dict.fromkeys(filter(None, (earlier.text, later.text))))
    measured = dict(earlier.measured)
    for name, value in later.measured.items():
        known = measured.get(name)
        both = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value
        measured[name] = list(dict.fromkeys(both)) if isinstance(both, list) else both
    return Reason(earlier.code, earlier.provenance, "; ".join(texts), earlier.language or later.language, measured)
