"""The questions that Shopify's Admin GraphQL is asked, version 2026-10; every one only reads.

A test checks each against Shopify's own schema and that no deprecated field is in it. What a token may not read, and
what a schema does not have, is left out piece by piece (`Piece`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

VERSION = "2026-10"

EVERY = "status:active,draft,archived,unlisted"
"""Sent with every question: the table of filters names `active` as the default of `status`."""

SKUS_A_PAGE = 10
CHANNELS_A_PRODUCT = 25
VARIANTS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that may be asked of each product and variant, and what is unknown without it.

    `scopes` are those of which one is needed, `connection` stands in the place of `product` where pages are read, as
    only a bulk job takes a connection without a size.
    """

    product: str = ""
    variant: str = ""
    connection: str = ""
    scopes: tuple[str, ...] = ()
    unread: str = ""


PUBLISHED = "isPublished publication { catalog { title } }"

CHANNELS = Piece(
    product=f"resourcePublicationsV2 {{ edges {{ node {{ {PUBLISHED} }} }} }}",
    connection=f"resourcePublicationsV2(first: {CHANNELS_A_PRODUCT}) {{ nodes {{ {PUBLISHED} }} }}",
    scopes=("read_publications",),
    unread="On which channels a product is published is not known",
)
STOCK = Piece(
    variant="inventoryQuantity inventoryItem { tracked }",
    scopes=("read_inventory",),
    unread="What is in stock is not known",
)
FEEDBACK = Piece(
    product="feedback { details { state feedbackGeneratedAt app { title } messages { message } } }",
    unread="What channels say of a product is not known",
)
PICTURE = Piece(product="featuredMedia { preview { image { url } } }", unread="The picture of a product is not known")


def match_piece(match_field: str) -> Piece:
    """The metafield by which variants are matched, on both: on the variant it counts first."""
    namespace, _, key = match_field.rpartition(".")
    field = f"metafield(namespace: {json.dumps(namespace)}, key: {json.dumps(key)}) {{ value }}"
    return Piece(field, field, unread=f"The metafield {match_field} is not known, so nothing is matched by it")


SHOP = "query Shop { shop { name myshopifyDomain currencyCode } currentAppInstallation { accessScopes { handle } } }"

COUNT = f'query Count {{ productsCount(query: "{EVERY}", limit: null) {{ count precision }} }}'
"""Without `limit` the count ends at 10,000."""

RUN = """
mutation Run($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: false) {
    bulkOperation { id status } userErrors { code field message }
  }
}
"""

POLL = """
query Poll($id: ID!) {
  bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount url partialDataUrl }
}
"""

CANCEL = """
mutation Cancel($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { id status } userErrors { field message } } }
"""


def catalogue(pieces: Iterable[Piece]) -> str:
    """The question of a bulk job: every product with its variants, and the channels it is published on."""
    asked = list(pieces)
    product = " ".join(piece.product for piece in asked if piece.product)
    variant = " ".join(piece.variant for piece in asked if piece.variant)
    return (
        f'{{ products(query: "{EVERY}") {{ edges {{ node {{ id title status updatedAt {product} '
        f"variants {{ edges {{ node {{ id title sku price updatedAt {variant} }} }} }} }} }} }} }}"
    )


def by_sku(pieces: Iterable[Piece]) -> str:
    """A page of variants that a search finds, each with its product."""
    asked = list(pieces)
    product = " ".join(piece.connection or piece.product for piece in asked)
    variant = " ".join(piece.variant for piece in asked)
    return (
        f"query Some($search: String!, $after: String) {{ "
        f"productVariants(first: {VARIANTS_A_PAGE}, after: $after, query: $search) {{ "
        f"nodes {{ id title sku price updatedAt {variant} product {{ id title status updatedAt {product} }} }} "
        "pageInfo { hasNextPage endCursor } } }"
    )


def probe(pieces: Iterable[Piece]) -> str:
    """One product with these pieces: whether this token and this schema have them."""
    asked = list(pieces)
    product = " ".join(piece.connection or piece.product for piece in asked)
    variant = " ".join(piece.variant for piece in asked)
    return (
        f'query Probe {{ products(first: 1, query: "{EVERY}") {{ nodes {{ id title status updatedAt {product} '
        f"variants(first: 1) {{ nodes {{ id title sku price updatedAt {variant} }} }} }} }} }}"
    )


def search_of(skus: Iterable[str]) -> str:
    """The words that find variants by their SKU; what a SKU holds is quoted, never part of the search."""
    return " OR ".join(f"sku:{json.dumps(sku, ensure_ascii=False)}" for sku in skus)
