import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

import aexdash
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.desk.annotations import Annotations
from aexdash.desk.decisions.items import Take
from aexdash.desk.decisions.work import Desk
from aexdash.desk.sessions import Sessions
from aexdash.model import Stage
from aexdash.people.identity import Identity
from aexdash.people.names import NoName
from aexdash.ui import signed_in
from aexdash.ui.frame import person
from aexdash.ui.frame.person import my_name
from tests.ui.reading import act, list_of, opened, read_aloud
from tests.ui.sample import FIRST, NOW, REJECTED, with_history
from tests.ui.worklist.acting import decide

BOX = f"seller-center-main-{FIRST}"


@pytest.fixture
def browser_keeps(monkeypatch):
    """Let the browser tell a name when a page is opened, as its cookie does."""
    return lambda name: monkeypatch.setattr(person, "remembered", lambda: name)


def give(page, name, field="name-answer", button="go-on"):
    page.text_input(key=field).set_value(name)
    return page.button(key=button).click().run()


def rename(page, name):
    return give(opened(page, "person"), name, "name-field", "keep-name")


def asks(page):
    return any(field.key == "name-answer" for field in page.text_input)


def toasts(page):
    return [toast.value for toast in page.toast]


def bar(page):
    return next(block.proto.popover.label for block in page.get("popover"))


def test_who_only_looks_is_asked_nothing(open_page, tmp_path):
    page = open_page(with_history(tmp_path), person="")
    assert not asks(page)
    page.pills(key="cards-role").select("finance").run()
    assert not asks(page)
    assert page.query_params["role"] in ("finance", ["finance"])
    assert not (tmp_path / "desk.db").exists()


def test_a_click_on_the_page_waits_for_a_name_and_is_done_under_it(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "sensitivity", person="", part="rules")
    page.toggle(key="switch-held").set_value(False).run()
    assert asks(page)
    assert RuleStore(tmp_path / "desk.db").history("held") == []
    give(page, "  Olga  Petrova ")
    assert not asks(page)
    assert [(one.by, one.rule.enabled) for one in RuleStore(tmp_path / "desk.db").history("held")] == [
        ("Olga Petrova", False)
    ]
    assert page.toggle(key="switch-held").value is False


def test_a_text_in_the_panel_waits_for_a_name_and_is_not_lost(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist", person="", listing=f"main/{FIRST}")
    page.text_area(key=BOX).set_value("Main image is too small.")
    page.button(key=f"save-{BOX}").click().run()
    assert asks(page)
    assert not page.exception
    assert not [area for area in page.text_area if area.key == BOX], "two dialogs at once"
    give(page, "Olga")
    assert not page.exception
    assert [(one.by, one.text) for one in Annotations(tmp_path / "desk.db").of("main", FIRST)] == [
        ("Olga", "Main image is too small.")
    ]
    assert page.text_area(key=BOX).value == ""


def test_a_name_that_cannot_be_used_is_said_and_the_click_goes_on_waiting(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "sensitivity", person="", part="rules")
    page.toggle(key="switch-held").set_value(False).run()
    give(page, "---")
    assert asks(page)
    assert [read_aloud(words) for words in toasts(page)] == ["A name needs a letter or a digit in it."]
    assert RuleStore(tmp_path / "desk.db").history("held") == []


def test_a_name_that_the_browser_keeps_is_in_the_bar_and_on_what_is_written(open_page, tmp_path, browser_keeps):
    browser_keeps("Smith, Ann *")
    page = open_page(with_history(tmp_path), "sensitivity", person="", part="rules")
    assert read_aloud(bar(page)) == "Smith, Ann *"
    page.toggle(key="switch-held").set_value(False).run()
    assert not asks(page)
    assert [one.by for one in RuleStore(tmp_path / "desk.db").history("held")] == ["Smith, Ann *"]


def test_a_name_changed_in_the_bar_is_handed_to_the_browser_once_and_comes_before_the_one_it_told(
    open_page, tmp_path, browser_keeps
):
    browser_keeps("Olga")
    page = open_page(with_history(tmp_path), person="")
    assert not told(page)
    rename(page, "Bj\u00f6rn; Path=/evil")
    assert read_aloud(bar(page)) == "Bj\u00f6rn; Path=/evil"
    [first] = told(page)
    assert first[0] == "Bj%C3%B6rn%3B%20Path%3D%2Fevil"
    page.run()
    assert told(page) == [first]
    rename(page, "Ben")
    assert [name for name, _ in told(page)] == ["Ben"]
    assert told(page)[0][1] != first[1]


def offers(page):
    return [read_aloud(one.label) for one in page.button if one.key == "take-over"]


def owners(folder):
    items = Desk(folder / "desk.db").items(("main", one) for one in REJECTED)
    return {one: (item.owner, item.stage) for (_, one), item in items.items()}


@pytest.mark.slow
def test_who_changes_her_name_is_offered_her_listings_once_and_can_undo_it(open_page, tmp_path):
    first, second, third, _ = REJECTED
    decide(with_history(tmp_path), Take(), first, second, by="Olga_P", now=NOW)
    decide(tmp_path, Take(), third, by="Ben", now=NOW)
    page = open_page(tmp_path, "worklist", person="Olga_P")
    assert offers(page) == []
    rename(page, "Olga")
    assert offers(page) == ["Make the 2 listings of Olga_P yours"]
    page.button(key="take-over").click().run()
    assert not page.exception
    assert offers(page) == []
    assert [read_aloud(words) for words in toasts(page)] == [
        "The listings of Olga_P are yours. The worklist can undo that."
    ]
    assert owners(tmp_path) == {
        first: ("Olga", Stage.TAKEN),
        second: ("Olga", Stage.TAKEN),
        third: ("Ben", Stage.TAKEN),
    }
    page.button(key="undo-3").click().run()
    assert {owner for owner, _ in owners(tmp_path).values()} == {"Olga_P", "Ben"}
    assert offers(page.run()) == []


def test_listings_of_a_name_stay_whose_they_are_unless_she_says_so(open_page, tmp_path):
    decide(with_history(tmp_path), Take(), FIRST, by="Olga", now=NOW)
    page = open_page(tmp_path, "worklist", person="Olga")
    rename(page, "Ben")
    page.button(key="leave-old-name").click().run()
    assert offers(page) == []
    assert owners(tmp_path) == {FIRST: ("Olga", Stage.TAKEN)}
    rename(page, "Cy")
    assert offers(page) == [], "Ben has none"


def told(page):
    bodies = " ".join(block.proto.body for block in page.get("html"))
    return re.findall(r'data-person="([^"]*)" data-turn="([0-9a-f]+)"', bodies)


@pytest.mark.parametrize("kept", ["", "   ", "\u202e", "x" * 300, "<>\x00"])
def test_what_a_cookie_says_that_is_no_name_is_nobodys(open_page, tmp_path, browser_keeps, kept):
    browser_keeps(kept)
    page = open_page(with_history(tmp_path), person="")
    assert not page.exception
    assert bar(page) == "Who are you?"


def test_nothing_is_written_under_no_name(monkeypatch):
    monkeypatch.setattr(person.st, "session_state", {})
    with pytest.raises(NoName):
        my_name()


@pytest.mark.slow
def test_no_source_asks_for_the_account_that_the_server_runs_under():
    sources = Path(aexdash.__file__).parent.rglob("*.py")
    asking = re.compile(r"\bgetpass\b|\bgetlogin\b|\bimport pwd\b|environ[^\n]*\b(USER|LOGNAME|USERNAME)\b")
    assert [str(source) for source in sources if asking.search(source.read_text(encoding="utf-8"))] == []


@pytest.mark.slow
def test_no_page_no_log_and_no_owner_holds_the_account_that_the_server_runs_under(open_page, tmp_path, monkeypatch):
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "svc-aexdash-login")
    page = open_page(with_history(tmp_path), "worklist", person="", listing=f"main/{FIRST}")
    page.text_area(key=BOX).set_value("Main image is too small.")
    page.button(key=f"save-{BOX}").click().run()
    give(page, "Olga")
    Desk(tmp_path / "desk.db").set_owner("main", [FIRST], "Olga", by="Olga", now=NOW)
    for name in ("overview", "worklist", "sensitivity", "reasons", "feed", "history", "health"):
        shown = open_page(tmp_path, name, person="")
        assert "svc-aexdash-login" not in repr(list(shown.main))
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        assert "svc-aexdash-login" not in "\n".join(connection.iterdump())
    connection.close()


def test_where_people_sign_in_the_name_is_the_providers_and_a_page_notes_that_it_was_drawn(
    open_page, tmp_path, monkeypatch
):
    folder = with_history(tmp_path)
    (folder / "secrets.toml").write_text('[login]\nclient_secret = "x"\n')
    (folder / "secrets.toml").chmod(0o600)
    with (folder / "aexdash.toml").open("a") as file:
        file.write('\n[login]\nmetadata_url = "http://localhost:1/x"\nclient_id = "aexdash"\n')
        file.write('[login.roles]\n"leads" = "owner"\n')
    sessions = Sessions(folder / "desk.db")
    secret = sessions.start(Identity("https://id|1", "Ana Ruiz", ("leads",)), NOW - timedelta(minutes=6))
    monkeypatch.setattr(signed_in, "_session", lambda settings: sessions.find(secret, NOW, settings.login.max_age))
    app = open_page(folder, "worklist", person="Somebody else")
    assert not app.exception
    assert not [field for field in app.text_input if field.label == "Your name"]
    assert "log-out" in {button.key for button in app.button}
    shown = next(row for row in list_of(app)["rows"] if row["id"] == f"main/{FIRST}")
    act(app, [{"n": 1, "do": "take", "rows": [[shown["id"], shown["v"]]], "more": ""}])
    day = timedelta(days=1)
    assert [one.by for one in Desk(folder / "desk.db").changes(NOW - day, NOW + day)] == ["Ana Ruiz"]
    assert sessions.find(secret, NOW, timedelta(hours=12)).seen_at > NOW - timedelta(minutes=6)
