"""What can be asked, and how the questions of the tests come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from aexdash.ask import vocabulary
from aexdash.ask.question import DONE_NAMES, LAST, OPEN, OPENED, WHERE, By, Compare, Move
from aexdash.cards import CARDS
from aexdash.snapshot.compared.listings import What
from aexdash.view import ORDERS
from tests.ask import asked, blind
from tests.docs.writing import table


def questions_asked() -> str:
    """Count how our own questions came out, by language, those that were tuned on apart from those held out."""
    workspace = asked.names()
    lexicon = vocabulary.build(workspace)
    every = list(asked.questions())
    return outcomes(
        {
            "tuned on": asked.tally([one for one in every if not one.held_out], workspace, lexicon),
            "held out": asked.tally([one for one in every if one.held_out], workspace, lexicon),
        }
    )


def questions_blind() -> str:
    """Tell how the blind questions came out when they were asked first, and how they do since they were looked at."""
    workspace = asked.names()
    since = blind.tally("blind", workspace, vocabulary.build(workspace))
    return outcomes({"asked blind, once": blind.FIRST["blind"], "the same, since mended": since})


def questions_fresh() -> str:
    """Tell how each file of questions came out when it was asked first, and how it does since, in the order asked."""
    workspace = asked.names()
    lexicon = vocabulary.build(workspace)
    rows = []
    for name, first in blind.FIRST.items():
        for when, counts in (("at first", first), ("since mended", blind.tally(name, workspace, lexicon))):
            total = sum(counts.values(), Counter())
            told = [str(total[outcome]) for outcome in asked.OUTCOMES]
            rows.append((f"`{name}.txt`", when, str(sum(total.values())), *told))
    return table(("Questions", "Asked", "How many", *asked.OUTCOMES), rows)


def outcomes(kinds: Mapping[str, Mapping[str, Counter[str]]]) -> str:
    """A table of outcomes by kind of questions and by language, each kind with its sum."""
    rows = []
    for kind, counts in kinds.items():
        for language, count in {**counts, "": sum(counts.values(), Counter())}.items():
            told = [str(count[outcome]) for outcome in asked.OUTCOMES]
            rows.append((asked.LANGUAGES.get(language, "**all**"), kind, str(sum(count.values())), *told))
    return table(("Language", "Questions", "Asked", *asked.OUTCOMES), rows)


def words_of_questions() -> str:
    """Name what can be asked for: cards, moves, and what a number can be divided by."""
    rows = [
        ("`card:`", ", ".join(f"{card.title} (`{key}`)" for key, card in CARDS.items())),
        ("`moves:`", ", ".join(f"`{move}`" for move in Move)),
        ("`causes:`", ", ".join(f"`{what}`" for what in What)),
        ("`done:`", ", ".join(f"`{name}`" for name in DONE_NAMES)),
        ("`alerts:`", f"`{OPEN}`, `{OPENED}`"),
        ("`readings:`", f"`{LAST}`"),
        ("`by:`", ", ".join(f"`{by}`" for by in By) + "; or two of them, as `store,day`"),
        ("`compare:`", ", ".join(f"`{one}`" for one in Compare if one not in ("none", "period")) + ", or a period"),
        ("`order:`", ", ".join(f"`{order}`" for order in ORDERS)),
        ("which listings", ", ".join(f"`{name}:`" for name in WHERE)),
        ("`stores:`", "`all`, also where one store or profile is looked at"),
        ("`part:`", "those of these words that choose a part, of which the share is told: `reason`, `status`, …"),
    ]
    return table(("Word", "Values"), rows)
