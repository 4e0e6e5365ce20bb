"""BigCommerce's API as its OpenAPI files describe it: our questions and the answers of the double are held by it.

The files are in no package and have no licence, so they are not committed: `make schemas` fetches them by git. Without
them a small description stands in that we wrote from facts (reference shops.md §3), and where they are there a test
holds that description to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from jsonschema import Draft4Validator

from aexdash.demo.shops.bigcommerce import Answer, SimulatedBigCommerce

FOLDER = Path(__file__).parent / "schema" / "bigcommerce"
FILES = ("products_catalog.v3.yml", "product-variants_catalog.v3.yml", "channels.v3.yml")

needs_bigcommerces_own = pytest.mark.skipif(
    not all((FOLDER / name).exists() for name in FILES),
    reason="BigCommerce's OpenAPI files are not there: with git on this machine, `make schemas` fetches them",
)

UNTOLD = ("variants", "image_url")
"""Fields that their description of the lists leaves out although their own examples, or `include`, have them."""

Document = Mapping[str, Any]

WHOLE, TEXT, NUMBER, FLAG = ({"type": kind} for kind in ("integer", "string", "number", "boolean"))
LEVEL = {"type": "integer", "nullable": True}


def _some(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _asks(**parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = {name: name.replace("_in", ":in") if name.endswith("_in") else name for name in parameters}
    return [{"name": names[name], "in": "query", "schema": schema} for name, schema in parameters.items()]


def _answers(data: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    schema = _object(data=data, meta=meta)
    return {"200": {"content": {"application/json": {"schema": schema}}}}


PAGES = _object(
    pagination=_object(
        total=WHOLE,
        count=WHOLE,
        per_page=WHOLE,
        current_page=WHOLE,
        total_pages=WHOLE,
        links=_object(next=TEXT, previous=TEXT, current=TEXT),
    )
)

VARIANT = _object(
    id=WHOLE,
    product_id=WHOLE,
    sku=TEXT,
    price={"type": "number", "nullable": True},
    inventory_level=WHOLE,
    purchasing_disabled=FLAG,
    image_url=TEXT,
    option_values=_some(_object(id=WHOLE, label=TEXT, option_id=WHOLE, option_display_name=TEXT)),
)

PRODUCT = _object(
    id=WHOLE,
    name=TEXT,
    type={"type": "string", "enum": ["physical", "digital"]},
    sku=TEXT,
    weight=NUMBER,
    price=NUMBER,
    is_visible=FLAG,
    availability={"type": "string", "enum": ["available", "disabled", "preorder"]},
    inventory_tracking={"type": "string", "enum": ["none", "product", "variant"]},
    inventory_level=WHOLE,
    date_modified=TEXT,
    variants=_some(VARIANT),
    images=_some(_object(id=WHOLE, product_id=WHOLE, is_thumbnail=FLAG, url_standard=TEXT)),
    custom_fields=_some(_object(id=WHOLE, name=TEXT, value=TEXT)),
)

FIELDS = [
    *("name", "type", "sku", "weight", "price", "inventory_level", "inventory_tracking", "is_visible"),
    *("availability", "date_modified"),
]
LIMIT = {"type": "integer", "maximum": 250}

FRAGMENT: Document = {
    "openapi": "3.0.3",
    "paths": {
        "/catalog/products": {
            "get": {
                "parameters": _asks(
                    id_in=_some(WHOLE),
                    page=WHOLE,
                    limit=LIMIT,
                    sort={"type": "string", "enum": ["id"]},
                    direction={"type": "string", "enum": ["asc", "desc"]},
                    include=_some({"type": "string", "enum": ["variants", "images", "custom_fields"]}),
                    include_fields=_some({"type": "string", "enum": FIELDS}),
                ),
                "responses": _answers(_some(PRODUCT), PAGES),
            }
        },
        "/catalog/products/channel-assignments": {
            "get": {
                "parameters": _asks(product_id_in=_some(WHOLE), page=WHOLE, limit=LIMIT),
                "responses": _answers(_some(_object(product_id=WHOLE, channel_id=WHOLE)), PAGES),
            }
        },
        "/catalog/variants": {
            "get": {
                "parameters": _asks(sku=TEXT, page=WHOLE, limit=WHOLE),
                "responses": _answers(_some(VARIANT), PAGES),
            }
        },
        "/channels": {
            "get": {
                "parameters": _asks(page=WHOLE, limit=WHOLE),
                "responses": _answers(
                    _some(
                        _object(
                            id=WHOLE,
                            name=TEXT,
                            type={"type": "string", "enum": ["marketplace", "marketing", "pos", "storefront"]},
                            platform=TEXT,
                            status=TEXT,
                        )
                    ),
                    PAGES,
                ),
            }
        },
        "/channels/{channel_id}/listings": {
            "get": {
                "parameters": _asks(product_id_in=_some(WHOLE), limit=WHOLE, after=WHOLE),
                "responses": _answers(
                    _some(
                        _object(
                            channel_id=WHOLE,
                            listing_id=WHOLE,
                            external_id=TEXT,
                            product_id=WHOLE,
                            state={
                                "type": "string",
                                "enum": [
                                    *("active", "disabled", "error", "pending", "pending_disable", "pending_delete"),
                                    *("partially_rejected", "queued", "rejected", "submitted", "deleted"),
                                ],
                            },
                            variants=_some(_object(variant_id=WHOLE, state=TEXT)),
                        )
                    ),
                    _object(),
                ),
            }
        },
    },
}
"""What of the API is used, by facts: paths, their parameters, and the fields of their answers."""


class Described:
    """An API as OpenAPI documents describe it: what speaks against a question or an answer, as sentences."""

    def __init__(self, *documents: Document) -> None:
        self._paths = {path: document for document in documents for path in document["paths"]}

    def operation(self, path: str) -> tuple[Document, Document] | None:
        """Return the document and the GET of a path below `/v3`; None where no path is like it."""
        asked = path.split("/")
        for known, document in self._paths.items():
            parts = known.split("/")
            if len(parts) == len(asked) and all(
                one == other or (one.startswith("{") and other.isdigit())
                for one, other in zip(parts, asked, strict=True)
            ):
                return document, document["paths"][known]["get"]
        return None

    def parameters(self, path: str) -> dict[str, Any]:
        """Return the schemas of the query parameters of a path by their names."""
        document, get = self.operation(path) or ({}, {"parameters": []})
        told = [_resolved(document, one) for one in get["parameters"]]
        return {one["name"]: _resolved(document, one.get("schema", {})) for one in told if one["in"] == "query"}

    def of_question(self, path: str, query: str) -> Iterator[str]:
        """Yield what a question has that the API does not know."""
        if self.operation(path) is None:
            yield f"there is no GET {path}"
            return
        known = self.parameters(path)
        for name, values in parse_qs(query, keep_blank_values=True).items():
            if name not in known:
                yield f"GET {path} has no parameter {name}"
                continue
            document = self.operation(path)
            assert document is not None
            schema = known[name]
            told: Any = values[0].split(",") if schema.get("type") == "array" else values[0]
            items = _resolved(document[0], schema.get("items", {}))
            told = [_typed(one, items) for one in told] if isinstance(told, list) else _typed(told, schema)
            yield from (f"{name}={values[0]}: {one}" for one in _problems(document[0], schema, told))

    def of_answer(self, path: str, content: object) -> Iterator[str]:
        """Yield what an answer has that the API does not tell, or tells otherwise; fields that nobody describes too."""
        found = self.operation(path)
        assert found is not None
        document, get = found
        responses = {str(status): one for status, one in get["responses"].items()}
        response = _resolved(document, responses["200"])
        schema = response["content"]["application/json"]["schema"]
        yield from _problems(document, schema, content)
        yield from _undescribed(document, schema, content, "")


class HeldBigCommerce(SimulatedBigCommerce):
    """The double; every question to it and every answer of its `/v3` is compared with the description."""

    def __init__(self, *given: Any, api: Described, **more: Any) -> None:
        super().__init__(*given, **more)
        self._api = api
        self.problems: list[str] = []
        self.compared, self.compares = 0, True

    def respond(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer as the double does."""
        status, told, content = super().respond(verb, url, headers, body)
        parts = urlsplit(url)
        path = parts.path.removeprefix(self.prefix)
        if self.compares and path.startswith("/v3/") and status != 404:
            path = path.removeprefix("/v3")
            self.compared += 1
            self.problems += self._api.of_question(path, parts.query)
            if status == 200:
                self.problems += self._api.of_answer(path, json.loads(content))
        return status, told, content


@cache
def official() -> Described:
    """Return BigCommerce's own description."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Described(*(yaml.load((FOLDER / name).read_text("utf-8"), loader) for name in FILES))


def best() -> Described:
    """Return BigCommerce's own description, else ours."""
    return official() if all((FOLDER / name).exists() for name in FILES) else Described(FRAGMENT)


def _resolved(document: Document, schema: Any) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        schema = found
    return schema


def _typed(value: str, schema: Mapping[str, Any]) -> object:
    if schema.get("type") == "integer" and value.isascii() and value.isdigit():
        return int(value)
    return value


def _problems(document: Document, schema: Any, value: object) -> Iterator[str]:
    rooted = {**_plain(schema), "components": _components(id(document), document)}
    for error in Draft4Validator(rooted).iter_errors(value):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"


_kept: dict[int, Any] = {}


def _components(key: int, document: Document) -> Any:
    if key not in _kept:
        _kept[key] = _plain(document.get("components", {}))
    return _kept[key]


def _plain(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema of draft 4, which has no `nullable`."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _plain(one) for name, one in schema.items() if name not in ("nullable", "x-nullable", "example")}
    nullable = schema.get("nullable") or schema.get("x-nullable")
    if nullable and isinstance(told.get("type"), str):
        told["type"] = [told["type"], "null"]
        if "enum" in told:
            told["enum"] = [*told["enum"], None]
    return told


def _undescribed(document: Document, schema: Any, value: object, where: str) -> Iterator[str]:
    """Yield the fields of a value that no part of its schema names."""
    if isinstance(value, list):
        items = _items(document, schema)
        for one in value if items is not None else ():
            yield from _undescribed(document, items, one, f"{where}[]")
    elif isinstance(value, dict):
        known = properties(document, schema)
        for name, one in value.items():
            if known and name not in known and name not in UNTOLD:
                yield f"{where}.{name} is described nowhere"
            elif name in known:
                yield from _undescribed(document, known[name], one, f"{where}.{name}")


def properties(document: Document, schema: Any) -> dict[str, Any]:
    """Return the fields of an object by their names, those of all its parts together."""
    schema = _resolved(document, schema)
    found = dict(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= properties(document, part)
    return found


def _items(document: Document, schema: Any) -> Any:
    schema = _resolved(document, schema)
    if "items" in schema:
        return schema["items"]
    parts = (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ()))
    return next((found for part in parts if (found := _items(document, part)) is not None), None)
