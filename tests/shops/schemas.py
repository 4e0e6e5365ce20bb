"""Shopify's own schema, where `make schemas` fetched it; else the small one, which is said in one line."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_client_schema, build_schema

from aexdash.demo.shops.small_schema import SDL
from aexdash.shops.shopify_queries import VERSION

FILE = Path(__file__).parent / "schema" / f"admin_{VERSION}.json.gz"

needs_shopifys_own = pytest.mark.skipif(
    not FILE.exists(), reason="Shopify's schema is not there: with npm on this machine, `make schemas` fetches it"
)


@cache
def shopifys_own() -> GraphQLSchema:
    """Return Shopify's schema. Its own deprecations break a rule of GraphQL, so it is taken as it is."""
    content = json.loads(gzip.decompress(FILE.read_bytes()))
    return build_client_schema(content.get("data", content), assume_valid=True)


@cache
def small() -> GraphQLSchema:
    """Return the schema that we wrote."""
    return build_schema(SDL)


def best() -> GraphQLSchema:
    """Return Shopify's own, else ours."""
    return shopifys_own() if FILE.exists() else small()
