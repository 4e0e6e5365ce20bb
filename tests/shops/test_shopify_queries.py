"""Every question to Shopify is valid in its own schema, writes nothing, and uses no deprecated field."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_specified_scalar_type,
    parse,
    validate,
    visit,
)

from aexdash.shops import shopify_queries as queries
from tests.shops.schemas import needs_shopifys_own, shopifys_own, small

PIECES = [
    *(queries.PICTURE, queries.CHANNELS, queries.STOCK, queries.FEEDBACK),
    queries.match_piece("custom.aliexpress_id"),
]
QUESTIONS = {
    "shop": queries.SHOP,
    "count": queries.COUNT,
    "run": queries.RUN,
    "poll": queries.POLL,
    "cancel": queries.CANCEL,
    "catalogue": queries.catalogue(PIECES),
    "plainest catalogue": queries.catalogue([]),
    "by sku": queries.by_sku(PIECES),
    "probe": queries.probe(PIECES),
    **{f"probe {number}": queries.probe([piece]) for number, piece in enumerate(PIECES)},
}
SCHEMAS = [pytest.param(small, id="small"), pytest.param(shopifys_own, id="shopify", marks=needs_shopifys_own)]


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_valid(name, schema):
    assert [error.message for error in validate(schema(), parse(QUESTIONS[name]))] == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_slip_would_be_found(schema):
    wrong = queries.catalogue([queries.Piece(variant="inventoryQuantityy")])
    assert "Did you mean 'inventoryQuantity'" in validate(schema(), parse(wrong))[0].message


class Deprecated(Visitor):
    """Collects the deprecated fields, arguments and enum values of a document."""

    def __init__(self, info):
        super().__init__()
        self.info, self.found = info, []

    def enter_field(self, node, *_):
        field = self.info.get_field_def()
        if field is not None and field.deprecation_reason:
            self.found.append(f"{self.info.get_parent_type()}.{node.name.value}")

    def enter_argument(self, node, *_):
        argument = self.info.get_argument()
        if argument is not None and argument.deprecation_reason:
            self.found.append(node.name.value)


def deprecated_in(question):
    info = TypeInfo(shopifys_own())
    visitor = Deprecated(info)
    visit(parse(question), TypeInfoVisitor(info, visitor))
    return visitor.found


@needs_shopifys_own
def test_no_deprecated_field_is_used():
    assert {name: deprecated_in(question) for name, question in QUESTIONS.items() if deprecated_in(question)} == {}


@needs_shopifys_own
def test_a_deprecated_field_would_be_found():
    assert deprecated_in("{ products(first: 1) { nodes { totalVariants } } }") == ["Product.totalVariants"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_is_written_but_a_job_that_reads(name):
    for operation in parse(QUESTIONS[name]).definitions:
        if operation.operation is not OperationType.QUERY:
            fields = [one.name.value for one in operation.selection_set.selections]
            assert fields in (["bulkOperationRunQuery"], ["bulkOperationCancel"])


def test_a_bulk_job_keeps_to_its_rules():
    """At most five connections, two levels deep, no `nodes`; every status is named (reference shops.md §2.4, §2.5)."""
    question = QUESTIONS["catalogue"]
    assert question.count("edges") <= 5
    assert "nodes" not in question
    assert "status:active,draft,archived,unlisted" in question


@needs_shopifys_own
def test_the_small_schema_says_nothing_else_than_shopifys_own():
    """Every type, field and argument of ours is in theirs, and of the same type."""
    real = shopifys_own()
    for name, ours in small().type_map.items():
        if name.startswith("__") or is_specified_scalar_type(ours):
            continue
        theirs = real.type_map[name]
        if isinstance(ours, GraphQLEnumType):
            assert set(ours.values) <= set(theirs.values), name
        if isinstance(ours, GraphQLObjectType | GraphQLInterfaceType):
            for field, told in ours.fields.items():
                assert str(told.type) == str(theirs.fields[field].type), f"{name}.{field}"
                assert {argument: str(one.type) for argument, one in told.args.items()}.items() <= {
                    argument: str(one.type) for argument, one in theirs.fields[field].args.items()
                }.items(), f"{name}.{field}"
    assert get_named_type(real.query_type.fields["shop"].type).name == "Shop"


def test_what_a_sku_holds_is_never_part_of_the_search():
    assert queries.search_of(['A" OR sku:*', "B\\"]) == 'sku:"A\\" OR sku:*" OR sku:"B\\\\"'
