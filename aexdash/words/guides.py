"""How each page is read: what it answers, how to act on it, what it cannot know. The docs are written from this too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """How one page is read, in Markdown sentences: `answers` one, `acting` and `unknown` several."""

    answers: str
    acting: tuple[str, ...]
    unknown: tuple[str, ...]


GUIDES: Mapping[str, Guide] = {
    "overview": Guide(
        "Is anything held, why, since when, and is that current? Held is what AliExpress rejected or still audits: it "
        "earns nothing until somebody acts. The healthy number is 0.",
        (
            (
                "Begin with what the line under the number says can be acted on: rejected, or stuck in audit. What is "
                "only in audit waits for AliExpress."
            ),
            (
                "Click a reason to see its listings on the worklist. The number behind *alone holds* says how many are "
                "free once this one reason is fixed."
            ),
            "Point at the help sign of a card for its formula, its window, where it comes from and how late it may be.",
        ),
        (
            (
                "A zero is shown only where every held list was read completely. A dash, *not read* or a pale bar is "
                "no zero: nobody knows."
            ),
            "A listing can have several reasons, so the reasons can add up to more than the number.",
            "How old AliExpress's own answers are. What changed between two readings and changed back is not seen.",
        ),
    ),
    "ask": Guide(
        "A question in plain words, in English, Chinese, Russian or Spanish: the number is that of the tile, of the "
        "worklist or of the books, and beside it stands who read it, when, and of how much it is.",
        (
            (
                "Press / on the overview, or write into the box: *how many were rejected last week*, *rejected by "
                "reason*, *why did it jump on 9 March*."
            ),
            "Go on from an answer: *and last month?*, *by category*, *only rejected*. What changed is said.",
            "Read *read as* below the answer. What has two readings is asked about; choose one.",
        ),
        (
            "What will be, what would have been, and whatever AliExpress does not tell: sales, buyers, competitors.",
            "A word that is not understood is never left out in silence: the question is refused, and the word named.",
            "It changes nothing. *Goes with* is counted, never why.",
        ),
    ),
    "worklist": Guide(
        "Which listings are held, one row each, whose move is next, and what is to be done about each.",
        (
            (
                "The lanes say whose move it is: *to do* is yours, *waiting* is AliExpress's, *snoozed* comes back by "
                "itself on its day."
            ),
            (
                "Narrow the list with the chips. The address keeps what you chose, and the CSV holds the same "
                "listings: send either to a colleague."
            ),
            (
                "Tick listings, then take them, fix them in Seller Center and mark them fixed. Everything can be "
                "undone; what a colleague changed meanwhile is shown before anything is overwritten."
            ),
            "Press ? for the keys.",
        ),
        (
            (
                "For most stores AliExpress tells that a listing is held and not why. *Unknown* means that nobody said "
                "so: look in Seller Center, and paste its text on the Reasons page."
            ),
            "*Likely* is what we measured ourselves. It is no word of AliExpress.",
            (
                "A listing leaves the list only when AliExpress said where it went. *Fixed* is your word, and waits "
                "for theirs."
            ),
        ),
    ),
    "reasons": Guide(
        "What do the texts of Seller Center say of our listings, which of them were not understood, and what does "
        "each reason mean?",
        (
            (
                "Drop the file that you exported or copied from Seller Center. You see what was recognised before "
                "anything is kept."
            ),
            "Tick a text that was not recognised: the page shows the lines that teach it to aexdash.",
            "Open a reason for what AliExpress asks, what to do, and how a listing comes back.",
        ),
        (
            (
                "A text belongs to the listing as it was when you brought it. Whether it still holds, AliExpress alone "
                "knows."
            ),
            "A text that fits no reason stays as it is. Nothing is guessed from it.",
        ),
    ),
    "feed": Guide(
        "What did the validation of the feed refuse before AliExpress saw it, and which listings are meant?",
        (
            "Open a group of refused rows, correct the source of the feed, and let it run again.",
            "Drop a file here, or put it into the feed folder: each file is read once.",
        ),
        (
            "A row whose SKU no listing has, or several have, belongs to no listing.",
            "Without the rows that were accepted, the share that was refused is not known.",
            "A file that cannot be read is named with its reason, and counts for nothing.",
        ),
    ),
    "history": Guide(
        "How did the number of held listings come about: when did it rise, what entered and left, how long do "
        "listings stay held?",
        (
            (
                "The bar of the time machine shows any moment: pick a date, or step to the reading before the last "
                "change and to the next change. The links above it then show the other pages of that moment."
            ),
            "Click a bar of the books for the listings behind it, each as it was.",
            "*Link to this moment* has an address that stays with the moment. Without it an address means now.",
        ),
        (
            "A gap was not read. It is no zero, and what came and went in it is not counted.",
            "What was held when a store was first read entered before, nobody knows when: it is counted apart.",
            "The day that is not over is pale and may still change.",
        ),
    ),
    "sensitivity": Guide(
        "When is a number good, when does it need attention, and who is told?",
        (
            "Change the limits of a card and look at what they would have said of the past before you save them.",
            "A rule tells people: try it on the past, mute it for a while, and pick the channels that it uses.",
            "Acknowledge an alert to say that you have seen it. It closes by itself when a reading shows it is over.",
        ),
        (
            (
                "A trial on the past is as good as the readings were: where nothing was read, a rule would have been "
                "silent."
            ),
            "A message that a channel took is not yet one that somebody read.",
        ),
    ),
    "reconcile": Guide(
        "Does Seller Center list the same as we do, and what has left sale? A list, copied ids or a number from there "
        "is compared with what we had at its moment, and each difference gets the first reason that holds.",
        (
            (
                "In Seller Center, open the tab you mean, clear its filters, and export it or copy its ids. Note the "
                "time."
            ),
            (
                "Bring it here with its time and its tab. A number alone can be typed in too: then the reason is only "
                "a possible one."
            ),
            (
                "Begin with what is unexplained. *Newer than our reading* without a later reading is compared again "
                "after the next one, with a click."
            ),
        ),
        (
            (
                "A moment that nobody read is not known, and never agrees. What is on sale or offline is read less "
                "often: its last reading speaks for a day."
            ),
            "How late Seller Center itself is. A list that is older than its time looks as if listings had moved.",
            "Which filter was set there. It is concluded where a whole category, status or store is missing.",
        ),
    ),
    "health": Guide(
        "Is what I see true: what is not known, when was each store read, and did each reading succeed?",
        (
            "Read *What is not known* first. Each line is something that no other page can tell you.",
            "Where a reading fails, the sentence says what to do; `aexdash doctor` looks deeper.",
            "*Sync now* asks for a reading at once.",
        ),
        (
            "A green line says that our readings agree with themselves. AliExpress may still answer late.",
            (
                "Its own count in audit may lag behind its lists. If the two stay apart, every status is read again by "
                "`aexdash sync --sweep`."
            ),
        ),
    ),
    "settings": Guide(
        "Which stores are read, who is told over which channel, which feeds are watched, and in which time zone does "
        "a day begin?",
        (
            "Change a field and save: the change is checked first, and in force without a restart.",
            "*Send a test* shows whether a channel arrives before an alert needs it.",
        ),
        ("A secret is never shown again. Whether it is right, only a reading or a test tells.",),
    ),
    "connect": Guide(
        "How does a store of mine get in here?",
        (
            (
                "Have the app key and the app secret of the AliExpress app console at hand, and register the address "
                "shown there. Then sign in at AliExpress, and confirm that the seller is yours."
            ),
            "The first reading takes minutes; the page follows it.",
        ),
        ("What was held before the first reading entered at a moment that nobody knows.",),
    ),
}
"""The guide of each page, by its name in the address."""

ACTING, UNKNOWN = "How to act", "What it cannot know"
"""The headings of the second and third part of a guide."""


def markdown(guide: Guide) -> str:
    """Write a guide in Markdown, without a title."""
    acting, unknown = ("\n".join(f"- {line}" for line in lines) for lines in (guide.acting, guide.unknown))
    return "\n\n".join((guide.answers, f"**{ACTING}**\n\n{acting}", f"**{UNKNOWN}**\n\n{unknown}"))
