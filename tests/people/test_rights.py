"""What a role may do, in every store or in some, and that each function that writes asks for one."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aexdash
from aexdash.people import acting
from aexdash.people.acting import NotAllowed, needed_by, needs
from aexdash.people.rights import ALL, EVERYBODY, Grant, Rights, Role, rights_of

PACKAGE = Path(aexdash.__file__).parent

STORES = ("eu", "us", "cn")

GRANTS = st.builds(
    Grant, st.sampled_from(Role), st.none() | st.frozensets(st.sampled_from(STORES), min_size=1, max_size=3)
)


@given(st.lists(GRANTS, max_size=4), st.sampled_from(Role), st.none() | st.sets(st.sampled_from(STORES)))
def test_rights_are_what_a_plain_table_of_stores_says(grants, role, asked):
    rights = Rights(tuple(grants))
    order = list(Role)
    every = [g for g in grants if g.stores is None]
    best = {
        store: max((order.index(g.role) for g in grants if g.stores is None or store in g.stores), default=-1)
        for store in STORES
    }
    in_all = max((order.index(g.role) for g in every), default=-1)
    wanted = in_all >= order.index(role) if asked is None else all(best[one] >= order.index(role) for one in asked)
    assert rights.may(role, asked) == wanted
    assert {store for store in STORES if rights.sees(store)} == {store for store in STORES if best[store] >= 0}
    assert rights.sees("a store to come") == bool(every)


def test_a_group_that_nothing_is_granted_adds_nothing():
    granted = {"leads": Grant(Role.OWNER), "eu": Grant(Role.OPERATOR, frozenset(["eu"]))}
    assert rights_of(["warehouse"], granted) == Rights()
    assert not rights_of(["warehouse"], granted).may_somewhere(Role.VIEWER)
    assert rights_of(["leads", "warehouse"], granted).may(Role.OWNER)
    assert rights_of([], {EVERYBODY: Grant(Role.VIEWER)}).may(Role.VIEWER)


@pytest.fixture
def acts(monkeypatch):
    """Have somebody act with some rights."""
    return lambda rights: monkeypatch.setattr(acting, "_asked", lambda: rights)


@needs(Role.OPERATOR, of=lambda stores: stores)
def write(stores):
    return "written"


@needs(Role.OWNER)
def change_all():
    return "changed"


def test_what_is_refused_is_one_sentence_and_a_hidden_store_is_as_one_that_there_is_not(acts):
    acts(Rights((Grant(Role.OPERATOR, frozenset(["eu"])), Grant(Role.VIEWER, frozenset(["us"])))))
    assert write(["eu"]) == "written"
    with pytest.raises(NotAllowed, match=r"^That needs the role operator, which you do not have here: ask whoever"):
        write(["eu", "us"])
    with pytest.raises(NotAllowed, match=r"^There is no store cn\.$"):
        write(["cn"])
    with pytest.raises(NotAllowed, match=r"^That needs the role owner"):
        change_all()
    acts(Rights())
    with pytest.raises(NotAllowed, match=r"^That needs the role owner"):
        change_all()
    acts(ALL)
    assert change_all() == "changed"


WRITES = ("writing", "_writing", "_write", "_set")
"""How a function begins to write to the desk; what is private is called by what is public."""

NOT_BY_PEOPLE = {
    "aexdash.desk.decisions.work.Desk.take_sync_requests": "the worker takes what people asked for",
    "aexdash.desk.channel_state.record_test": "the worker tells what came of a test",
    "aexdash.desk.channel_state.record_delivery": "the worker tells what it sent",
    "aexdash.desk.channel_state.record_failure": "the worker tells what it could not send",
    "aexdash.desk.channel_state.record_digest": "the worker tells how far it sent",
    "aexdash.desk.outbox.mark_attempt": "the worker sends",
    "aexdash.desk.outbox.mark_delivered": "the worker sends",
    "aexdash.desk.outbox.mark_failed": "the worker sends",
    "aexdash.desk.outbox.mark_given_up": "the worker sends",
    "aexdash.alerts.episodes.rounds.write_round": "the worker asks every rule after a run",
    "aexdash.desk.sessions.Sessions.start": "nobody has a role before her session begins",
    "aexdash.desk.sessions.Sessions.note": "the server notes when a page was drawn",
    "aexdash.desk.sessions.Sessions.end": "everybody may log out: the secret is asked for",
    "aexdash.doctor.desk_rows.set_aside": "the command that repairs a desk alone calls it",
    "aexdash.desk.file.writing": "it opens the file for those who were asked",
}

ELSEWHERE = (
    "aexdash.config.editing.save",
    "aexdash.desk.feed_columns.lay_down",
    "aexdash.connect.signing.begin",
    "aexdash.connect.signing.again",
    "aexdash.connect.signing.confirm",
)
"""What writes other files for people."""


def test_every_public_function_that_writes_to_the_desk_asks_for_a_role():
    """A new one fails here until it has `@needs`, or stands in `NOT_BY_PEOPLE` with its reason."""
    found = dict(writers())
    asking = {name for name, role in found.items() if role}
    assert len(asking) > 30
    assert {name for name, role in found.items() if role is None} == set(NOT_BY_PEOPLE) & set(found)
    assert asking & set(NOT_BY_PEOPLE) == set()


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_writes_settings_feeds_and_tokens_asks_for_a_role(name):
    module, _, function = name.rpartition(".")
    assert needed_by(getattr(importlib.import_module(module), function)) in (Role.OWNER, Role.OPERATOR)


def writers() -> Iterator[tuple[str, Role | None]]:
    """Every public function or method that begins to write, with the role that it asks for."""
    for file in sorted(PACKAGE.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "desk" not in text or "writing" not in text or file.parts[-2] in ("sync", "feed", "cli", "demo", "storage"):
            continue
        module = ".".join(("aexdash", *file.relative_to(PACKAGE).with_suffix("").parts))
        for owner, node in functions(ast.parse(text)):
            calls = {name_of(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
            if node.name.startswith("_") or not calls & set(WRITES):
                continue
            where = importlib.import_module(module)
            written = getattr(getattr(where, owner) if owner else where, node.name)
            yield (
                f"{module}.{owner + '.' if owner else ''}{node.name}",
                needed_by(inspect.unwrap(written, stop=needed_by)),
            )


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            yield from ((node.name, one) for one in node.body if isinstance(one, ast.FunctionDef))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
