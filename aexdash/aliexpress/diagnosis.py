"""The platform's quality diagnosis of listings: advice with texts, not the audit's verdict (reference §4.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aexdash.aliexpress.dialects.walks import RawPage, raw_pages
from aexdash.aliexpress.errors import UnreadableAnswer
from aexdash.aliexpress.optional import OptionalCall
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import count, product_id, records, text, whole
from aexdash.platform_data import Problem

PAGE_SIZE = 10
TO_OPTIMISE = 0
"""`operate_status` of what the diagnosis asks the seller to change; the others are done, ignored or gone."""

LIST_KEY = "problematic_product_list"


class Diagnosis:
    """Reads the problems that the diagnosis reports for the store's listings."""

    def __init__(self, gateway: Gateway) -> None:
        self._ask_types = OptionalCall(gateway, "aliexpress.product.diagnosis.queryProblem").ask
        self._ask_page = OptionalCall(gateway, "aliexpress.product.diagnosis.pageQueryProblem").ask

    def pages(self) -> Iterator[list[Problem]]:
        """Yield the problems page by page, ten listings a page.

        Raises:
            PermissionDenied: this account may not ask.
            UnreadableAnswer: fewer problems were shown than reported, so that one which is missing may still be there.
            PlatformError: the call failed for another reason.
        """
        descriptions = self._descriptions()
        seen, reported = 0, 0
        for raw in self._raw_pages(tuple(descriptions)):
            # One without an id is missed by the count below; the others are told all the same.
            problems = [_problem(item, descriptions) for item in raw.items if whole(item["product_id"])]
            seen, reported = seen + len(problems), raw.reported or 0
            yield problems
        if seen < reported:
            raise UnreadableAnswer(
                f"AliExpress' diagnosis reported {reported} problems and showed {seen}.",
                advice="Nothing to do: the next sync asks again.",
            )

    def _descriptions(self) -> dict[str, str]:
        """The kinds of problems there are: data, because no list of them is published."""
        kinds = records(self._ask_types({}).get("product_problem_type_list"))
        named = {text(kind.get("problem_type")): text(kind.get("problem_description")) or "" for kind in kinds}
        return {kind: description for kind, description in named.items() if kind}

    def _raw_pages(self, kinds: tuple[str, ...]) -> Iterator[RawPage]:
        """Pages of the diagnosis, of every kind at once."""

        def ask(_word: str, number: int) -> RawPage:
            answer = self._ask_page(
                {
                    "operate_status": TO_OPTIMISE,
                    "problem_type_list": list(kinds) or None,
                    "page_size": PAGE_SIZE,
                    "current_page": number,
                }
            )
            items = tuple(_flat(item) for item in records(answer.get(LIST_KEY)))
            return RawPage(items, count(answer.get("total_count")), None, LIST_KEY in answer, ("product_id", "kind"))

        return raw_pages("diagnosis", ask("diagnosis", 1), ask, PAGE_SIZE)


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """One listing with one problem; a listing with several problems is listed once for each."""
    found = item.get("product_problem")
    problem = found if isinstance(found, Mapping) else {}
    return {
        "product_id": item.get("product_id"),
        "kind": text(problem.get("problem_type")) or "",
        "description": text(problem.get("problem_description")) or "",
        "advice": text(item.get("optimization_suggestion")) or "",
    }


def _problem(item: Mapping[str, Any], descriptions: Mapping[str, str]) -> Problem:
    kind = item["kind"]
    return Problem(product_id(item), kind, item["description"] or descriptions.get(kind, ""), item["advice"])
