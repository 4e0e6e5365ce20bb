"""Which listings a question is of: its filters, several stores, and what was said not to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from aexdash.ask import typed
from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold, words_of
from aexdash.ask.meaning.asker import Asker, base
from aexdash.ask.question import By, Kind, Question, Read
from aexdash.ask.saying import value_words
from aexdash.ask.typed import Refused, refuse
from aexdash.model import Lane, Stage, Status
from aexdash.view import NOBODY

Where = dict[str, tuple[str, ...]]

_LACKS = re.compile(r"\bw/o|\b(?:without|have|has|had|no|sin|tien\w+|без|имею\w*|нет)\b|没|无")
_PROBLEM = re.compile(r"problem|issue|проблем|问题|because|for\b|due|из-за|por\b")
"""*Without image problems* is another reason; *without a picture* is a reason itself."""

EXACTLY: Mapping[str, tuple[str, ...]] = {"lane": tuple(Lane), "stage": tuple(Stage)}
"""Filters of which every listing has exactly one value, so that *not this one* is all the others."""


_BETWEEN = re.compile(
    r"and|or|vs|versus|against|between|compared|to|with|in|for|by|of|the|both|store|stores|shop|shops|than|und|plus"
    r"|also|tambien|также|и|или|в|у|между|против|с|чем|y|e|o|u|en|de|la|las|el|los|tienda|tiendas|entre|contra|con"
    r"|和|与|跟|或|或者|还|是|在|的|比|还是"
)


def refuse_apart(pieces: Pieces) -> None:
    """Refuse *in Madrid and by Ana in Outlet*: each of two names may have words of its own, so they are not one set.

    Raises:
        Refused: something else than a joining word stands between two stores, people or categories.
    """
    text = fold(pieces.text)
    for name in ("store", "owner", "category"):
        said = [fold(words) for one, _, words in pieces.named if one == name]
        if len(set(said)) < 2:
            continue
        between = text[text.find(said[0]) + len(said[0]) : text.rfind(said[-1])]
        for words in said:
            between = between.replace(words, " ")
        strange = [word.text for word in words_of(between) if not _BETWEEN.fullmatch(word.text)]
        if strange:
            words = f"{' '.join(strange)!r} stands between them. Ask one at a time"
            raise refuse(Why.NOT_TOGETHER, f"What belongs to each {name} is not clear: {words}.")


def several_stores(pieces: Pieces, asker: Asker) -> Pieces:
    """Take several stores, or all but some, out of the filters: they are counted together and set beside each other.

    Raises:
        Refused: a store is meant and not meant, or each store has a state of its own.
    """
    named = list(dict.fromkeys(pieces.where.get("store", ())))
    without = [value for name, value, _ in pieces.negated if name == "store"]
    if len(named) < 2 and not without:
        return pieces
    if named and without:
        raise refuse(Why.NOT_TOGETHER, "Name the stores that are meant, or those that are not.")
    if pieces.where.get("profile"):
        raise refuse(Why.NOT_TOGETHER, "The stores of a profile, or stores by name? Name one.")
    if len({one for one in pieces.states if one != "held"}) > 1:
        raise refuse(Why.NOT_TOGETHER, "One number at a time, also where several stores are set beside each other.")
    watched = [one.key for one in asker.workspace.stores if one.watched]
    keys = named or [key for key in watched if key not in without]
    titles = ", ".join(value_words("store", key, asker.workspace) for key in keys)
    read = [*pieces.read, *(Read(said, f"in {titles}") for name, _, said in pieces.negated if name == "store")]
    negated = [one for one in pieces.negated if one[0] != "store"]
    where = pieces.where.copy()
    where.pop("store", None)
    if len(keys) == 1:
        where["store"] = keys
        return replace(pieces, where=where, negated=negated, read=read)
    if not keys:
        raise refuse(Why.NOT_TOGETHER, "No store is left to count in.")
    return replace(
        pieces,
        where=where,
        negated=negated,
        read=read,
        stores=typed.several(keys, asker.workspace),
        plain=pieces.plain | {"all_stores"},
        beside=pieces.beside or bool(named),
    )


SO_MANY_STORES = {"both_stores": 2, "three_stores": 3}
"""Words for all stores that say how many these are."""


def so_many_stores(pieces: Pieces, asker: Asker) -> Pieces:
    """Take *in both stores* for all of them where there are two; beside their names it says nothing more.

    Raises:
        Refused: there are not so many.
    """
    many = next((count for word, count in SO_MANY_STORES.items() if word in pieces.plain), 0)
    if not many or pieces.stores:
        return pieces
    if sum(one.watched for one in asker.workspace.stores) != many:
        raise refuse(Why.INCOMPLETE, f"Which {'two' if many == 2 else 'three'} stores? Name them.")
    whose = "owner" in pieces.by and "谁" in pieces.text  # 两个店铺谁的: which of the two
    by = [one for one in pieces.by if one != "owner"] if whose else pieces.by
    beside = whose or bool(pieces.plain & {"list", "more", "superlative"} and not (by or pieces.dimensions))
    read = [replace(one, meaning="which store") if whose and "谁" in one.words else one for one in pieces.read]
    return replace(pieces, plain=pieces.plain | {"all_stores"}, by=by, beside=pieces.beside or beside, read=read)


def where_of(pieces: Pieces, asker: Asker) -> Where:
    """Return the filters of the pieces, also the age and what listings are not.

    Raises:
        Refused: a filter of one value has two, or something was said not to be of which nobody knows all the others.
    """
    where = {name: tuple(dict.fromkeys(values)) for name, values in pieces.where.items() if values}
    if len(set(pieces.ages)) > 1:
        raise refuse(Why.NOT_TOGETHER, "One age at a time; for two write *between 3 and 7 days*.")
    if pieces.ages:
        where["age"] = (pieces.ages[0],)
    for name in ("store", "profile", "q", "campaign"):
        if len(where.get(name, ())) > 1:
            raise refuse(Why.NOT_TOGETHER, f"One {name} at a time; for several divide by store, or use a profile.")
    _refuse_lack_of_problems(pieces)
    _refuse_not_taken_by(pieces)
    if len(where.get("reason", ())) > 1 and at_once(pieces):
        where["both"] = where.pop("reason")
    for denied in pieces.negated:
        _turn_round(where, denied, pieces, asker)
    _alone(where, pieces, asker)
    return where


def _turn_round(where: Where, denied: tuple[str, str, str], pieces: Pieces, asker: Asker) -> None:
    """Add to the filters that something is not so: by all its other values, where these are known."""
    name, value, said = denied
    if name == "reason":
        if _LACKS.search(fold(said)) and not _PROBLEM.search(fold(said)):
            raise _not_known(said)  # *without a certificate* is what is wrong, and no other reason
        _refuse_other_behind(where, name, said, pieces)
        where["without"] = (*where.get("without", ()), value)
        meaning = f"held by other reasons than {value_words('reason', value, asker.workspace)}"
    elif name == "state" and {*pieces.states, value} == {"rejected", "auditing"} and value not in pieces.states:
        meaning = "as all of them are"  # *rejected, not in audit*
    elif name == "state":
        if set(pieces.states) != {"held"} or value not in ("rejected", "auditing"):
            raise _not_known(said)
        other = {"rejected": Status.AUDITING, "auditing": Status.REJECTED}[value].value
        where["status"], meaning = (other,), f"held, and {value_words('status', other, asker.workspace)}"
    else:
        if (name, value) == ("stage", Stage.TAKEN.value) and where.get("owner"):
            raise _not_known(said)  # *not taken by Ana*: by another, or by nobody
        name, others = _others(name, value, said, asker)
        if where.get(name):
            raise refuse(Why.NOT_TOGETHER, f"Name what is meant, or what is not: {said!r} stands beside another.")
        where[name] = others
        meaning = " or ".join(value_words(name, one, asker.workspace) for one in others)
    pieces.read.append(Read(said, meaning))


_LACKING = re.compile(r"w/o|(?:with )?(?:without|no|sin|без|нет)\b|没|无")


def _refuse_lack_of_problems(pieces: Pieces) -> None:
    """Refuse *without certificate problems*: the certificate is there, and *without a certificate* is a reason.

    Raises:
        Refused: that was asked.
    """
    text = fold(pieces.text)
    for name, _, said in pieces.named:
        words = fold(said)
        behind = text[text.find(words) + len(words) :]
        if name == "reason" and _LACKING.match(words) and _A_PROBLEM.match(behind):
            raise _not_known(f"{said}{behind[:12]}".strip())


def _refuse_not_taken_by(pieces: Pieces) -> None:
    """Refuse *not taken by Ana*: another may have taken it, or nobody.

    Raises:
        Refused: that was asked.
    """
    text = fold(pieces.text)
    owners = [fold(words) for name, _, words in pieces.named if name == "owner"]
    for name, value, said in [*pieces.named, *pieces.negated]:
        behind = text.partition(fold(said))[2]
        is_turned = name == "stage" and (value == Stage.NEW.value or (name, value, said) in pieces.negated)
        if is_turned and any(re.match(rf" (?:by|от|por) {re.escape(owner)}", behind) for owner in owners):
            raise _not_known(f"{said} by")


_A_PROBLEM = re.compile(r" ?(?:problem|issue|complaint|violation|error|проблем|ошиб|的?问题|的?毛病)")


def _others(name: str, value: str, said: str, asker: Asker) -> tuple[str, tuple[str, ...]]:
    """Return the other values of a filter; *not snoozed* is said of whose move it is."""
    if (name, value) == ("stage", Stage.SNOOZED.value):
        name = "lane"
    if name in EXACTLY:
        return name, tuple(str(one) for one in EXACTLY[name] if one != value)
    if name == "owner":
        people = tuple(one for one in asker.workspace.people if one != value)
        return name, people if value == NOBODY else (*people, NOBODY)
    raise _not_known(said)


def _not_known(said: str) -> Refused:
    words = "turns a meaning round, which is known of reasons, owners, stores and whose move it is alone"
    return refuse(Why.NOT_UNDERSTOOD, f"{said!r} {words}: of all else ask what listings are.")


def _refuse_other_behind(where: Where, name: str, said: str, pieces: Pieces) -> None:
    """Refuse *not for pictures or titles*: whether the second is meant too nobody knows."""
    text = fold(pieces.text)
    behind = text.find(fold(said))
    if where.get(name) and any(text.find(fold(words)) > behind for one, _, words in pieces.named if one == name):
        raise refuse(Why.NOT_TOGETHER, f"Name one thing behind {said!r}; whether the other is meant too is not clear.")


_AND = re.compile(r"\b(?:and|и|y|e)\b|[和与及]")
_OR = re.compile(r"\b(?:or|или|либо|o|u|vs|versus|against|than|compared|против|frente a|contra)\b|[或比,;/、，；]|还是")


def ask_either_or_both(question: Question, pieces: Pieces, asker: Asker) -> None:
    """Ask what several reasons mean together: what has any of them is known, and not what has all of them at once.

    *Trademark or brand missing* and *trademark, brand missing* are any of them; *trademark and brand missing* and
    *trademark in titles* may be both.

    Raises:
        Refused: two reasons stand so, and they are neither compared nor told apart.
    """
    said = [fold(words) for name, _, words in pieces.named if name == "reason"]
    if len(question.filters.get("reason", ())) < 2 or len(set(said)) < 2 or question.by is By.REASON:
        return
    text = fold(pieces.text)
    places = sorted((text.find(words), text.find(words) + len(words)) for words in set(said))
    between = [text[stop:start] for (_, stop), (start, _) in pairwise(places)]
    if all(_OR.search(one) and not _AND.search(one) for one in between[-1:]) and all(map(_JOINS.search, between)):
        return
    each = question.with_where(reason=(), both=question.filters["reason"])
    raise asker.ask("With any of these reasons, or with all of them at once? Choose.", [question, each])


_AT_ONCE = re.compile(
    r"\bat once\b|\bat the same time\b|\bsimultaneously\b|\band both\b|\bboth (?:problems|reasons|issues|of them)\b"
    r"|\bboth\W*$|\bодновременно\b|\bсразу и\b|同时|而且|并且|(?<!而)(?<!并)且|既.+又|又.+又|\ba la vez\b"
    r"|\bal mismo tiempo\b"
    r"|\btanto .+ como\b|\by ademas\b|\bи при этом\b"
)
"""What says that several reasons are meant on one listing."""


def at_once(pieces: Pieces) -> bool:
    """Whether several reasons are meant at once: *both A and B*, *A AND B*, 主图太小而且缺品牌."""
    text = fold(pieces.text)
    said = [re.escape(fold(words)) for name, _, words in pieces.named if name == "reason"]
    both = any(re.search(rf"\bboth(?: \w+){{0,2}} {words}\b", text) for words in said)
    shouted = re.search(r"[a-z] AND [a-z]", pieces.text)
    return bool(both or shouted or _AT_ONCE.search(text))


_JOINS = re.compile(f"{_OR.pattern}|{_AND.pattern}")


def narrowed(pieces: Pieces) -> Pieces:
    """Take *pictures with a watermark* for the reason alone: its family beside it says nothing more."""
    reasons = list(dict.fromkeys(pieces.where.get("reason", ())))
    families = {one.partition(".")[0] for one in reasons if "." in one}
    wider = {one for one in reasons if one in families}
    if not wider or _JOINS.search(fold(pieces.text)):
        return pieces
    where = pieces.where.copy()
    where["reason"] = [one for one in reasons if one not in wider]
    named = [
        (name, next(of for of in reasons if of.startswith(f"{value}.")), said)
        if name == "reason" and value in wider
        else (name, value, said)
        for name, value, said in pieces.named
    ]
    return replace(pieces, where=where, named=named)


def _alone(where: Where, pieces: Pieces, asker: Asker) -> None:
    """Take *only because of a reason* for listings that nothing else holds; *with only* may be a filter: ask."""
    codes = where.get("reason", ())
    if not codes or not pieces.plain & {"solely", "only_within"}:
        return
    known = set(asker.workspace.taxonomy.codes)
    if "solely" in pieces.plain and not pieces.begins_with_follow:
        if not known >= set(codes):
            raise refuse(
                Why.NOT_TOGETHER, "Held by one reason alone is known of single reasons, not of their families."
            )
        where["only"] = where.pop("reason")
    elif not pieces.begins_with_follow and known >= set(codes):
        rest = {name: values for name, values in where.items() if name != "reason"}
        offered = [base(Kind.LISTINGS, "", {**rest, name: codes}, asker) for name in ("reason", "only")]
        raise asker.ask("Held by that, whatever else, or by nothing but that? Choose.", offered)
