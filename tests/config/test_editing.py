"""Settings that are edited: the value changes, all else stays as it is, and nothing unusable is ever saved."""

from __future__ import annotations

import stat
import threading
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.config import editing
from aexdash.config.editing import ChangedMeanwhile, Edit, mark, save
from aexdash.config.in_force import Following, in_force
from aexdash.config.settings import ConfigError, load_settings

CONFIG = """\
# Our stores. Ask Ana before you change one.

[store.main]            # the first one
title = "My store"      # as on the door
model = 'overseas'
app_key = "123456"

[channel.team]
severity = "high"  # no noise

[store.second]
model = "pop"
# The end.
"""

SECRETS = (
    '# Never mail this file.\n[store.main]\napp_secret = "very-secret-word"\n[channel.team]\nurl = "slack://a/b/c"\n'
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "aexdash.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "secrets.toml").write_text(SECRETS, encoding="utf-8")
    (tmp_path / "secrets.toml").chmod(0o600)
    return tmp_path


def text_of(home: Path, name: str = "aexdash.toml") -> str:
    return (home / name).read_text(encoding="utf-8")


def test_a_value_changes_and_every_other_letter_stays(home):
    settings = save(home, Edit({("store", "main", "title"): "Our store"}))
    assert text_of(home) == CONFIG.replace('"My store"', '"Our store"')
    assert settings.stores["main"].title == "Our store"
    assert text_of(home, "secrets.toml") == SECRETS


ANNOTATED = """\
# who is told: first the team
[channel.team]
severity = "info" # all of it

# the boss, at night
[channel.boss]
severity = "critical"

# --- stores: ask Ana ---
[store.main]
model = "overseas"
# the end
"""


def test_with_a_channel_that_goes_no_comment_above_another_heading_goes(tmp_path):
    (tmp_path / "aexdash.toml").write_text(ANNOTATED)
    save(tmp_path, Edit({("channel", "team"): None}))
    gone = '[channel.team]\nseverity = "info" # all of it\n'
    assert text_of(tmp_path) == ANNOTATED.replace(gone, "")
    save(tmp_path, Edit({("channel", "boss"): None}))
    gone += '|[channel.boss]\nseverity = "critical"\n'
    left = ANNOTATED
    for lines in gone.split("|"):
        left = left.replace(lines, "")
    assert text_of(tmp_path) == left


LISTED = """\
[channel.team]
stores = [  # ask Ana
    # the old one
    "main",  # until May
    # those of Ben

    "second",  # his first
    "third"  # and last
]  # no others
severity = "high"
[store.main]
model = "pop"
[store.second]
model = "pop"
[store.third]
model = "pop"
[store.fourth]
model = "pop"
"""


@pytest.mark.parametrize(
    ("stores", "gone", "come"),
    [
        (["main", "second", "third", "fourth"], [], ['"fourth"']),
        (["main", "third"], ['"second"  # his first'], []),
        (["second", "third"], ['"main"  # until May'], []),
        (["main", "second"], ['"third"  # and last'], []),
        (["main", "fourth", "third"], ['"second"  # his first'], ['"fourth"']),
    ],
)
def test_of_a_list_on_several_lines_a_comment_goes_only_with_the_item_beside_it(tmp_path, stores, gone, come):
    (tmp_path / "aexdash.toml").write_text(LISTED)
    settings = save(tmp_path, Edit({("channel", "team", "stores"): stores}))
    assert settings.channels["team"].stores == tuple(stores)
    assert sorted([*lines_of(text_of(tmp_path)), *gone]) == sorted([*lines_of(LISTED), *come])


def lines_of(text: str) -> list[str]:
    """The lines that say something, without commas."""
    return [line.replace(",", "").strip() for line in text.splitlines() if line.strip()]


@given(st.lists(st.sampled_from(["main", "second", "third", "fourth"]), unique=True))
def test_whatever_a_list_becomes_its_file_says_that_and_keeps_the_comments_on_lines_of_their_own(stores):
    file = editing.ConfigFile(Path("aexdash.toml"), LISTED)
    found = editing.edited(file, {("channel", "team", "stores"): stores})
    assert found.content == {**file.content, "channel": {"team": {"severity": "high", "stores": stores}}}
    for comment in ("# ask Ana", "# the old one", "# those of Ben", "# no others"):
        assert found.text.count(comment) == 1


def test_a_text_that_looks_like_a_heading_stays_when_a_table_goes(tmp_path):
    (tmp_path / "aexdash.toml").write_text(
        '[channel.team]\nseverity = "info"\n[store.main]\nmodel = "overseas"\ntitle = """\n[channel.team]\nx"""\n'
    )
    settings = save(tmp_path, Edit({("channel", "team"): None}))
    assert (settings.channels, settings.stores["main"].title) == ({}, "[channel.team]\nx")


@pytest.mark.parametrize("text", ["store = 5\n", "[store]\nmain = 5\n", "[[store]]\nmodel = 'pop'\n"])
def test_what_stands_where_a_table_should_is_refused_in_a_sentence(tmp_path, text):
    (tmp_path / "aexdash.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"edit store\.main\.title there by hand"):
        save(tmp_path, Edit({("store", "main", "title"): "A name"}))
    assert text_of(tmp_path) == text


def test_a_value_that_stays_the_same_keeps_the_form_in_which_it_stands(home):
    save(home, Edit({("store", "main", "model"): "overseas", ("store", "main", "title"): "My store"}))
    assert text_of(home) == CONFIG


def test_a_new_store_is_written_into_both_files_and_its_secret_is_for_its_owner_alone(tmp_path):
    where = ("store", "main")
    edit = Edit(
        {(*where, "title"): "New", (*where, "model"): "choice", (*where, "app_key"): "77"},
        {(*where, "app_secret"): "hidden-word"},
    )
    settings = save(tmp_path / "home", edit)
    assert text_of(tmp_path / "home") == '[store.main]\ntitle = "New"\nmodel = "choice"\napp_key = "77"\n'
    secrets = tmp_path / "home" / "secrets.toml"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert settings.stores["main"].app_secret.get_secret_value() == "hidden-word"
    assert settings.warnings == ()
    assert "hidden-word" not in repr(edit)


def test_a_store_between_two_others_of_another_kind_and_a_second_channel_are_put_beside_them(home):
    edit = Edit(
        {("store", "third", "model"): "choice", ("channel", "mail", "severity"): "low", ("workspace", "zone"): "UTC"}
    )
    settings = save(home, edit)
    assert set(settings.stores) == {"main", "second", "third"}
    assert settings.channels["mail"].severity == "low"
    assert [line for line in text_of(home).splitlines() if "#" in line] == [
        line for line in CONFIG.splitlines() if "#" in line
    ]


def test_a_value_that_goes_lets_the_default_stand_again_and_a_heading_goes_with_its_secrets(home):
    save(home, Edit({("store", "main", "title"): None}))
    assert load_settings(home).stores["main"].title == ""
    settings = save(home, Edit({("channel", "team"): None}, {("channel", "team"): None}))
    assert settings.channels == {}
    assert text_of(home, "secrets.toml") == '# Never mail this file.\n[store.main]\napp_secret = "very-secret-word"\n'


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Edit({("store", "main", "model"): "ovrseas"}), "unknown model 'ovrseas'; did you mean 'overseas'"),
        (Edit({("store", "main", "pulse_seconds"): 0}), "pulse_seconds of store main"),
        (Edit({("workspace", "zone"): "Mars/Base"}), "there is no time zone 'Mars/Base'"),
        (Edit({}, {("store", "lost", "app_secret"): "x"}), "[store.lost] matches no store of aexdash.toml"),
        (Edit({("store", "main", "app_secret"): "x"}), "app_secret is a secret"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_sentence_of_the_files_and_nothing_is_written(home, edit, sentence):
    with pytest.raises(ConfigError) as refused:
        save(home, edit)
    assert sentence in str(refused.value)
    assert (text_of(home), text_of(home, "secrets.toml")) == (CONFIG, SECRETS)


def test_a_file_that_is_broken_is_not_written_over(home):
    (home / "aexdash.toml").write_text("[store.main\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"is not valid TOML: .*line 1"):
        save(home, Edit({("store", "main", "title"): "x"}))
    assert text_of(home) == "[store.main\n"


def test_what_somebody_else_has_saved_meanwhile_is_not_overwritten(home):
    seen = mark(home)
    save(home, Edit({("store", "main", "title"): "Ana's"}), seen)
    with pytest.raises(ChangedMeanwhile, match="changed since you saw them"):
        save(home, Edit({("store", "main", "title"): "Ben's"}), seen)
    assert load_settings(home).stores["main"].title == "Ana's"


def test_two_who_save_at_once_both_find_their_change_in_the_file(home):
    names = [f"store{number}" for number in range(8)]
    threads = [threading.Thread(target=save, args=(home, Edit({("store", name, "model"): "pop"}))) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(names) <= set(load_settings(home).stores)


def test_line_ends_rights_and_links_of_a_file_stay_what_they_are(home):
    kept = home / "elsewhere.toml"
    kept.write_bytes(CONFIG.replace("\n", "\r\n").encode())
    kept.chmod(0o640)
    (home / "aexdash.toml").unlink()
    (home / "aexdash.toml").symlink_to(kept)
    (home / "secrets.toml").chmod(0o644)
    save(home, Edit({("store", "main", "title"): "Ours"}, {("store", "main", "app_secret"): "other"}))
    assert (home / "aexdash.toml").is_symlink()
    assert kept.read_bytes() == CONFIG.replace("\n", "\r\n").replace("My store", "Ours").encode()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert stat.S_IMODE((home / "secrets.toml").stat().st_mode) == 0o600


def test_between_the_two_files_of_one_edit_what_is_read_can_always_be_used(home, monkeypatch):
    seen, replace = [], editing._replace

    def replace_and_read(path, text, mode):
        replace(path, text, mode)
        seen.append(sorted(load_settings(home).channels))

    monkeypatch.setattr(editing, "_replace", replace_and_read)
    save(home, Edit({("channel", "mail", "severity"): "low"}, {("channel", "mail", "url"): "mailto://x"}))
    save(home, Edit({("channel", "team"): None}, {("channel", "team"): None}))
    assert seen == [["mail", "team"], ["mail", "team"], ["mail", "team"], ["mail"]]


def test_a_folder_that_cannot_be_written_is_one_sentence(home, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(editing.tempfile, "mkstemp", full)
    with pytest.raises(ConfigError, match=r"cannot be written \(No space left on device\)"):
        save(home, Edit({("store", "main", "title"): "x"}))
    assert text_of(home) == CONFIG


NAMES = st.sampled_from(["title", "app_key", "redirect_uri"])
TEXTS = st.text(max_size=20)
FORMS = st.sampled_from(
    [
        '[store.main]\nmodel = "pop"\n',
        'store.main.model = "pop"\n',
        'store = {main = {model = "pop"}}  # short\n',
        '[store]\n[store.main]\nmodel = "pop"\n[feed.main]\n[store.two]\nmodel = "pop"\n[feed.two]\n',
        '[store.two]\nmodel = "pop"\n[feed.main]\naccount = "7"\n[store.main]\nmodel = "pop" # c\n',
        '# alone\n[ store . "main" ]\nmodel = """pop"""\n\n\n# end',
    ]
)


@given(FORMS, st.dictionaries(NAMES, st.one_of(st.none(), TEXTS), max_size=3))
@pytest.mark.parametrize("store", ["main", "new"])
def test_in_whatever_form_a_file_is_written_an_edit_gives_just_its_values_or_is_refused(store, form, values):
    """Against a plain model: the parsed content with the values put in."""
    file = editing.ConfigFile(Path("aexdash.toml"), form)
    wanted = tomllib.loads(form)
    table = wanted["store"].setdefault(store, {})
    for name, value in values.items():
        table.pop(name, None) if value is None else table.__setitem__(name, value)
    try:
        found = editing.edited(file, {("store", store, name): value for name, value in values.items()})
    except ConfigError:
        return  # and the file stays as it was
    assert {**found.content["store"], store: found.content["store"].get(store, {})} == wanted["store"]
    assert found.text.count("#") == form.count("#") + "".join(str(v) for v in values.values() if v).count("#")


# Which settings are in force.


def test_a_file_that_breaks_leaves_the_last_good_settings_in_force_and_says_which_line_is_wrong(home):
    assert in_force(home).problem == ""
    (home / "aexdash.toml").write_text(CONFIG.replace("'overseas'", "'ovrseas'"), encoding="utf-8")
    found = in_force(home)
    assert found.settings.stores["main"].model == "overseas"
    assert "aexdash.toml, line 5: unknown model 'ovrseas'" in found.problem
    (home / "aexdash.toml").write_text(CONFIG, encoding="utf-8")
    assert in_force(home).problem == ""


def test_a_file_that_is_gone_is_not_one_without_stores(home):
    said: list[str] = []
    following = Following(in_force(home).settings, said.append)
    (home / "aexdash.toml").unlink()
    found = in_force(home)
    assert list(found.settings.stores) == ["main", "second"]
    assert found.problem.startswith(f"aexdash.toml is gone from {home}: put it back, or start aexdash anew")
    assert [following.look() for _ in range(3)] == [False] * 3
    assert said == [f"The settings stay as they were: {found.problem}"]
    assert list(following.settings.stores) == ["main", "second"]


def test_files_that_could_never_be_used_are_refused_as_always(tmp_path):
    (tmp_path / "aexdash.toml").write_text("nonsense", encoding="utf-8")
    with pytest.raises(ConfigError):
        in_force(tmp_path)


def test_a_change_is_followed_once_two_looks_have_found_it(home):
    said: list[str] = []
    following = Following(load_settings(home), said.append)
    assert [following.look(), following.look(), following.look()] == [False, False, False]
    save(home, Edit({("store", "main", "title"): "Ours"}))
    assert [following.look(), following.look(), following.look()] == [False, True, False]
    assert following.settings.stores["main"].title == "Ours"
    assert said == []


def test_half_a_file_and_a_broken_one_change_nothing_and_the_broken_one_is_told_once(home):
    said: list[str] = []
    following = Following(load_settings(home), said.append)
    (home / "aexdash.toml").write_text("", encoding="utf-8")
    assert not following.look()
    (home / "aexdash.toml").write_text("[store.main", encoding="utf-8")
    assert [following.look() for _ in range(4)] == [False] * 4
    assert list(following.settings.stores) == ["main", "second"]
    [sentence] = said
    assert sentence.startswith("The settings stay as they were: ")
    assert "line 1" in sentence
