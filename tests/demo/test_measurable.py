"""Whether our own checks, through the real client, see why the simulated review refuses a listing, and nothing else."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from aexdash.aliexpress.listings import Seller, connect, sign_in
from aexdash.aliexpress.protocol.account import Account
from aexdash.checks import check_listing
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.flaws import Flaw
from aexdash.demo.world.listing import Cause
from aexdash.demo.world.moments import CHURN_FROM, MARCH_JUMP
from aexdash.demo.world.world import World
from aexdash.model import Status
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, PictureFacts
from tests.demo.conftest import APP_KEY, ORIGIN, SECRET, Clock
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS

SPIKE = datetime(2026, 4, 6, 8, tzinfo=UTC)


@dataclass
class Known:
    """Everything that can be known of one listing."""

    title: str
    image_urls: tuple[str, ...]
    detail: Detail
    category: CategoryRules
    pictures: dict[str, PictureFacts]
    words: tuple[ObjectionableWord, ...] | None
    model: str = "overseas"
    currency: str | None = "USD"
    same_title: tuple[int, ...] = ()
    same_picture: tuple[int, ...] = field(default=())


class Looker:
    """Reads listings of the default store through the client and has them checked."""

    def __init__(self, seller: Seller, clock: Clock) -> None:
        self._seller, self.clock = seller, clock
        self._rules = cache(seller.attribute_rules)

    def findings(self, product_id: int) -> set[str]:
        detail = self._seller.detail(product_id)
        assert detail.category_id
        assert detail.observation
        title = detail.observation.title
        known = Known(
            title,
            detail.image_urls,
            detail,
            self._rules(detail.category_id),
            {url: self._measured(url) for url in detail.image_urls},
            self._seller.words(detail.category_id, title),
        )
        return {reason.code for reason in check_listing(known)}

    def _measured(self, url: str) -> PictureFacts:
        head, size = self._seller.fetch_picture_head(url, 16_384)
        image = Image.open(io.BytesIO(head))
        return PictureFacts(url, "measured", *image.size, image.format, size)


@pytest.fixture
def looker(world: World, tmp_path: Path) -> Iterator[Looker]:
    clock = Clock(MARCH_JUMP)
    store = SimulatedStore(APP_KEY, SECRET, world, token_seconds=10**8, refresh_seconds=10**8)
    platform = SimulatedAliExpress({APP_KEY: store}, clock)
    account = Account(
        "main",
        "overseas",
        ORIGIN,
        APP_KEY,
        SECRET,
        tmp_path / "tokens.json",
        calls_per_second=None,
        calls_per_hour=None,
    )
    sign_in(account, platform.issue_code(APP_KEY), clock=clock, respond=platform.respond)
    seller = connect(account, clock=clock, respond=platform.respond)
    yield Looker(seller, clock)
    seller.close()


SEEN_AS: dict[str, set[str]] = {
    Cause.PICTURE_SMALL: {"image.main_too_small"},
    Cause.PICTURE_RATIO: {"image.ratio"},
    Cause.ATTRIBUTE_MISSING: {"attribute.brand_missing", "attribute.required_missing"},
    Cause.PROHIBITED_WORD: {"prohibited.banned_word"},
    Cause.BRAND_WORD: {"ip.brand_word", "ip.infringing_word"},
    Cause.RESTRICTED_GOODS: {"prohibited.restricted_word"},
    Cause.TITLE_ABUSE: {"title.repeated_words"},
    Cause.PRICE: {"price.out_of_range"},
    Cause.QUALIFICATION: {"qualification.eu_person_missing", "qualification.certificate_missing"},
    Cause.UNEXPLAINED: set(),
}
"""By which code a cause is found, one of those named; a wrong category is seen by whatever it asks for besides."""

FLAW_SEEN_AS: dict[Flaw, str] = {
    Flaw.PICTURE_SMALL: "image.main_too_small",
    Flaw.PICTURE_RATIO: "image.ratio",
    Flaw.BRAND_MISSING: "attribute.brand_missing",
    Flaw.ATTRIBUTE_MISSING: "attribute.required_missing",
    Flaw.VALUE_NOT_ALLOWED: "attribute.value_not_allowed",
    Flaw.BANNED_WORD: "prohibited.banned_word",
    Flaw.BRAND_WORD: "ip.brand_word",
    Flaw.TITLE_TOO_LONG: "title.too_long",
    Flaw.EU_PERSON_MISSING: "qualification.eu_person_missing",
    Flaw.CERTIFICATE_MISSING: "qualification.certificate_missing",
    Flaw.TOO_HEAVY: "price.weight_out_of_range",
}


def test_the_five_of_march_are_seen_to_have_their_one_cause_each(looker: Looker) -> None:
    assert [looker.findings(number) for number in MARCH_PICTURE_IDS] == [{"image.main_too_small"}] * 4
    assert looker.findings(MARCH_BRAND_ID) == {"attribute.brand_missing"}


@pytest.mark.slow
def test_a_spike_is_seen_to_have_one_cause_and_audits_that_refused_nothing_none(looker: Looker, world: World) -> None:
    looker.clock.now = SPIKE
    counted: Counter[tuple[str, ...]] = Counter()
    for number in world.ids(Status.REJECTED, SPIKE):
        listing = world.listing(number, SPIKE)
        if listing and (listing.facts.pictures[0].width, listing.rejected_for) == (600, Cause.PICTURE_SMALL):
            counted[tuple(looker.findings(number))] += 1
    assert set(counted) == {("image.main_too_small",)}
    assert counted[("image.main_too_small",)] >= 38
    looker.clock.now = quiet = CHURN_FROM + timedelta(days=1)
    assert [looker.findings(number) for number in world.ids(Status.AUDITING, quiet)[:12]] == [set()] * 12


@pytest.mark.slow
def test_every_cause_is_seen_in_what_the_platform_tells(looker: Looker, world: World) -> None:
    seen: defaultdict[str, list[set[str]]] = defaultdict(list)
    for day in range(0, 400, 9):
        looker.clock.now = at = CHURN_FROM + timedelta(days=day, hours=11)
        for number in world.ids(Status.REJECTED, at):
            listing = world.listing(number, at)
            if listing and listing.rejected_for and len(seen[listing.rejected_for]) < 3:
                seen[listing.rejected_for].append(looker.findings(number))
    wrong_places = seen.pop(Cause.WRONG_CATEGORY)
    assert all(found & {"attribute.required_missing", "category.not_leaf"} for found in wrong_places)
    assert {cause: [found <= SEEN_AS[cause] and bool(found) for found in each] for cause, each in seen.items()} == {
        cause: [cause != Cause.UNEXPLAINED] * len(seen[cause]) for cause in SEEN_AS
    }


def test_every_flaw_is_seen_before_a_review_finds_it(looker: Looker, world: World) -> None:
    first = {flaw: number for number, flaw in reversed(world.flaws.items())}
    assert {flaw: looker.findings(first[flaw]) for flaw in FLAW_SEEN_AS} == {
        flaw: {code} for flaw, code in FLAW_SEEN_AS.items()
    }
