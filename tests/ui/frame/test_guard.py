import sqlite3

import pytest

from tests.ui.reading import alerts, captions, read_aloud, rows_of, said
from tests.ui.sample import home, with_history

PAGES = ("overview", "worklist", "reasons", "history", "reconcile", "health")


@pytest.mark.parametrize("page", PAGES)
def test_without_a_snapshot_every_page_says_what_to_do(open_page, tmp_path, page):
    shown = open_page(home(tmp_path), page)
    assert not shown.exception
    assert [kind for kind, _ in alerts(shown)] == ["warning"]
    assert shown.warning[0].proto.title == "No data yet"
    assert "Run `aexdash sync`" in shown.warning[0].value
    assert [link.value for link in shown.page_link] == ["Follow the first reading ›"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_the_first_one_visited(open_page, tmp_path, page):
    assert not open_page(with_history(tmp_path), page).exception


@pytest.mark.parametrize("page", ["overview", "worklist", "history"])
def test_a_moment_that_lies_ahead_is_refused_and_now_is_shown(open_page, tmp_path, page):
    """Nobody has read it: the present once stood there under the heading of that moment."""
    shown = open_page(with_history(tmp_path), page, as_of="2030-01-01T00:00:00Z")
    words = "The moment 1 Jan 2030 00:00 UTC lies ahead: nobody has read it yet. Now is shown."
    assert f":orange-badge[Address] {words}" in [read_aloud(text) for text in captions(shown)]
    assert "As it was" not in " ".join(read_aloud(text) for text in said(shown))


def test_a_configuration_that_cannot_be_used_is_one_sentence_without_the_path_above_home(open_page, tmp_path):
    (home(tmp_path) / "aexdash.toml").write_text('[store.main]\nmodel = "ovrseas"\n', encoding="utf-8")
    shown = open_page(tmp_path)
    assert shown.warning[0].proto.title == "The configuration cannot be used"
    sentence = shown.warning[0].value.replace("\\", "")
    assert sentence.startswith("aexdash.toml, line 2: unknown model 'ovrseas'")
    assert str(tmp_path) not in sentence


def test_a_configuration_that_breaks_leaves_the_settings_read_before_in_force_and_says_so_on_every_page(
    open_page, tmp_path
):
    app = open_page(with_history(tmp_path), "history")
    file = tmp_path / "aexdash.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("overseas", "ovrseas"), encoding="utf-8")
    assert app.run().error[0].proto.title == "The settings cannot be used as they are written now"
    sentence = read_aloud(app.error[0].value)
    assert sentence.startswith("aexdash.toml, line ")
    assert "unknown model 'ovrseas'" in sentence
    assert sentence.endswith("Until that is mended, the settings read before stay in force.")
    assert str(tmp_path) not in sentence
    file.write_text(good, encoding="utf-8")
    assert app.run().error == []


def test_a_damaged_snapshot_is_named_and_left_alone(open_page, tmp_path):
    snapshot = home(tmp_path) / "snapshot.db"
    snapshot.write_bytes(b"not a database at all" * 200)
    shown = open_page(tmp_path, "worklist")
    assert shown.warning[0].proto.title == "The snapshot cannot be read"
    assert snapshot.read_bytes() == b"not a database at all" * 200


def test_a_snapshot_from_a_newer_version_is_refused_with_what_to_do(open_page, tmp_path):
    with_history(tmp_path)
    with sqlite3.connect(tmp_path / "snapshot.db") as connection:
        columns = "migration_set, name, applied_at"
        connection.execute(f"INSERT INTO _sqlite_migrations ({columns}) VALUES ('aexdash-snapshot', '9999_later', '')")
    connection.close()
    shown = open_page(tmp_path)
    assert shown.warning[0].proto.title == "The snapshot is from a newer aexdash"
    assert "install that version" in shown.warning[0].value


@pytest.mark.parametrize("page", ["worklist", "feed", "history"])
def test_a_page_with_downloads_lists_nothing_of_a_store_that_is_not_there(open_page, tmp_path, page):
    app = open_page(with_history(tmp_path), page, store="mian")
    [warning] = app.warning
    assert warning.proto.title == "This address cannot be shown"
    assert read_aloud(warning.value) == (
        "There is no store mian; leave store out for every store. So no listing is shown."
    )
    assert (len(app.dataframe), rows_of(app), app.exception) == (0, [], [])
    app.button(key="every-store").click().run()
    assert (app.warning, "store" in app.query_params) == ([], False)
