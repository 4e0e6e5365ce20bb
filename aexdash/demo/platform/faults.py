"""Switches that make the simulated platform misbehave, for tests and for whoever wants to watch the desk cope.

A fault concerns the calls whose method matches `method` (a pattern; pictures are the method `picture`), passes over the
first `after` of them, then strikes the next `times` (None: all), each with `probability`.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class FaultKind(StrEnum):
    """What goes wrong. The number in `Fault.value` means what the comment says."""

    LATENCY = "latency"  # seconds before the answer
    TIMEOUT = "timeout"  # no answer; seconds after which the connection is given up
    SERVER_ERROR = "server_error"  # HTTP status, 502 when 0
    TRUNCATED = "truncated"  # share of the body that arrives, half when 0
    HTML = "html"  # HTTP 200 with a page instead of an answer
    BAN = "ban"  # seconds the ban lasts
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 (a kind of fault, not a secret)
    SHIFT = "shift"  # listings by which a page starts late, as when others leave while it is walked
    REPEAT = "repeat"  # the page before is shown again
    LYING_TOTAL = "lying_total"  # what the total is off by, 1 when 0
    MISSING_LIST = "missing_list"  # the list key is absent
    EMPTY_PAGE = "empty_page"  # the list is there and empty
    CLOCK_SKEW = "clock_skew"  # seconds the platform's clock is ahead
    MISSING_PAST_END = "missing_past_end"  # a page past the end has no list key, instead of an empty list
    DATE = "date"  # seconds by which the date of the answer is ahead of the platform's clock
    UNKNOWN_PRODUCT = "unknown_product"  # the call says of every listing that there is no such product
    NO_LISTINGS = "no_listings"  # the list is whole and shows no listing at all
    FILTER_IGNORED = "filter_ignored"  # the list takes no heed of the id it is asked for
    WHOLE_PICTURE = "whole_picture"  # the wish for a part of a picture is not heeded
    # Errors in other spellings, each with HTTP 200 unless said otherwise.
    IS_SUCCESS = "is_success"  # a result with is_success "false"
    ERROR_CODE_ALONE = "error_code_alone"  # an error code beside a zero, and no word of success
    NESTED_ERROR = "nested_error"  # error_response inside the result
    ERROR_AS_TEXT = "error_as_text"  # error_response is a JSON text
    FLAT_BAN = "flat_ban"  # seconds; a flat error beside an empty result
    XML_BAN = "xml_ban"  # seconds; in XML though JSON was asked for
    RETRY_AFTER = "retry_after"  # seconds; HTTP 503 with Retry-After
    RISK_PAGE = "risk_page"  # a page of the risk control, as JSON
    NOT_LISTED = "not_listed"  # our address is not on the app's list
    PLATFORM_FAULT = "platform_fault"  # code, 50 when 0; an isp. sub-code beside it
    OFFLINE_FOR_GOOD = "offline_for_good"  # the gateway was closed
    NOT_FOUND = "not_found"  # HTTP 404
    SYSTEM_ERROR = "system_error"  # a business failure that is the platform's own
    NO_LIST = "no_list"  # JSON of another sort
    # Answers that are not quite right.
    RAW_CONTROLS = "raw_controls"  # a line break and a tab inside the title of the first item
    BROKEN_BYTE = "broken_byte"  # a byte that is no UTF-8 there
    TRAILING_TEXT = "trailing_text"  # words behind the JSON
    ITEM_WITHOUT_ID = "item_without_id"  # the first item of a list
    PAGE_CAP = "page_cap"  # items a page whatever is asked, 20 when 0; total_page is of what was asked
    UNHEARD_STATUS = "unheard_status"  # the detail names a status that no document knows
    INTERVALS = "intervals"  # the attributes of the detail are intervals
    PROPERTIES_AS_TEXT = "properties_as_text"  # the attributes of the detail are a JSON text
    ANOTHER_SELLER = "another_seller"  # the answer is of the seller with this number


_WAITING = frozenset({FaultKind.LATENCY, FaultKind.TIMEOUT})


@dataclass(slots=True)
class Fault:
    """One switch that is on."""

    kind: FaultKind
    value: float = 0.0
    method: str = "*"
    times: int | None = None
    after: int = 0
    probability: float = 1.0

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Fault:
        """Read a fault from a JSON object.

        Raises:
            ValueError: an unknown kind or field, or a value that is no number.
        """
        known = {each.name for each in fields(cls)}
        unknown = sorted(set(given) - known)
        if unknown or "kind" not in given:
            raise ValueError(
                f"a fault has the fields {', '.join(sorted(known))}; got {', '.join(unknown) or 'no kind'}"
            )
        times = given.get("times")
        return cls(
            FaultKind(given["kind"]),
            float(given.get("value", 0)),
            str(given.get("method", "*")),
            None if times is None else int(times),
            int(given.get("after", 0)),
            float(given.get("probability", 1)),
        )


def wait_for(released: threading.Event, seconds: float) -> None:
    """Wait, unless released before."""
    released.wait(seconds)


class Faults:
    """The switches of one simulated platform. `wait` is how latency passes; chance comes from the seed alone."""

    def __init__(self, seed: int = 0, wait: Callable[[threading.Event, float], None] = wait_for) -> None:
        self._faults: list[Fault] = []
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._wait = wait

    def add(self, kind: FaultKind | str, value: float = 0.0, **how: Any) -> Fault:
        """Switch a fault on and return it."""
        return self.add_fault(Fault(FaultKind(kind), value, **how))

    def add_fault(self, fault: Fault) -> Fault:
        """Switch this fault on and return it."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._faults.clear()

    def show(self) -> list[dict[str, Any]]:
        """Return what is on, JSON-ready."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def may_wait(self) -> bool:
        """Tell whether a switch is on by which an answer takes its time."""
        with self._lock:
            return any(fault.kind in _WAITING for fault in self._faults)

    def strike(self, method: str) -> dict[FaultKind, float]:
        """Return the faults that strike this call, with their values, and count it against them."""
        struck: dict[FaultKind, float] = {}
        with self._lock:
            for fault in self._faults:
                if fnmatchcase(method, fault.method) and self._hits(fault):
                    struck[fault.kind] = fault.value
            self._faults = [fault for fault in self._faults if fault.times != 0]
        return struck

    def _hits(self, fault: Fault) -> bool:
        if fault.after > 0:
            fault.after -= 1
            return False
        if fault.probability < 1.0 and self._chance.random() >= fault.probability:
            return False
        if fault.times is not None:
            fault.times -= 1
        return True

    def pass_time(self, seconds: float) -> None:
        """Let latency pass; returns at once after `release`."""
        self._wait(self._released, seconds)

    def release(self) -> None:
        """End every wait, now and later: the platform is being stopped."""
        self._released.set()
