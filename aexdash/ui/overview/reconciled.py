"""Beside the hero: what the last comparison of what is held with Seller Center came to, or the way to one."""

from __future__ import annotations

from aexdash.reconcile.kept import Kept, Reconciliations
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import Hero
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import capital, plain
from aexdash.words.reconcile.comparison import hero_words, kept_words, speaks_for

NONE_YET = "compare with Seller Center ›"


def draw(visit: Visit, hero: Hero) -> None:
    """Draw the link: plain while the comparison speaks for the counts beside it, pale for a day after its list."""
    last = _last(visit)
    if last is None:
        nav.link("reconcile", f":gray[{NONE_YET}]", visit.kept())
        return
    present = speaks_for(last, visit.moment) and _counts(_then(visit, last)) == _counts(hero)
    words = f"{plain(hero_words(last, visit.moment, visit.zone, present=present))} ›"
    shown = words if present else f":gray[{words}]"
    told = capital(kept_words(last, visit.zone, visit.titles))
    nav.link("reconcile", shown, {**visit.kept(), "report": str(last.number)}, told=f"{told}.")


def _then(visit: Visit, last: Kept) -> Hero:
    """Count what was held at the moment of their list, as is known by now."""
    return visit.ask(Snapshot.hero, visit.view.unfiltered().replace(as_of=last.at), with_stuck=False)


def _counts(hero: Hero) -> tuple[int | None, int | None]:
    return hero.rejected, hero.auditing


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
