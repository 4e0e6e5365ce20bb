"""`aexdash alerts`: rules and open episodes on the command line; try a rule, mute it, acknowledge, test a channel."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aexdash.cli.actions import settings_of
from aexdash.cli.options import MOST_NUMBER, coming, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.storage.errors import StorageMissing
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.alerts.backtest import Backtest
    from aexdash.alerts.model import Episode, Rule
    from aexdash.alerts.rules.rule_store import RuleStore
    from aexdash.config.sections.channels import Channel
    from aexdash.snapshot.query import Snapshot

UNTIL = "2h, 3d, a moment like 2026-03-10T08:00Z, or now to end the mute"


@click.group()
def alerts() -> None:
    """Rules, open alerts and channels: look at them, try them, mute and acknowledge."""


@alerts.command(name="list")
@home_option
@json_option
def list_rules(home: Path, json_wanted: bool) -> None:
    """Show the rules, each as a plain sentence."""
    from aexdash.alerts.rules.rule_store import RuleStore  # noqa: PLC0415 - --help needs none of it

    desk = settings_of(home).desk_path
    rules = RuleStore(desk).rules()
    now = system_clock()
    if json_wanted:
        click.echo(as_json({"rules": [_rule_facts(rule) for rule in rules]}))
        return
    for rule in rules:
        click.echo(_rule_line(rule, desk, now))


@alerts.command(name="open")
@home_option
@click.option("--store", metavar="KEY", help="One store, by its key.")
@json_option
def open_episodes(home: Path, store: str | None, json_wanted: bool) -> None:
    """Show the open alerts, the most severe first.

    Each with what it says now, and what it said when it opened; of an archived store where --store names it.
    """
    from aexdash.alerts.episodes.episodes import Episodes  # noqa: PLC0415
    from aexdash.desk.file import lost  # noqa: PLC0415
    from aexdash.snapshot.query import Snapshot  # noqa: PLC0415

    settings = settings_of(home)
    if problem := lost(settings.desk_path):
        raise StorageMissing(problem)
    if store is not None:
        settings.store(store)
    snapshot, now = Snapshot(settings.snapshot_path, settings.desk_path), system_clock()
    found = Episodes(settings.desk_path).open([store] if store else None, _archived(snapshot))
    if not found:
        snapshot.version()  # without a snapshot nobody can say that nothing is open
    told = [_told(settings, snapshot, episode, now) for episode in found]
    if json_wanted:
        facts = [_episode_facts(episode) | one for episode, one in zip(found, told, strict=True)]
        click.echo(as_json({"open": facts, "claim": _claim(snapshot, store)}))
        return
    for episode, one in zip(found, told, strict=True):
        click.echo(_episode_line(episode, one["said"], now))
    doubt = _claim(snapshot, store)
    click.echo(f"{len(found):,} open{f', as far as is known: {doubt}' if doubt else ''}.", err=True)


@alerts.command(name="test")
@home_option
@click.argument("channel", required=False)
def test_channels(home: Path, channel: str | None) -> None:
    """Send a test over CHANNEL, or over every channel."""
    settings = settings_of(home)
    wanted = _channels(settings, channel)
    failed = [one.name for one in wanted if not _test(settings, one)]
    sys.exit(1 if failed else 0)


@alerts.command()
@home_option
@click.argument("rule")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="How far back.")
@click.option("--store", metavar="KEY", help="One store of several.")
@json_option
def backtest(home: Path, *, rule: str, days: int, store: str | None, json_wanted: bool) -> None:
    """Say when RULE would have fired in the past, computed by the code that runs live."""
    from aexdash.alerts.backtest import backtest as tried  # noqa: PLC0415
    from aexdash.alerts.rules.rule_store import RuleStore  # noqa: PLC0415
    from aexdash.snapshot.query import Snapshot  # noqa: PLC0415

    settings, now = settings_of(home), system_clock()
    known = _rule(RuleStore(settings.desk_path), rule)
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, zone=settings.tzinfo)
    for key in _stores_to_try(settings, snapshot, known, store):
        facts = snapshot.alert_facts(key, settings.taxonomy().appeal_days)
        found = tried(known, facts, now - timedelta(days=days), now)
        said = f"{found.sentence(days)} {found.judged_words()}".rstrip()
        click.echo(as_json(_tried_facts(key, known, found) | {"sentence": said}) if json_wanted else f"{key}: {said}")


@alerts.command()
@home_option
@click.argument("rule")
@click.option("--until", required=True, help=f"Until when nobody is told: {UNTIL}.")
def mute(home: Path, rule: str, until: str) -> None:
    """Tell nobody of RULE for some time; its alerts still open and close."""
    from aexdash.alerts.rules.rule_store import RuleStore  # noqa: PLC0415
    from aexdash.cli.annotate import BY  # noqa: PLC0415

    book, now = RuleStore(settings_of(home).desk_path), system_clock()
    known, end = _rule(book, rule), moment_of(until, now)
    book.mute(known.key, end, by=BY, now=now)
    told = f"is muted until {end:%Y-%m-%d %H:%M} UTC" if end else "is not muted any more"
    click.echo(f"{plain(known.title)} {told}.")


@alerts.command()
@home_option
@click.argument("number", metavar="NUMBER", type=click.IntRange(1, MOST_NUMBER))
def ack(home: Path, number: int) -> None:
    """Acknowledge an open alert, by the NUMBER that `aexdash alerts open` shows."""
    from aexdash.alerts.episodes.episodes import Episodes  # noqa: PLC0415
    from aexdash.cli.annotate import BY  # noqa: PLC0415

    desk = Episodes(settings_of(home).desk_path)
    found = next((one for one in desk.open() if one.id == number), None)
    if found is None:
        raise click.UsageError(f"No open alert has the number {number}; aexdash alerts open lists them.")
    desk.acknowledge(number, by=BY, now=system_clock())
    click.echo(f"{plain(found.title)} of {found.store}: acknowledged.")


def moment_of(until: str, now: datetime) -> datetime | None:
    """Read until when a mute lasts; None ends it.

    Raises:
        UsageError: it is not written as it must be, lies in the past, or too far away.
    """
    if until == "now":
        return None
    return coming(until, now, what="a mute", write=UNTIL)


def _rule(book: RuleStore, key: str) -> Rule:
    rules = {rule.key: rule for rule in book.rules()}
    if key not in rules:  # pages show no keys, but titles
        named = [rule for rule in rules.values() if rule.title.casefold() == key.strip().casefold()]
        if len(named) == 1:
            return named[0]
        raise click.UsageError(f"There is no rule {key!r}; there are {', '.join(rules)}.")
    return rules[key]


def _stores_to_try(settings: Settings, snapshot: Snapshot, rule: Rule, asked: str | None) -> list[str]:
    """Name the stores to try a rule on: the one that is asked for, else all that it watches and that were read."""
    from aexdash.desk.profiles import Profiles  # noqa: PLC0415

    read = [store.key for store in snapshot.stores() if store.key in settings.stores]
    if asked is not None:
        settings.store(asked)
        if asked not in read:
            raise click.UsageError(f"Store {asked} was never read; there is no past to try a rule on.")
        return [asked]
    profiles = {one.name: one.stores for one in Profiles(settings.desk_path).all()}
    watched = profiles.get(rule.profile, ()) if rule.profile else read
    found = [key for key in read if key in watched and settings.stores[key].watched]
    if not found:
        raise click.UsageError(f"Rule {rule.key} watches no store that was ever read; name one with --store.")
    return found


def _tried_facts(store: str, rule: Rule, found: Backtest) -> dict[str, Any]:
    return {
        "store": store,
        "rule": rule.key,
        "from": found.start,
        "to": found.end,
        "times": found.times,
        "hours": round(found.firing / timedelta(hours=1), 2),
        "judged_hours": round(found.judged / timedelta(hours=1), 2),
        "episodes": [
            {
                "opened_at": one.opened_at,
                "closed_at": one.closed_at,
                "severity": one.severity.value,
                "because": one.because,
            }
            for one in found.episodes
        ],
    }


def _channels(settings: Settings, name: str | None) -> Sequence[Channel]:
    if name is None and settings.channels:
        return tuple(settings.channels.values())
    if name not in settings.channels:
        known = ", ".join(settings.channels) or f"none: add a [channel.team] to {settings.config_path}"
        raise click.UsageError(f"There is no channel {name!r}; there is {known}." if name else f"There is {known}.")
    return (settings.channels[name],)


def _test(settings: Settings, channel: Channel) -> bool:
    from aexdash.notify.sending import Sender  # noqa: PLC0415

    error = Sender(settings, log=lambda _: None).test(channel, system_clock())
    click.echo(f"{channel.name}: {error or 'it took the test.'}", err=bool(error))
    return not error


def _rule_line(rule: Rule, desk: Path, now: datetime) -> str:
    from aexdash.alerts.rules.sentences import beside_band, sentence  # noqa: PLC0415
    from aexdash.desk.bands import Sensitivity  # noqa: PLC0415

    band = beside_band(rule, lambda card: Sensitivity(desk).band_for(rule.profile, card))
    state = rule.severity.value if rule.enabled else "off"
    muted = rule.muted_until if rule.muted_until and rule.muted_until > now else None
    told = f" Muted until {muted:%Y-%m-%d %H:%M} UTC." if muted else ""
    return plain(f"{rule.key:<20} {state:<9} {rule.title}: {sentence(rule)}{told} {band}".rstrip())


def _rule_facts(rule: Rule) -> dict[str, Any]:
    from aexdash.alerts.rules.sentences import sentence  # noqa: PLC0415

    return rule.model_dump(mode="json") | {"sentence": sentence(rule)}


def _told(settings: Settings, snapshot: Snapshot, episode: Episode, now: datetime) -> dict[str, Any]:
    """Say what an open alert says now and said when it opened; only the latter where there is no snapshot."""
    from aexdash.alerts.episodes.episodes import Episodes  # noqa: PLC0415
    from aexdash.alerts.episodes.present import now_and_then, present  # noqa: PLC0415
    from aexdash.words import statements  # noqa: PLC0415

    events = Episodes(settings.desk_path).events(episode.id)
    if not events:
        return {"said": "", "as_read": None}
    appeals, found = settings.taxonomy().appeal_days, None
    with suppress(StorageMissing):
        found = present(snapshot, events[-1].rule.model_dump_json(), episode.store, now, appeals)
    said = now_and_then(events[0], found)
    if found is None:
        return {"said": said, "as_read": None}
    facts = {"value": found.reading.value, "level": found.reading.level}
    return {"said": said, "as_read": facts | statements.facts(found.reach)}


def _archived(snapshot: Snapshot) -> frozenset[str]:
    with suppress(StorageMissing):
        return snapshot.archived()
    return frozenset()


def _claim(snapshot: Snapshot, store: str | None) -> str:
    """Say which stores the open alerts do not speak for; empty where all were read."""
    from aexdash.words.statements import NOT_READ_YET, claim_words  # noqa: PLC0415

    with suppress(StorageMissing):
        return claim_words(snapshot.hero(View(store=store)).reach)
    return NOT_READ_YET


def _episode_line(episode: Episode, told: str, now: datetime) -> str:
    from aexdash.words.common import span  # noqa: PLC0415

    about: Iterable[str] = (
        told,
        f"owner {episode.owner}" if episode.owner else "",
        f"acknowledged by {episode.acknowledged_by}" if episode.acknowledged_at else "",
    )
    said = "; ".join(part for part in about if part)
    begin = f"{episode.id:>6} {episode.severity.value:<9} {span(now - episode.since):>7}"
    return plain(f"{begin}  {episode.store}: {episode.title}  {said}").rstrip()


def _episode_facts(episode: Episode) -> dict[str, Any]:
    return {
        "id": episode.id,
        "trace": episode.trace,
        "rule": episode.rule_key,
        "title": episode.title,
        "store": episode.store,
        "severity": episode.severity.value,
        "since": episode.since,
        "opened_at": episode.opened_at,
        "found_at": episode.at,
        "level": episode.reading.level,
        "value": episode.reading.value,
        "baseline": episode.reading.baseline,
        "because": episode.reading.because,
        "listings": [str(number) for number in episode.reading.listings],
        "acknowledged_by": episode.acknowledged_by,
        "owner": episode.owner,
        "note": episode.note,
    }
