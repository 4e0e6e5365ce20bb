"""From a reading of the store to whoever is told: the worker's alerts over a real endpoint, killed and begun again."""

from __future__ import annotations

from functools import partial

import pytest

from aexdash.alerts.loop import Alerting
from aexdash.notify import webhook
from aexdash.notify.sending import Sender
from tests.alerts.watched import ACTIVE, REJECTED, Watched
from tests.notify.alerts import ANYTHING_HELD, BRAND, SMALL
from tests.notify.post import endpoint

CHANNEL = '[channel.hook]\nkind = "webhook"\n'


class Worker:
    """The worker's side of alerts over what a store's runs recorded."""

    def __init__(self, home, receiver) -> None:
        (home / "secrets.toml").write_text(f'[channel.hook]\nurl = "{receiver.url}"\nkey = "k"\n')
        (home / "secrets.toml").chmod(0o600)
        self.stores = Watched(home, more=CHANNEL)
        self.stores.only(ANYTHING_HELD)
        self.stores.ask = list  # the worker asks here, not the helper
        self.begin()

    def begin(self) -> None:
        settings, clock = self.stores.settings, lambda: self.stores.store.now
        send = partial(webhook.post, timeout=0.3)
        self.sender = Sender(settings, clock=clock, log=lambda _: None, send=send)
        self.alerting = Alerting(settings, self.sender, clock=clock, log=lambda _: None)

    def live(self, moved=None, codes=None, **later) -> None:
        self.stores.read(moved, codes=codes, **later)
        self.alerting.step()
        assert self.sender.wait()


@pytest.fixture
def stage(tmp_path):
    with endpoint() as receiver:
        worker = Worker(tmp_path, receiver)
        yield worker, receiver
        worker.stores.close()


@pytest.mark.slow
def test_one_message_when_it_opens_none_while_it_lasts_and_one_when_it_is_over(stage):
    worker, receiver = stage
    listings = range(1, 8)
    worker.live(dict.fromkeys(listings, ACTIVE))
    worker.live(dict.fromkeys((1, 2, 3, 4, 5), REJECTED), {1: SMALL, 2: SMALL, 3: SMALL, 4: SMALL, 5: BRAND}, minutes=1)
    for _ in range(20):
        worker.live(minutes=1)
    worker.begin()
    worker.live(minutes=1)
    worker.live(dict.fromkeys(listings, ACTIVE), minutes=1)
    worker.live(minutes=1)
    opened, over = (request.facts for request in receiver.received)
    assert (opened["kind"], opened["value"], over["kind"], over["value"]) == ("opened", 5, "closed", 0)
    assert [(one["code"], one["listings"], one["delta"]) for one in opened["reasons"]] == [(SMALL, 4, 4), (BRAND, 1, 1)]
    assert {one["title"] for one in opened["listings"]} == {f"Listing {number}" for number in (1, 2, 3, 4, 5)}
    assert opened["trace"] == over["trace"]
    assert opened["store"] == {"key": "main", "title": "Main store"}
    assert opened["data_age_seconds"] == 0


@pytest.mark.slow
def test_a_process_that_ends_after_the_endpoint_took_it_sends_it_again_under_the_same_id(stage):
    worker, receiver = stage
    worker.live({1: ACTIVE})
    receiver.faults.append("dropped")
    worker.live({1: REJECTED}, minutes=1)
    for _ in range(11):
        worker.live(minutes=1)
    worker.begin()
    for _ in range(3):
        worker.live(minutes=1)
    first, copy = receiver.received
    assert first.headers["idempotency-key"] == copy.headers["idempotency-key"]
    assert (first.facts["again"], copy.facts["again"]) == (False, True)
