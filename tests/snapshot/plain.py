"""What follows from the rows of `listing_reason` and the open periods, worked out without any SQL of ours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aexdash.model import IN_REVIEW, UNKNOWN_REASON
from tests.snapshot.store import Store

TAKEN_DOWN = ("violate_offline", "punish_offline")


@dataclass
class Period:
    """An open period with its reasons: those that stand and those that vanished, as (code, provenance)."""

    product_id: int
    status: str
    cause: str | None
    standing: set[tuple[str, str]] = field(default_factory=set)
    vanished: set[tuple[str, str]] = field(default_factory=set)

    @property
    def found(self) -> set[str]:
        """Codes of the findings that stand."""
        return {code for code, by in self.standing if by == "check"}

    @property
    def codes(self) -> str:
        words = sorted(self.standing)
        return "".join(f"|{code}@{by}" for code, by in words) + "|" if words else ""

    @property
    def resubmit(self) -> str:
        mended = {family(code) for code, by in self.vanished if by == "check"}
        told = {family(code) for code, by in self.standing if by in ("platform", "seller_center")}
        if self.status != "rejected":
            return ""
        if self.found:
            return "not_yet"
        return "ready" if mended and told <= mended else ""

    @property
    def at_risk(self) -> bool:
        on_sale = self.status == "active" or (self.status == "offline" and self.cause == "pending_launch")
        return on_sale and bool(self.found)

    @property
    def held(self) -> bool:
        return self.status in ("rejected", "auditing")


def family(code: str) -> str:
    return code.split(".", maxsplit=1)[0]


def open_periods(store: Store) -> dict[int, Period]:
    """Every open period with its reasons, by product id."""
    found = store.rows("SELECT id, product_id, status, cause FROM status_period WHERE ended_at IS NULL")
    periods = {row[0]: Period(*row[1:]) for row in found}  # type: ignore[arg-type]
    for period, code, by, vanished in store.rows("SELECT period_id, code, provenance, vanished_at FROM listing_reason"):
        if period in periods:
            (periods[period].vanished if vanished else periods[period].standing).add((str(code), str(by)))
    return {period.product_id: period for period in periods.values()}


def counts(groups: list[tuple[str, set[tuple[str, str]]]]) -> dict[str, tuple[int, int]]:
    """Listings by word, and how many of them nothing else blocks; each listing is its status and who says what."""
    listings: Counter[str] = Counter()
    sole: Counter[str] = Counter()
    for status, said in groups:
        words = said or {(IN_REVIEW if status == "auditing" else UNKNOWN_REASON, "")}
        listings.update({word for word, _ in words})
        blockers = {word for word, by in words if by != "diagnosis"}
        sole.update(blockers if len(blockers) == 1 else ())
    return {word: (count, sole[word]) for word, count in listings.items()}
