"""The page Connect: where no store is, every page leads to it; what was typed, refused or found is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aexdash.aliexpress.listings import Introduced
from aexdash.aliexpress.protocol.tokens import Token
from aexdash.clock import system_clock
from aexdash.config.settings import load_settings
from aexdash.connect import signing
from aexdash.connect.attempts import Wanted
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.people.rights import Grant, Rights, Role
from aexdash.words.connecting import ADVICE, MODEL_WORDS, SENTENCES, Trouble
from tests.ui.reading import alerts, read_aloud
from tests.ui.sample import home, with_history

SECRET = "helloworld-secret"
FOUND = Introduced(Token("access-1", "refresh-1"), "777", "*blue* door", ("overseas", "pop"), ("pop",))


@pytest.fixture
def empty(tmp_path):
    """A home in which no store was ever named."""
    home(tmp_path)
    (tmp_path / "aexdash.toml").unlink()
    (tmp_path / "secrets.toml").unlink(missing_ok=True)
    return tmp_path


@pytest.fixture
def gateway():
    """The address of a gateway that answers, though it knows no store."""
    with SimulatedAliExpress({}).serve() as served:
        yield served.url


def shown(open_page, folder, *, introduced=None, refusal=None, **query):
    """The page; where it is said with what, as a browser sees it that has come back from AliExpress."""
    app = open_page(folder, "connect", **query)
    if introduced or refusal:
        app.session_state["_sign-in"] = attempt_in(folder, introduced, refusal).link
        app.run()
    assert not app.exception
    return app


def attempt_in(folder, introduced, refusal):
    store = signing.store_of(
        "main", "", "overseas", app_key="1", app_secret=SECRET, gateway="https://api.example", redirect_uri="http://x/y"
    )
    attempt = signing.begin(load_settings(folder), Wanted(store, model_known=False), system_clock())
    attempt.introduced, attempt.refusal = introduced, refusal
    return attempt


def all_of(app) -> str:
    return read_aloud(" ".join([one.value for one in app.markdown] + [one.value for one in app.caption]))


@pytest.mark.parametrize("page", ["overview", "worklist", "history", "health", "sensitivity"])
def test_without_a_store_every_page_leads_to_where_one_is_connected(open_page, empty, page):
    app = open_page(empty, page)
    assert app.markdown[0].value == "## Connect a store"
    assert [field.label for field in app.text_input] == ["Name of the store", "App Key", "App Secret", "Gateway"]
    assert app.code[0].value.endswith("/authorized")


def test_a_home_with_a_store_or_with_data_is_not_led_there(open_page, tmp_path, empty):
    with_history(empty)
    assert open_page(empty).markdown[0].value != "## Connect a store"


def test_what_is_typed_wrong_is_said_and_the_secret_does_not_stay(open_page, empty):
    app = shown(open_page, empty)
    app.text_input[1].set_value("123456")
    app.text_input[2].set_value(SECRET)
    app.text_input[3].set_value("http://api.example")
    app.button(key="connect-go-on").click().run()
    assert [read_aloud(box.value) for box in app.error] == [
        "gateway: must begin with https://, because tokens travel to it."
    ]
    assert (app.text_input[1].value, app.text_input[2].value) == ("123456", "")
    app.text_input[3].set_value("http://127.0.0.1:1")
    app.button(key="connect-go-on").click().run()
    assert read_aloud(app.error[0].value) == "Fill in the App Secret."
    app.text_input[2].set_value(SECRET)
    app.button(key="connect-go-on").click().run()
    assert "Nothing answers at the gateway http://127.0.0.1:1: check" in read_aloud(app.error[0].value)
    assert not [one for one in app.get("html") if "aexdash-go" in one.body]


def test_after_the_form_a_link_leads_to_aliexpress_and_nothing_was_written(open_page, empty, gateway):
    app = shown(open_page, empty)
    app.text_input[0].set_value("Shop A")
    app.text_input[1].set_value("123456")
    app.text_input[2].set_value(SECRET)
    app.text_input[3].set_value(gateway)
    app.radio[0].set_value("pop")
    app.button(key="connect-go-on").click().run()
    link = next(one.body for one in app.get("html") if "aexdash-go" in one.body)
    assert 'href="/sign-in?attempt=' in link
    assert SECRET not in link
    assert not (empty / "aexdash.toml").exists()
    app.button(key="connect-back").click().run()
    assert [field.value for field in app.text_input] == ["Shop A", "123456", "", gateway]
    assert app.radio[0].value == "pop"


@pytest.mark.parametrize("trouble", SENTENCES)
def test_a_browser_that_comes_back_to_nothing_is_told_why(open_page, empty, trouble):
    app = shown(open_page, empty, trouble=trouble.value)
    assert read_aloud(app.error[0].value) == f"{SENTENCES[trouble]} {ADVICE[trouble]}"
    assert shown(open_page, empty, trouble="<b>").error == []


def test_a_refused_sign_in_says_what_happened_and_what_to_do_and_can_be_tried_again(open_page, empty):
    app = shown(open_page, empty, refusal=signing.refused(Trouble.NOT_ALLOWED))
    assert alerts(app) == [("error", app.error[0].value)]
    assert read_aloud(app.error[0].value) == f"{SENTENCES[Trouble.NOT_ALLOWED]} {ADVICE[Trouble.NOT_ALLOWED]}"
    app.button(key="connect-again").click().run()
    assert "The next page is AliExpress' own" in all_of(app)


def test_the_seller_is_named_without_acting_and_the_model_that_answers_is_proposed(open_page, empty):
    app = shown(open_page, empty, introduced=FOUND)
    assert r"You signed in as **\*blue\* door** (seller 777)." in [one.value for one in app.markdown]
    assert "Seller outside China or Seller in China. Its listings can be read as Seller in China." in all_of(app)
    assert app.radio[0].value == "pop"
    assert len(app.radio[0].options) == len(MODEL_WORDS)


def test_a_model_that_aliexpress_refused_is_not_taken(open_page, empty):
    app = shown(open_page, empty, introduced=FOUND)
    app.radio[0].set_value("choice")
    app.button(key="connect-confirm").click().run()
    assert read_aloud(app.error[0].value).startswith(
        "This account has no business Fully managed (Choice): AliExpress refused"
    )
    assert "Choose Seller in China, or sign in with the account that has it." in read_aloud(app.error[0].value)
    assert not (empty / "aexdash.toml").exists()


def test_where_nothing_speaks_for_a_model_none_is_chosen_and_that_is_said(open_page, empty):
    nothing = replace(FOUND, named=(), answering=())
    app = shown(open_page, empty, introduced=nothing)
    assert app.radio[0].value is None
    assert "AliExpress names no business for this account." in all_of(app)
    assert "None of the four ways to read listings is open to it" in all_of(app)
    app.button(key="connect-confirm").click().run()
    assert read_aloud(app.error[0].value) == "Choose how you work with AliExpress: nothing says it for you."


def test_a_confirmed_store_is_written_and_its_first_reading_is_followed(open_page, empty):
    app = shown(open_page, empty, introduced=FOUND)
    app.text_input[0].set_value("Blue door")
    app.button(key="connect-confirm").click().run()
    assert load_settings(empty).stores["main"].title == "Blue door"
    assert load_settings(empty).stores["main"].model == "pop"
    assert "Blue door is connected" in all_of(app)
    assert "Nothing reads stores now: start aexdash serve" in read_aloud(app.info[0].value).replace("`", "")


def test_a_store_that_signs_in_again_is_confirmed_with_one_click_and_stays_as_it_is(open_page, tmp_path):
    folder = with_history(tmp_path)
    (folder / "secrets.toml").write_text(f'[store.main]\napp_secret = "{SECRET}"\n', encoding="utf-8")
    (folder / "secrets.toml").chmod(0o600)
    app = open_page(folder, "connect")
    store = load_settings(folder).stores["main"].model_copy(update={"redirect_uri": "http://x/authorized"})
    attempt = signing.begin(load_settings(folder), Wanted(store, is_new=False), system_clock())
    attempt.introduced = FOUND
    app.session_state["_sign-in"] = attempt.link
    app = app.run()
    assert (len(app.radio), len(app.text_input)) == (0, 0)
    app = app.button(key="connect-keep").click().run()
    assert "My store is connected" in all_of(app)
    kept = load_settings(folder).stores["main"]
    assert (kept.title, kept.model, kept.redirect_uri) == ("My store", "overseas", "http://x/authorized")


def test_who_may_not_edit_connects_no_store(open_page, empty, monkeypatch):
    monkeypatch.setattr("aexdash.ui.connect.page.rights", lambda: Rights((Grant(Role.OPERATOR),)))
    app = shown(open_page, empty)
    assert [box.value for box in app.warning] == ["Only who may change the settings can connect a store."]
    assert len(app.text_input) == 0


def test_a_store_that_was_read_leads_to_the_overview(open_page, tmp_path):
    app = shown(open_page, with_history(tmp_path), store="main")
    assert app.success[0].value.startswith("It has been read once")


def test_the_bar_stays_whole_where_something_was_read_and_a_store_never_read_is_no_slip(open_page, tmp_path):
    folder = with_history(tmp_path)
    settings = folder / "aexdash.toml"
    more = '\n[store.second]\ntitle = "Second"\nmodel = "overseas"\napp_key = "1"\n'
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    app = shown(open_page, folder, store="second")
    assert "My store" in [one.value for one in app.text]
    assert "Sync now" in [one.label for one in app.button]
    assert "### Second is connected" in [one.value for one in app.markdown]
    assert not [one.value for one in app.caption if "There is no store" in one.value]
