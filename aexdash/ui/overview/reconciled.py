"""Beside the hero: what the last comparison of what is held with Seller Center came to, or the way to one."""

from __future__ import annotations

from aexdash.reconcile.kept import Kept, Reconciliations
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import capital, plain
from aexdash.words.reconcile import hero_words, kept_words, speaks_for

NONE_YET = "compare with Seller Center ›"


def draw(visit: Visit) -> None:
    """Draw the link: plain while the comparison speaks for the moment of the page, pale for a day after its list."""
    last = _last(visit)
    if last is None:
        nav.link("reconcile", f":gray[{NONE_YET}]", visit.kept())
        return
    words = f"{plain(hero_words(last, visit.moment, visit.zone))} ›"
    shown = words if speaks_for(last, visit.moment) else f":gray[{words}]"
    told = capital(kept_words(last, visit.zone, visit.titles))
    nav.link("reconcile", shown, {**visit.kept(), "report": str(last.number)}, told=f"{told}.")


def _last(visit: Visit) -> Kept | None:
    """Return the newest comparison of these stores; where they are all that are watched, however that was asked."""
    kept = Reconciliations(visit.settings.desk_path)
    shown = tuple(store.key for store in visit.looked_at)
    watched = {store.key for store in visit.stores if store.watched}
    scopes = {visit.view.store_keys, *((None, shown) if set(shown) == watched else ())}
    try:
        found = [one for scope in scopes if (one := kept.beside_hero(scope, visit.moment, shown))]
    except StorageError:
        return None  # the guard and the page Reconcile say what is wrong with the desk
    return max(found, key=lambda one: (one.at, one.number), default=None)
