"""Methods about categories: the tree, attributes, qualifications, responsible persons (reference §4.8)."""

from __future__ import annotations

import json
from typing import Any

from aexdash.demo.platform.calls import Call, Method
from aexdash.demo.platform.envelope import Items, Refused
from aexdash.demo.platform.invented import EU_PERSONS, OPTIONAL_QUALIFICATION, QUALIFICATIONS
from aexdash.demo.world.catalogue import CATEGORIES, CATEGORY_BY_ID, PARENTS, AttributeDef, Category


class CategoryMethods:
    """Answers that every model may ask for."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        redefining = "aliexpress.category.redefining."
        return {
            "aliexpress.category.tree.list": Method(self.category_tree),
            "aliexpress.solution.seller.category.tree.query": Method(self.seller_categories),
            f"{redefining}getallchildattributesresult": Method(self.attributes),
            f"{redefining}getchildattributesresultbypostcateidandpath": Method(self.attributes),
            "aliexpress.category.qualifications.list": Method(self.qualifications),
            "aliexpress.category.eu.responsible.persons.list": Method(self.eu_persons),
        }

    def category_tree(self, _call: Call) -> dict[str, Any]:
        """All categories, the leaves with the rest (§4.8)."""
        parents = [_node(number, names, leaf=False, level=1) for number, names in PARENTS.items()]
        leaves = [_node(each.category_id, each.names, leaf=True, level=2) for each in CATEGORIES]
        return {"result": Items([*parents, *leaves], deep=False)}

    def seller_categories(self, call: Call) -> dict[str, Any]:
        """The children of one category, 0 for the top."""
        parent = int(call.parameters.get("category_id") or 0)
        if parent == 0:
            children = [_child(number, names, leaf=False, level=1) for number, names in PARENTS.items()]
        else:
            leaves = (each for each in CATEGORIES if each.parent_id == parent)
            children = [_child(each.category_id, each.names, leaf=True, level=2) for each in leaves]
        return {"is_success": True, "children_category_list": Items(children, deep=False)}

    def attributes(self, call: Call) -> dict[str, Any]:
        """What a category asks for, of a parent nothing; names are a JSON string of languages (§4.8)."""
        category = _asked(call, "cate_id")
        if category is None:
            return {"result": {"success": True, "attributes": Items([])}}
        required = set(category.required_attributes())
        listed = [_attribute(each, required=each in required) for each in category.attributes()]
        return {"result": {"success": True, "attributes": Items([*listed, _axis(category)])}}

    def qualifications(self, call: Call) -> dict[str, Any]:
        """Certificates that a category asks for, and a manual that it takes; `support` tells whether there are any."""
        category = _asked(call, "category_id")
        needed = category.certificates() if category else ()
        modules = [_module(key, required=True) for key in needed]
        if modules:
            modules.append(_module(OPTIONAL_QUALIFICATION, required=False))
        return {"qualification_module_list": Items(modules, deep=False), "support": bool(modules)}

    def eu_persons(self, call: Call) -> dict[str, Any]:
        """The seller's responsible persons in the EU; `support` tells whether the category needs one."""
        category = _asked(call, "category_id") if call.parameters.get("category_id") else None
        persons = [{"name": name, "msr_eu_id": number} for number, name in EU_PERSONS.items()]
        return {
            "eu_contact_module_list": Items(persons, deep=False),
            "support": category is not None and category.eu_person_needed,
        }


def _asked(call: Call, name: str) -> Category | None:
    """Return the leaf category that a parameter names, None for a parent.

    Raises:
        Refused: there is no such category.
    """
    number = call.number(name)
    if number not in CATEGORY_BY_ID and number not in PARENTS:
        raise Refused.parameter(name)
    return CATEGORY_BY_ID.get(number)


def _module(key: str, *, required: bool) -> dict[str, Any]:
    label, kind, tips = QUALIFICATIONS[key]
    return {"label": label, "type": kind, "key": key, "tips": tips, "required": required}


def _names(names: tuple[str, ...]) -> str:
    return json.dumps(dict(zip(("en", "ru", "es"), names, strict=True)), ensure_ascii=False)


def _node(number: int, names: tuple[str, ...], *, leaf: bool, level: int) -> dict[str, Any]:
    return {"id": number, "names": _names(names), "isleaf": leaf, "level": level, "features": "{}"}


def _child(number: int, names: tuple[str, ...], *, leaf: bool, level: int) -> dict[str, Any]:
    return {
        "children_category_id": number,
        "is_leaf_category": leaf,
        "level": level,
        "multi_language_names": _names(names),
    }


def _attribute(definition: AttributeDef, *, required: bool, sku: bool = False) -> dict[str, Any]:
    names = {"en": definition.english, "ru": definition.russian, "zh": definition.chinese}
    values = [
        {
            "id": definition.value_id(value),
            "names": json.dumps({"en": value}),
            "value_tags": "{}",
            "has_sub_attr": False,
        }
        for value in definition.values
    ]
    return {
        "id": definition.attribute_id,
        "names": json.dumps(names, ensure_ascii=False),
        "required": required,
        "key_attribute": required,
        "sku": sku,
        "visible": True,
        "input_type": "STRING",
        "attribute_show_type_value": "list_box" if values else "input",
        "customized_name": sku,
        "customized_pic": False,
        "support_enum_input": False,
        "values": Items(values, deep=False),
    }


def _axis(category: Category) -> dict[str, Any]:
    return _attribute(category.axis, required=True, sku=True)
