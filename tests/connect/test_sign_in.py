"""The sign-in over HTTP: our own routes, the browser's cookie, and the simulated AliExpress on loopback."""

from __future__ import annotations

import asyncio
import json
import stat
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from aexdash.aliexpress.protocol.gateway import ATTEMPTS as TRIES
from aexdash.clock import system_clock
from aexdash.config.settings import ConfigError, load_settings
from aexdash.connect import signing
from aexdash.connect.attempts import ATTEMPTS, LIFETIME, Attempts, SignInLost, Wanted
from aexdash.connect.reading import Progress, first_reading
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.desk.decisions.work import Desk
from aexdash.model import BUSINESS_MODELS
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording import record, worker_state
from aexdash.sync import lease
from aexdash.ui.connect.routes import COOKIE
from aexdash.ui.doors.routes import routes
from aexdash.words.connecting import ADVICE, SENTENCES, Trouble
from tests.support import world_of

HERE = "http://127.0.0.1:8501"
KEY, SECRET = "123456", "helloworld-secret"


class Browser:
    """A browser before the doors of the app, which keeps cookies and goes nowhere by itself."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()

    def get(self, address: str) -> httpx.Response:
        app = httpx.ASGITransport(Starlette(routes=routes()))

        async def get() -> httpx.Response:
            async with httpx.AsyncClient(transport=app, base_url=HERE, cookies=self.cookies) as client:
                answer = await client.get(address)
                self.cookies.update(client.cookies)
                return answer

        return asyncio.run(get())


@pytest.fixture
def platform():
    store = SimulatedStore(KEY, SECRET, world_of(rejected=2, auditing=1, active=3), callback=f"{HERE}/authorized")
    platform = SimulatedAliExpress({KEY: store})
    with platform.serve() as served:
        platform.url = served.url
        yield platform


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    return tmp_path


def begin(platform, home, *, key="main", sure=False, secret=SECRET, app_key=KEY, model="overseas", is_new=True):
    store = signing.store_of(
        key,
        "My store",
        model,
        app_key=app_key,
        app_secret=secret,
        gateway=platform.url,
        redirect_uri=f"{HERE}/authorized",
    )
    at_once = store.model_copy(update={"calls_per_second": 0})  # who waits between calls is tested with the limiter
    return signing.begin(load_settings(home), Wanted(at_once, is_new, sure), system_clock())


def sign_in(attempt, browser, answer="allowed") -> httpx.Response:
    """Follow the link to AliExpress, answer on its page as a person does, and come back."""
    left = browser.get(f"/sign-in?attempt={attempt.link}")
    assert left.status_code == 307
    page = httpx.get(left.headers["location"], headers={"Accept": "text/html"})
    assert (page.status_code, "demo_store" in page.text) == (200, True)
    back = httpx.get(f"{left.headers['location']}&answer={answer}", headers={"Accept": "text/html"})
    assert back.status_code == 302
    assert back.headers["location"].startswith(f"{HERE}/authorized?")
    return browser.get(back.headers["location"].removeprefix(HERE))


def introduced(platform, home):
    """A sign-in of a new store that came back."""
    attempt = begin(platform, home)
    sign_in(attempt, Browser())
    return attempt


def test_a_seller_signs_in_is_named_and_her_store_is_written_with_its_secret_for_its_owner_alone(platform, home):
    attempt = begin(platform, home)
    answer = sign_in(attempt, Browser())
    assert (answer.status_code, answer.headers["location"]) == (303, "/connect")
    assert attempt.refusal is None
    assert (attempt.introduced.name, attempt.introduced.seller_id) == ("demo_store", "2671514005")
    assert not (home / "aexdash.toml").exists()  # nothing is kept before the seller is confirmed
    settings = signing.confirm(attempt, signing.proposed(attempt), "Our store", system_clock())
    store = settings.stores["main"]
    assert (store.title, store.model, store.app_key, store.gateway) == ("Our store", "overseas", KEY, platform.url)
    assert SECRET not in (home / "aexdash.toml").read_text()
    for file in ("secrets.toml", "tokens/main.json"):
        assert stat.S_IMODE((home / file).stat().st_mode) == 0o600
    assert json.loads((home / "tokens" / "main.json").read_text())["user_nick"] == "demo_store"
    assert Desk(home / "desk.db").take_sync_requests() == [("main", "sweep")]
    assert ATTEMPTS.of_link(attempt.link, system_clock()) is None
    assert SECRET not in repr(attempt)


@pytest.mark.parametrize("model", BUSINESS_MODELS)
def test_who_is_not_sure_is_proposed_the_business_model_that_answers(home, model):
    store = SimulatedStore(KEY, SECRET, world_of(rejected=1), model=model)
    platform = SimulatedAliExpress({KEY: store})
    with platform.serve() as served:
        platform.url = served.url
        attempt = begin(platform, home)
        sign_in(attempt, Browser())
    assert signing.proposed(attempt) == model
    assert attempt.introduced.answering == (model,)
    others = set(BUSINESS_MODELS) - {model}
    assert all(signing.contradicted(attempt.introduced, other) for other in others)


TROUBLES = {
    Trouble.SECRET: {"secret": "another-secret"},
    Trouble.APP_KEY: {"app_key": "999999"},
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_wrong_key_or_secret_is_told_as_such(platform, home, trouble):
    attempt = begin(platform, home, **TROUBLES[trouble])
    browser = Browser()
    browser.get(f"/sign-in?attempt={attempt.link}")
    browser.get(f"/authorized?code={platform.issue_code(KEY)}&state={attempt.state}")
    assert attempt.refusal.trouble is trouble
    assert attempt.refusal.advice == ADVICE[trouble]
    assert "of store My store" in attempt.refusal.sentence
    assert "another-secret" not in attempt.refusal.sentence


@pytest.mark.parametrize(
    ("fault", "value", "trouble", "word"),
    [
        (FaultKind.BAN, 14229, Trouble.BAN, "14229 seconds"),
        (FaultKind.CLOCK_SKEW, 90_000, Trouble.CLOCK, "clock reads"),
        (FaultKind.HTML, 0, Trouble.OTHER, "answered"),
    ],
)
def test_what_the_platform_refuses_is_told_with_what_to_do(platform, home, fault, value, trouble, word):
    attempt, pauses = begin(platform, home), []
    platform.faults.add(fault, value)
    signing.come_back(attempt, platform.issue_code(KEY), sleep=pauses.append)
    assert attempt.refusal.trouble is trouble
    assert word in attempt.refusal.sentence
    assert attempt.refusal.advice


def test_a_code_that_is_used_up_and_a_platform_that_is_gone_are_told(platform, home):
    attempt = begin(platform, home)
    signing.come_back(attempt, "used-up")
    assert (attempt.refusal.trouble, "sign-in code" in attempt.refusal.sentence) == (Trouble.CODE, True)
    gone = replace(attempt.wanted, store=attempt.wanted.store.model_copy(update={"gateway": "http://127.0.0.1:9"}))
    attempt, pauses = signing.begin(load_settings(home), gone, system_clock()), []
    signing.come_back(attempt, "a-code", sleep=pauses.append)
    assert attempt.refusal.trouble is Trouble.NETWORK
    assert len(pauses) == TRIES - 1


def test_who_does_not_allow_the_access_comes_back_to_a_sentence_and_may_try_again(platform, home):
    attempt, browser = begin(platform, home), Browser()
    sign_in(attempt, browser, "refused")
    assert attempt.refusal == signing.refused(Trouble.NOT_ALLOWED)
    again = signing.again(attempt, system_clock())
    assert (again.wanted, again.state == attempt.state) == (attempt.wanted, False)
    sign_in(again, browser)
    assert again.refusal is None


def sellers_store(home, key: str, seller: str) -> None:
    db = open_snapshot(home / "snapshot.db")
    store = record.ensure_store(db, key=key, title=key, model="overseas", now=system_clock())
    record.name_seller(db, store, seller)
    db.close()


def test_another_seller_than_the_one_of_the_store_is_refused_and_her_token_is_not_kept(platform, home):
    sellers_store(home, "main", "777")
    attempt = begin(platform, home)
    sign_in(attempt, Browser())
    assert attempt.refusal.trouble is Trouble.OTHER_SELLER
    assert "is of seller 2671514005, the snapshot of store My store is of seller 777" in attempt.refusal.sentence
    assert not (home / "tokens").exists()


def test_a_seller_who_is_a_store_here_already_is_no_second_store(platform, home):
    sellers_store(home, "first", "2671514005")
    attempt = begin(platform, home)
    sign_in(attempt, Browser())
    assert attempt.refusal.sentence == "This is seller 2671514005, who is store first here already."


@pytest.fixture
def two_accounts(home):
    """Two seller accounts, each with an app of its own, and the platform that knows both."""
    stores = {
        key: replace(SimulatedStore(key, SECRET, world_of(rejected=1), callback=f"{HERE}/authorized"), seller_id=seller)
        for key, seller in (("111", "7001"), ("222", "7002"))
    }
    platform = SimulatedAliExpress(stores)
    with platform.serve() as served:
        platform.url = served.url
        yield platform


def test_two_people_who_connect_their_first_store_at_once_get_two_stores(two_accounts, home):
    ana, ben = (begin(two_accounts, home, app_key=key) for key in ("111", "222"))
    for attempt in (ana, ben):
        sign_in(attempt, Browser())
    signing.confirm(ana, "overseas", "Lamps", system_clock())
    settings = signing.confirm(ben, "overseas", "Shoes", system_clock())
    assert {key: (one.title, one.app_key) for key, one in settings.stores.items()} == {
        "main": ("Lamps", "111"),
        "shoes": ("Shoes", "222"),
    }
    assert ben.wanted.store.key == "shoes"  # the page goes on with this one
    tokens = {file.stem: json.loads(file.read_text())["seller_id"] for file in (home / "tokens").iterdir()}
    assert tokens == {"main": "7001", "shoes": "7002"}


@pytest.mark.slow
def test_a_seller_whose_store_was_connected_a_moment_ago_and_never_read_is_no_second_store(platform, home):
    first, second = begin(platform, home), begin(platform, home)
    for attempt in (first, second):
        sign_in(attempt, Browser())
    signing.confirm(first, "overseas", "Lamps", system_clock())
    before = (home / "aexdash.toml").read_text()
    with pytest.raises(ConfigError, match="This is seller 2671514005, who is store Lamps here already"):
        signing.confirm(second, "overseas", "Lamps too", system_clock())
    third = begin(platform, home, key="third")
    sign_in(third, Browser())
    assert third.refusal.trouble is Trouble.TWO_STORES
    assert (home / "aexdash.toml").read_text() == before


def test_a_sign_in_is_of_the_browser_that_began_it_alone(platform, home):
    attempt, mine, other = begin(platform, home), Browser(), Browser()
    mine.get(f"/sign-in?attempt={attempt.link}")
    code = platform.issue_code(KEY)
    answer = other.get(f"/authorized?code={code}&state={attempt.state}")
    assert answer.headers["location"] == "/connect?trouble=other_browser"
    assert other.get(f"/sign-in?attempt={attempt.link}").headers["location"] == "/connect?trouble=other_browser"
    assert (attempt.introduced, attempt.used) == (None, False)
    assert mine.get(f"/authorized?code={code}&state={attempt.state}").headers["location"] == "/connect"
    assert attempt.introduced.name == "demo_store"
    assert ATTEMPTS.of_browser(mine.cookies[COOKIE], home, system_clock()) is attempt
    assert ATTEMPTS.of_browser(mine.cookies[COOKIE], home / "other", system_clock()) is None


def test_two_tabs_of_one_browser_come_back_each_with_its_own_sign_in(two_accounts, home):
    browser = Browser()
    first, second = (begin(two_accounts, home, app_key=key) for key in ("111", "222"))
    for attempt in (first, second):
        browser.get(f"/sign-in?attempt={attempt.link}")
    for attempt, key in ((second, "222"), (first, "111")):
        answer = browser.get(f"/authorized?code={two_accounts.issue_code(key)}&state={attempt.state}")
        assert answer.headers["location"] == "/connect"
        assert ATTEMPTS.of_browser(browser.cookies[COOKIE], home, system_clock()) is attempt
    assert (first.introduced.seller_id, second.introduced.seller_id) == ("7001", "7002")
    ATTEMPTS.end(first)
    assert ATTEMPTS.of_browser(browser.cookies[COOKIE], home, system_clock()) is second


def test_a_state_that_nobody_here_gave_is_used_or_too_old_is_refused(platform, home, monkeypatch):
    attempt, browser = begin(platform, home), Browser()
    sign_in(attempt, browser)
    again = browser.get(f"/authorized?code=x&state={attempt.state}")
    assert again.headers["location"] == "/connect?trouble=used"
    for foreign in ("", "state=guessed", "state=%C3%BC%00&code=a"):
        assert browser.get(f"/authorized?{foreign}").headers["location"] == "/connect?trouble=not_ours"
    late = Attempts()
    old = late.begin(home, attempt.wanted, system_clock() - LIFETIME)
    with pytest.raises(SignInLost) as lost:
        late.arrive(old.state, old.browser, system_clock())
    assert lost.value.trouble is Trouble.TOO_LATE
    assert {Trouble.NOT_OURS, Trouble.USED, Trouble.OTHER_BROWSER, Trouble.TOO_LATE} <= SENTENCES.keys() & ADVICE.keys()


def test_the_cookie_can_be_read_by_no_script_and_comes_along_from_the_page_of_aliexpress(platform, home):
    attempt = begin(platform, home)
    answer = Browser().get(f"/sign-in?attempt={attempt.link}")
    words = {word.strip().lower() for word in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= words
    address = urlsplit(answer.headers["location"])
    assert parse_qs(address.query)["state"] == [attempt.state]
    assert SECRET not in answer.headers["location"]


def test_a_store_that_is_there_signs_in_again_and_its_settings_stay(platform, home, monkeypatch):
    monkeypatch.setenv("AEXDASH_MAIN_APP_SECRET", SECRET)
    (home / "aexdash.toml").write_text(
        f'# ours\n[store.main]\nmodel = "overseas"\ngateway = "{platform.url}"\napp_key = "{KEY}"\n'
    )
    here = {"redirect_uri": f"{HERE}/authorized", "calls_per_second": 0}
    store = load_settings(home).stores["main"].model_copy(update=here)
    attempt = signing.begin(load_settings(home), Wanted(store, is_new=False), system_clock())
    sign_in(attempt, Browser())
    signing.confirm(attempt, "overseas", "", system_clock())
    assert (home / "aexdash.toml").read_text().endswith(f'app_key = "{KEY}"\nredirect_uri = "{HERE}/authorized"\n')
    assert not (home / "secrets.toml").exists()  # the environment has the secret
    assert (home / "tokens" / "main.json").exists()


def test_a_store_that_was_removed_while_it_signed_in_again_is_refused_and_nothing_is_written(platform, home):
    signing.confirm(introduced(platform, home), "overseas", "Lamps", system_clock())
    store = load_settings(home).stores["main"].model_copy(update={"calls_per_second": 0})
    attempt = signing.begin(load_settings(home), Wanted(store, is_new=False), system_clock())
    sign_in(attempt, Browser())
    (home / "aexdash.toml").write_text("# no store is left\n")
    (home / "secrets.toml").unlink()
    (home / "tokens" / "main.json").unlink()
    with pytest.raises(ConfigError, match=r"^Store Lamps was removed from aexdash\.toml meanwhile"):
        signing.confirm(attempt, "overseas", "Lamps", system_clock())
    assert list((home / "tokens").glob("*.json")) == []
    assert (home / "aexdash.toml").read_text() == "# no store is left\n"
    assert not (home / "secrets.toml").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"secret": " "}, "Fill in the App Secret."),
        ({"app_key": ""}, "Fill in the App Key."),
        ({"app_key": " ", "secret": ""}, "Fill in the App Key. Fill in the App Secret."),
        ({"app_key": "abc"}, "The App Key is a number, such as 123456: copy it from the app console."),
    ],
)
def test_what_is_missing_or_no_app_key_is_said_before_anybody_leaves_for_aliexpress(platform, home, words, sentence):
    with pytest.raises(ConfigError) as refused:
        begin(platform, home, **words)
    assert str(refused.value) == sentence


def test_a_gateway_that_does_not_answer_is_told_before_anybody_is_sent_there(platform, home):
    store = begin(platform, home).wanted.store
    signing.require_gateway(store, home)
    nobody = store.model_copy(update={"gateway": "http://127.0.0.1:1"})
    with pytest.raises(ConfigError, match=r"^Nothing answers at the gateway http://127\.0\.0\.1:1: check"):
        signing.require_gateway(nobody, home)
    with pytest.raises(ConfigError, match=r"^What answers at http.* is no gateway: check"):
        signing.require_gateway(store, home, respond=lambda *_call: (404, {}, b"<html>"))


def test_a_gateway_to_which_no_secret_may_travel_is_refused(home):
    with pytest.raises(ConfigError, match="gateway: must begin with https://"):
        signing.store_of("main", "", "pop", app_key="1", app_secret="2", gateway="http://a.example", redirect_uri="")


def test_a_token_that_cannot_be_kept_leaves_no_store_behind(platform, home):
    attempt = begin(platform, home)
    sign_in(attempt, Browser())
    (home / "tokens").write_text("in the way")
    with pytest.raises(ConfigError, match="could not be written"):
        signing.confirm(attempt, "overseas", "", system_clock())
    assert not (home / "aexdash.toml").exists()


def test_keys_are_made_of_names_and_are_nobody_elses():
    assert signing.key_for("Anything", ()) == "main"
    taken = {"main", "our-shop", "our-shop-2", "store"}
    assert [signing.key_for(title, taken) for title in ("Our Shop!", "速卖通", "B")] == ["our-shop-3", "store-2", "b"]
    assert signing.key_for("North 1", {"main", "north_1"}) == "north-1-2"  # both would be AEXDASH_NORTH_1_…


def test_the_first_reading_says_where_it_is(home):
    (home / "aexdash.toml").write_text('[store.main]\nmodel = "overseas"\n')
    now = system_clock()
    assert first_reading(load_settings(home), "main", now).progress is Progress.NOBODY_READS
    sellers_store(home, "main", "777")
    assert first_reading(load_settings(home), "main", now).progress is Progress.NOBODY_READS
    db = open_snapshot(home / "snapshot.db")
    worker_state.set_state(db, 1, working_on="sweep: 40 of 90 listings rejected")
    with lease.hold(home / "worker.lock", clock=system_clock, command="worker"):
        told = first_reading(load_settings(home), "main", now)
    assert (told.progress, told.words) == (Progress.READING, "40 of 90 listings rejected")
    worker_state.set_state(db, 1, working_on="")
    record.record_failure(
        db, 1, kind="sweep", started_at=now, finished_at=now, error_kind="x", message="It rains.", calls=1
    )
    db.close()
    told = first_reading(load_settings(home), "main", now + timedelta(seconds=1))
    assert (told.progress, told.words) == (Progress.FAILED, "It rains.")
