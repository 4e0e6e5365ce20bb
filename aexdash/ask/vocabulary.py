"""One vocabulary: the words of cards, reasons and views, with synonyms, and the names of stores, people, categories."""

from __future__ import annotations

from aexdash.ask.language import synonyms
from aexdash.ask.language.lexicon import Lexicon, Meaning, Tag
from aexdash.ask.language.pieces import TIMES_TO_CLEAR
from aexdash.ask.question import By
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.reasons.taxonomy import Language, Taxonomy
from aexdash.words.common import STATUS_WORDS

SHORTEST_NAME = 2
"""Letters of the shortest name of a store, a person or a category that is looked for in a question."""

SPOKEN: tuple[Language, ...] = ("zh", "ru", "es")
"""The languages beside English in which reasons have phrases by which annotations are recognised."""

SECTIONS = {
    "move": Tag.MOVE,
    "state": Tag.STATE,
    "by": Tag.DIMENSION,
    "alone": Tag.BY,
    "order": Tag.ORDER,
    "plain": Tag.PLAIN,
}
"""What the sections of data/questions.toml are of."""


OTHER = "other"
"""The family whose name is an everyday word: *any other rejected listings* does not ask for it."""

OWNING = ("store", "profile", "owner")
"""What has something: *Ana's*, *Madrid's*."""

Names = tuple[tuple[str, str, str], ...]
"""Names of stores, people …: the filter, its value, and the name."""

_kept: dict[tuple[Names, tuple[str, ...]], Lexicon] = {}


def build(workspace: Workspace) -> Lexicon:
    """Build the vocabulary of a workspace; it is built once, and again when its names have changed."""
    names = _names(workspace)
    mark = names, tuple(workspace.taxonomy.codes)
    lexicon = _kept.get(mark)
    if lexicon is None:
        lexicon = Lexicon()
        _add_words(lexicon)
        _add_reasons(lexicon, workspace.taxonomy)
        for kind, value, name in names:
            own = [f"{name}'s", f"{name}'"] if kind in OWNING else []
            lexicon.add([name, *own], Meaning(Tag.WHERE, value, kind), spelt=False)
            lexicon.names.append((name, Meaning(Tag.WHERE, value, kind)))
        _kept.clear()
        _kept[mark] = lexicon
    return lexicon


def _add_words(lexicon: Lexicon) -> None:
    words = synonyms.load()
    for key, card in CARDS.items():
        lexicon.add([card.title, key, *words["card"].get(key, ())], Meaning(Tag.CARD, key))
    for key in TIMES_TO_CLEAR:
        lexicon.add(words["card"]["time_to_clear"], Meaning(Tag.CARD, key))
    for section, tag in SECTIONS.items():
        for value, phrases in words[section].items():
            lexicon.add(phrases, Meaning(tag, value))
    for filtered, phrases in words["where"].items():
        name, _, value = filtered.partition(".")
        lexicon.add(phrases, Meaning(Tag.WHERE, value, name))
    for kind, phrases in words["refused"].items():
        lexicon.add(phrases, Meaning(Tag(kind), ""), spelt=False)


def _add_reasons(lexicon: Lexicon, taxonomy: Taxonomy) -> None:
    """Add the names of families and codes, our synonyms, and the phrases by which annotations are recognised."""
    for codes, phrases in synonyms.load()["reason"].items():
        for code in codes.split("+"):
            lexicon.add(phrases, Meaning(Tag.WHERE, code, "reason"))
    for family, told in taxonomy.families.items():
        names = [f"reason {told.name}", f"family {told.name}"] if family == OTHER else [told.name]
        lexicon.add(names, Meaning(Tag.WHERE, family, "reason"))
    for code, told_code in taxonomy.codes.items():
        reason = Meaning(Tag.WHERE, code, "reason")
        lexicon.add([told_code.name, code], reason)
        for language in SPOKEN:
            for phrase in told_code.phrases.get(language, ()):
                if len(phrase.split()) > 1 or language == "zh":
                    lexicon.add([phrase], reason, spelt=False)


def _names(workspace: Workspace) -> Names:
    names = [
        *(("store", one.key, name) for one in workspace.stores for name in (one.key, one.title)),
        *(("profile", one.name, name) for one in workspace.profiles for name in (one.name, one.title)),
        *(("owner", name, name) for name in workspace.people),
        *(("category", str(number), name) for number, name in workspace.categories.items()),
        *(("category", str(number), str(number)) for number in workspace.categories),
        *(("campaign", key, key) for key in workspace.campaigns),
    ]
    return tuple(one for one in names if len(one[2]) >= SHORTEST_NAME)


STATE_WORDS = {
    "held": "held: rejected or in audit",
    "halted": "held: rejected or in audit",
    "unresolved": "held: rejected or in audit",
    "rejected": STATUS_WORDS["rejected"],
    "auditing": STATUS_WORDS["auditing"],
    "active": "on sale",
    "at_risk": "at risk: on sale with a finding of our checks",
    "taken_down": "taken down by AliExpress",
    "stuck": "stuck: in audit for longer than is usual for its store",
}
"""What a state is, as *read as* says it."""

BY_WORDS = {
    By.STORE: "store",
    By.REASON: "reason",
    By.FAMILY: "family of reasons",
    By.STATUS: "status",
    By.AUDIT: "kind of audit",
    By.PROVENANCE: "who says so",
    By.RESUBMIT: "readiness to resubmit",
    By.CATEGORY: "category",
    By.STAGE: "stage",
    By.OWNER: "owner",
    By.AGE: "how long held",
    By.LANE: "whose move it is",
    By.HOUR: "hour",
    By.DAY: "day",
    By.WEEK: "week",
    By.MONTH: "month",
}
