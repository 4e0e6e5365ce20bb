"""A simulated Shopify shop: its answers are executed on a schema, so a query must be valid and an answer has its shape.

Beside the schema it plays tokens of both kinds, the bucket of points, bulk jobs with a file by address whose lines come
in any order, and what can go wrong (`ShopifyFaults`).
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from graphql import GraphQLSchema, build_schema, execute_sync, parse, validate
from graphql.error import GraphQLError, GraphQLSyntaxError

from aexdash.clock import Clock, to_text
from aexdash.demo.shops.goods import SimulatedProduct, SimulatedVariant
from aexdash.demo.shops.small_schema import SDL
from aexdash.shops.shopify_queries import VERSION

Answer = tuple[int, dict[str, str], bytes]

JSON = {"Content-Type": "application/json; charset=utf-8", "X-Shopify-API-Version": VERSION}
COST = 10
BUCKET, RESTORE = 2000.0, 100.0
SCOPES = ("read_inventory", "read_products", "read_publications")
TOKEN_HOURS = 24
_SKU = re.compile(r'sku:"((?:[^"\\]|\\.)*)"')


@dataclass
class ShopifyFaults:
    """What goes wrong. Counts are calls that it still goes wrong for."""

    throttled: int = 0
    throttled_status: int = 200
    fails: int = 0
    revoked: bool = False
    busy_jobs: int = 0
    job_error: str = ""
    keeps_lines: float = 1.0  # the share of the lines that come
    partial: bool = False  # the job fails and leaves a partial file
    repeats_pages: bool = False
    count_cap: bool = False  # the count ends at 10,000, whatever is asked
    polls_until_ready: int = 1


@dataclass
class _Job:
    query: str
    status: str = "CREATED"
    polls: int = 0
    lines: list[bytes] = field(default_factory=list)
    objects: int = 0
    roots: int = 0
    error: str | None = None


class SimulatedShopify:
    """One shop. `goods` tells what is in it now; its files are fetched where it was asked.

    `token` is the permanent one; with `client_id` and `client_secret` it gives out tokens of a day instead. It stands
    below the path `prefix` of its server; a bulk job that runs `in_background` does not hold up its other answers.
    """

    def __init__(
        self,
        goods: Callable[[], Sequence[SimulatedProduct]],
        *,
        clock: Clock,
        schema: GraphQLSchema | None = None,
        domain: str = "front.myshopify.com",
        currency: str = "EUR",
        token: str = "shpat_simulated",  # noqa: S107 - of a shop that is not there
        client_id: str = "",
        client_secret: str = "",
        scopes: Sequence[str] = SCOPES,
        prefix: str = "",
        in_background: bool = False,
    ) -> None:
        self.goods, self._clock, self.scopes = goods, clock, tuple(scopes)
        self.schema = schema or build_schema(SDL)
        self.domain, self.currency = domain, currency
        self._client, self._prefix, self._in_background = (client_id, client_secret), prefix, in_background
        self.tokens: dict[str, datetime | None] = {} if client_id else {token: None}
        self._shuffled = random.Random(1)
        self._jobs: dict[str, _Job] = {}
        self.faults = ShopifyFaults()
        self.asked: list[str] = []
        self.tokens_given = 0

    def respond(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request."""
        parts = urlsplit(url)
        path = parts.path.removeprefix(self._prefix)
        if (verb, path) == ("POST", f"/admin/api/{VERSION}/graphql.json"):
            return self._graphql(headers, body, f"{parts.scheme}://{parts.netloc}{self._prefix}")
        if (verb, path) == ("POST", "/admin/oauth/access_token"):
            return self._token(body)
        if path.startswith("/bulk/"):
            return self._file(path.rpartition("/")[2])
        return 404, JSON, b'{"errors":"Not Found"}'

    def _token(self, body: bytes) -> Answer:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form.get("grant_type") != "client_credentials" or (
            (form.get("client_id"), form.get("client_secret")) != self._client
        ):
            return 401, JSON, b'{"error":"invalid_client"}'
        self.tokens_given += 1
        token = f"shpca_{self.tokens_given}"
        self.tokens[token] = self._clock() + timedelta(hours=TOKEN_HOURS)
        given = {"access_token": token, "scope": ",".join(self.scopes), "expires_in": TOKEN_HOURS * 3600 - 1}
        return 200, JSON, json.dumps(given).encode()

    def _graphql(self, headers: Mapping[str, str], body: bytes, origin: str) -> Answer:
        token = {name.lower(): value for name, value in headers.items()}.get("x-shopify-access-token", "")
        until = self.tokens.get(token)
        if self.faults.revoked or token not in self.tokens or (until is not None and self._clock() >= until):
            return (
                401,
                JSON,
                b'{"errors":"[API] Invalid API key or access token"}',
            )
        if self.faults.fails:
            self.faults.fails -= 1
            return 503, JSON, b"{}"
        asked = json.loads(body)
        self.asked.append(asked["query"])
        if self.faults.throttled:
            self.faults.throttled -= 1
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return self._told({"errors": [error]}, available=0.0, status=self.faults.throttled_status)
        return self._told(self._executed(asked["query"], asked.get("variables") or {}, origin))

    def _told(self, content: dict[str, Any], available: float = BUCKET, status: int = 200) -> Answer:
        throttle = {"maximumAvailable": BUCKET, "currentlyAvailable": available, "restoreRate": RESTORE}
        cost = {"requestedQueryCost": COST, "actualQueryCost": COST, "throttleStatus": throttle}
        return status, JSON, json.dumps({**content, "extensions": {"cost": cost}}).encode()

    def _executed(self, query: str, variables: Mapping[str, Any], origin: str) -> dict[str, Any]:
        try:
            document = parse(query)
        except GraphQLSyntaxError as error:
            return {"errors": [{"message": error.message, "extensions": {"code": "syntaxError"}}]}
        if wrong := validate(self.schema, document):
            return {"errors": [{"message": one.message, "extensions": {"code": "undefinedField"}} for one in wrong]}
        result = execute_sync(self.schema, document, self._root(origin), variable_values=dict(variables))
        content: dict[str, Any] = {"data": result.data}
        if result.errors:
            content["errors"] = [one.formatted for one in result.errors]
        return content

    def _root(self, origin: str) -> dict[str, Any]:
        return {
            "shop": {"name": "Front", "myshopifyDomain": self.domain, "currencyCode": self.currency},
            "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in self.scopes]},
            "products": lambda _info, first=None, after=None, query="", **_: _connection(
                [self._product(one) for one in _of_status(self.goods(), query)], first, after
            ),
            "productVariants": self._variants,
            "productsCount": self._count,
            "bulkOperation": lambda _info, **asked: self._polled(asked["id"], origin),
            "bulkOperationRunQuery": lambda _info, query, **_: self._run(query, origin),
            "bulkOperationCancel": lambda _info, **asked: self._cancelled(asked["id"], origin),
        }

    def _variants(
        self, _info: object, first: int | None = None, after: str | None = None, query: str = "", **_: object
    ) -> dict[str, Any]:
        wanted = {json.loads(f'"{found}"').lower() for found in _SKU.findall(query)}
        found = [
            self._variant(one, self._product(product))
            for product in self.goods()
            for one in product.variants
            if not query.strip() or (one.sku and one.sku.lower() in wanted)  # a search does not look at the case
        ]
        page = _connection(found, first, None if self.faults.repeats_pages else after)
        if self.faults.repeats_pages:
            page["pageInfo"] = {"hasNextPage": True, "endCursor": "1"}
        return page

    def _count(self, _info: object, query: str = "", limit: int | None = 10_000, **_: object) -> dict[str, Any]:
        count = len(_of_status(self.goods(), query))
        most = 10_000 if self.faults.count_cap else limit
        capped = most is not None and count > most
        return {"count": most if capped else count, "precision": "AT_LEAST" if capped else "EXACT"}

    def _product(self, one: SimulatedProduct) -> dict[str, Any]:
        picture = {"__typename": "MediaImage", "preview": {"image": {"url": one.picture}}} if one.picture else None
        published = [
            {"isPublished": True, "publication": {"catalog": {"__typename": "AppCatalog", "title": name}}}
            for name in one.channels
        ]
        told: dict[str, Any] = {
            "id": f"gid://shopify/Product/{one.id}",
            "title": one.title,
            "status": one.status,
            "updatedAt": to_text(one.updated_at),
            "featuredMedia": picture,
            "feedback": _says(one),
            "metafield": _metafield(one.fields),
            "resourcePublicationsV2": self._allowed(
                "read_publications",
                "resourcePublicationsV2",
                lambda _info, first=None, **_: _connection(published, first),
            ),
        }
        told["variants"] = lambda _info, first=None, **_: _connection(
            [self._variant(variant, told) for variant in one.variants], first
        )
        return told

    def _variant(self, one: SimulatedVariant, product: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": f"gid://shopify/ProductVariant/{one.id}",
            "title": one.title,
            "sku": one.sku,
            "price": str(one.price),
            "updatedAt": product["updatedAt"],
            "inventoryQuantity": one.stock or 0,
            "inventoryItem": self._allowed(
                "read_inventory", "inventoryItem", lambda _info, **_: {"tracked": one.stock is not None}
            ),
            "metafield": None,
            "product": product,
        }

    def _allowed(self, scope: str, name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
        """A field that a token without the scope may not read."""

        def answer(info: object, **asked: object) -> Any:
            if not {scope, scope.replace("read_", "write_")} & {*self.scopes}:
                raise GraphQLError(
                    f"Access denied for {name} field. Required access: `{scope}` access scope.",
                    extensions={"code": "ACCESS_DENIED"},
                )
            return resolve(info, **asked)

        return answer

    def _run(self, query: str, origin: str) -> dict[str, Any]:
        if self.faults.busy_jobs:
            self.faults.busy_jobs -= 1
            error = {"code": "OPERATION_IN_PROGRESS", "field": None, "message": "A bulk query is running already."}
            return {"bulkOperation": None, "userErrors": [error]}
        wrong = validate(self.schema, parse(query))
        if wrong or "edges" not in query:
            words = wrong[0].message if wrong else "Bulk queries must contain at least one connection."
            return {"bulkOperation": None, "userErrors": [{"code": "INVALID", "field": ["query"], "message": words}]}
        number = f"gid://shopify/BulkOperation/{len(self._jobs) + 1}"
        self._jobs[number] = job = _Job(query)
        if self._in_background:
            threading.Thread(target=self._finish, args=(job,), name="bulk-job", daemon=True).start()
        return {"bulkOperation": self._job(number, origin), "userErrors": []}

    def _polled(self, number: str, origin: str) -> dict[str, Any] | None:
        job = self._jobs.get(number)
        if job is None:
            return None
        job.polls += 1
        if job.status == "CREATED" and job.polls >= self.faults.polls_until_ready and not self._in_background:
            self._finish(job)
        return self._job(number, origin)

    def _cancelled(self, number: str, origin: str) -> dict[str, Any]:
        self._jobs[number].status = "CANCELED"
        return {"bulkOperation": self._job(number, origin), "userErrors": []}

    def _finish(self, job: _Job) -> None:
        if self.faults.job_error:
            job.status, job.error = "FAILED", self.faults.job_error
            return
        data = execute_sync(self.schema, parse(job.query), self._root("")).data or {}
        lines = [json.dumps(line, ensure_ascii=False).encode() for line in flat(data["products"], None)]
        job.objects, job.roots = len(lines), len(data["products"]["edges"])
        self._shuffled.shuffle(lines)
        job.lines = lines[: int(len(lines) * self.faults.keeps_lines)]
        job.status = "FAILED" if self.faults.partial else "COMPLETED"
        job.error = "INTERNAL_SERVER_ERROR" if self.faults.partial else None

    def _job(self, number: str, origin: str) -> dict[str, Any]:
        job = self._jobs[number]
        address = f"{origin}/bulk/{number.rpartition('/')[2]}.jsonl" if job.lines else None
        return {
            "id": number,
            "status": job.status,
            "errorCode": job.error,
            "objectCount": str(job.objects),
            "rootObjectCount": str(job.roots),
            "url": address if job.status == "COMPLETED" else None,
            "partialDataUrl": address if job.status == "FAILED" else None,
        }

    def _file(self, name: str) -> Answer:
        job = self._jobs.get(f"gid://shopify/BulkOperation/{name.removesuffix('.jsonl')}")
        if job is None:
            return 404, {"Content-Type": "text/plain"}, b"expired"
        return 200, {"Content-Type": "application/jsonl"}, b"".join(line + b"\n" for line in job.lines)


def flat(connection: Mapping[str, Any], parent: str | None) -> Iterator[dict[str, Any]]:
    """The lines of a bulk file: each node alone, its children on lines of their own that name it."""
    for edge in connection["edges"]:
        node = edge["node"]
        children = {name: value for name, value in node.items() if isinstance(value, dict) and "edges" in value}
        own = {name: value for name, value in node.items() if name not in children}
        yield own | ({"__parentId": parent} if parent else {})
        for child in children.values():
            yield from flat(child, node["id"])


def _connection(nodes: Sequence[Any], first: int | None, after: str | None = None) -> dict[str, Any]:
    start = int(after) if after else 0
    end = len(nodes) if first is None else start + first
    shown = nodes[start:end]
    return {
        "edges": [{"node": node} for node in shown],
        "nodes": shown,
        "pageInfo": {"hasNextPage": end < len(nodes), "endCursor": str(start + len(shown)) if shown else None},
    }


def _of_status(goods: Sequence[SimulatedProduct], query: str | None) -> list[SimulatedProduct]:
    """Those of the statuses asked for; without a word of it the active ones, as the table of filters says."""
    found = re.search(r"status:([a-z,]+)", query or "")
    wanted = found[1].upper().split(",") if found else ["ACTIVE"]
    return [one for one in goods if one.status in wanted]


def _metafield(fields: Mapping[str, str]) -> Callable[..., dict[str, str] | None]:
    def answer(_info: object, key: str, namespace: str = "") -> dict[str, str] | None:
        value = fields.get(f"{namespace}.{key}")
        return None if value is None else {"value": value}

    return answer


def _says(one: SimulatedProduct) -> dict[str, Any] | None:
    details = [
        {
            "state": "REQUIRES_ACTION",
            "feedbackGeneratedAt": to_text(one.updated_at),
            "app": {"title": name},
            "messages": [{"message": words}],
        }
        for name, words in one.says.items()
    ]
    return {"details": details, "summary": ""} if details else None
