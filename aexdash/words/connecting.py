"""The words of connecting a store: business models as a seller knows them, and what can go wrong at the sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from aexdash.model import BusinessModel
from aexdash.words.common import capital

MODEL_WORDS: Mapping[BusinessModel, tuple[str, str]] = {
    "overseas": ("Seller outside China", "My company is registered outside China, and I set prices and ship myself."),
    "pop": ("Seller in China", "My company is registered in China, and I set prices; half-managed stores too."),
    "choice": ("Fully managed (Choice)", "I supply goods to AliExpress, which sets the prices and sells them."),
    "overseas_managed": ("Overseas-managed", "AliExpress sells what I keep in warehouses abroad."),
}
"""What a seller knows of each business model: its name in Seller Center, and how to tell it."""

NOT_SURE: Final = "I am not sure"
NOT_SURE_WORDS: Final = "AliExpress is asked after the sign-in, and you decide then."


class Trouble(StrEnum):
    """What can go wrong at a sign-in, by what a person has to do about it."""

    SECRET = "secret"  # noqa: S105 - a word for trouble with one
    APP_KEY = "app_key"
    CODE = "code"
    NOT_ALLOWED = "not_allowed"
    OTHER_SELLER = "other_seller"
    TWO_STORES = "two_stores"
    PERMISSION = "permission"
    ADDRESS = "address"
    BAN = "ban"
    CLOCK = "clock"
    NETWORK = "network"
    GATEWAY = "gateway"
    HOME = "home"
    NOT_OURS = "not_ours"
    OTHER_BROWSER = "other_browser"
    TOO_LATE = "too_late"
    USED = "used"
    OTHER = "other"


SENTENCES: Mapping[Trouble, str] = {
    Trouble.NOT_ALLOWED: "AliExpress sent you back without a code: the access was not allowed.",
    Trouble.TWO_STORES: "This is seller {seller}, who is store {store} here already.",
    Trouble.NOT_OURS: "This sign-in is not known here: it is over, or aexdash was started anew meanwhile.",
    Trouble.OTHER_BROWSER: "This sign-in was begun in another browser, or under another address of these pages.",
    Trouble.TOO_LATE: "This sign-in took longer than half an hour, and its code is not taken any more.",
    Trouble.USED: "This sign-in has come back before; each one counts once.",
}
"""What happened, where no call says so itself."""

ADVICE: Mapping[Trouble, str] = {
    Trouble.SECRET: "Copy the App Secret from the app console again, without spaces around it.",
    Trouble.APP_KEY: "Copy the App Key from the app console again; it belongs to the same app as the secret.",
    Trouble.CODE: "A code is good once and only for a short time: sign in again.",
    Trouble.NOT_ALLOWED: "Sign in again, and allow the access with the seller's main account.",
    Trouble.OTHER_SELLER: "Sign out of AliExpress in this browser and sign in with the account of this store, or "
    "connect the other account as a store of its own.",
    Trouble.TWO_STORES: "Sign in with another seller account; the one there is needs no second store.",
    Trouble.PERMISSION: "Ask for this permission in the app console, then sign in again.",
    Trouble.ADDRESS: "Put this machine's address on the app's list (IP white list) in the app console, then sign in "
    "again.",
    Trouble.BAN: "Wait until then, and sign in again: each call before makes it longer.",
    Trouble.CLOCK: "Set the clock of this machine, then sign in again; AliExpress allows it to be two hours off.",
    Trouble.NETWORK: "Look whether this machine reaches the internet, then sign in again.",
    Trouble.GATEWAY: "Correct the gateway: without another one from AliExpress it is https://api-sg.aliexpress.com.",
    Trouble.HOME: "Mend that, then sign in again.",
    Trouble.NOT_OURS: "Begin a new sign-in on the page Connect.",
    Trouble.OTHER_BROWSER: "Begin a new sign-in in this browser, and end it there too.",
    Trouble.TOO_LATE: "Begin a new sign-in.",
    Trouble.USED: "If no store came of it, begin a new sign-in.",
}
"""What to do, in words for somebody at a page; where there is none, the error's own advice stands."""


REMOVED: Final = (
    "Store {store} was removed from aexdash.toml meanwhile, and nothing was kept of this sign-in: connect it anew."
)
NO_APP_KEY: Final = "The App Key is a number, such as 123456: copy it from the app console."
CHECK_GATEWAY: Final = (
    "check the gateway you entered and the network of this machine. Without another one from AliExpress it is "
    "https://api-sg.aliexpress.com."
)


def business_words(named: tuple[BusinessModel, ...] | None, answering: tuple[BusinessModel, ...], doubt: str) -> str:
    """Say what AliExpress told of an account's business, as a ground for the model that is proposed."""
    names = {model: words[0] for model, words in MODEL_WORDS.items()}
    relation = "AliExpress names no business for this account."
    if named is None:
        relation = "AliExpress does not let this app ask for the account's business."
    elif named:
        relation = f"AliExpress names the account's business: {_either([names[model] for model in named])}."
    if answering:
        return f"{relation} Its listings can be read as {_either([names[model] for model in answering])}."
    if doubt:
        return f"{relation} Whether its listings can be read is not known: {doubt}"
    return (
        f"{relation} None of the four ways to read listings is open to it: sign in with the seller's main account, or "
        "ask for the permission to read products in the app console."
    )


def refused_model_words(model: BusinessModel, answering: tuple[BusinessModel, ...]) -> str:
    """Say that AliExpress refused the model that somebody chose."""
    others = [MODEL_WORDS[one][0] for one in answering]
    instead = f"choose {_either(others)}, or " if others else ""
    return (
        f"This account has no business {MODEL_WORDS[model][0]}: AliExpress refused to list its listings that way. "
        f"{capital(instead)}{'s' if instead else 'S'}ign in with the account that has it."
    )


def _either(names: list[str]) -> str:
    return " or ".join(names)
