from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from aexdash.aliexpress.listings import DIALECTS
from aexdash.config.sections.assistants import AssistantSettings
from aexdash.config.sections.stores import EDIT_URLS
from aexdash.config.settings import ConfigError, Settings, home_directory, load_settings
from aexdash.model import BUSINESS_MODELS
from aexdash.people.rights import Grant, Rights, Role

STORE = """
[store.main]
title = "My store"
model = "overseas"
gateway = "https://api-sg.aliexpress.com"
app_key = "123456"
"""

SECRETS = """
[store.main]
app_secret = "very-secret-word"
access_token = "token-word"
"""


def write(home: Path, config: str = "", secrets: str = "") -> Path:
    (home / "aexdash.toml").write_text(config, encoding="utf-8")
    if secrets:
        (home / "secrets.toml").write_text(secrets, encoding="utf-8")
        (home / "secrets.toml").chmod(0o600)
    return home


def complaint(home: Path, config: str, secrets: str = "") -> str:
    write(home, config, secrets)
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    return str(caught.value).replace(str(home), "HOME")


def test_a_store_is_read_from_both_files(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, STORE, SECRETS))
    store = settings.store("main")
    assert (store.key, store.title, store.model, store.app_key) == ("main", "My store", "overseas", "123456")
    assert store.app_secret == SecretStr("very-secret-word")
    assert (store.pulse_seconds, store.sweep_seconds, store.stale_after_seconds) == (60, 3600, 300)
    assert (store.watched, store.calls_per_second, store.calls_per_hour) == (True, 10.0, None)
    assert store.edit_url == "https://gsp.aliexpress.com/m_apps/product-publish/publish?productId={product_id}"
    assert settings.warnings == ()


def test_days_and_digests_are_of_the_zone_of_the_workspace(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, STORE)).tzinfo == UTC
    channels = '[channel.here]\ndigest = "daily 18:00"\n[channel.there]\ndigest = "daily 18:00"\nzone = "UTC"\n'
    settings = load_settings(write(tmp_path, f'{STORE}[workspace]\nzone = "Asia/Shanghai"\n{channels}'))
    assert (settings.zone, settings.tzinfo) == ("Asia/Shanghai", ZoneInfo("Asia/Shanghai"))
    assert {name: channel.zone for name, channel in settings.channels.items()} == {
        "here": "Asia/Shanghai",
        "there": "UTC",
    }


def test_a_home_without_files_has_no_stores(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "nowhere") == Settings(home=tmp_path / "nowhere")


def test_paths_of_a_home(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    paths = (
        settings.config_path,
        settings.secrets_path,
        settings.snapshot_path,
        settings.desk_path,
        settings.pictures_dir,
        settings.lease_path,
    )
    assert [str(path.relative_to(tmp_path)) for path in paths] == [
        "aexdash.toml",
        "secrets.toml",
        "snapshot.db",
        "desk.db",
        "pictures",
        "snapshot.lock",
    ]


def test_home_comes_from_the_option_then_the_environment_then_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AEXDASH_HOME", raising=False)
    assert home_directory() == Path("data")
    monkeypatch.setenv("AEXDASH_HOME", "/srv/desk")
    assert home_directory() == Path("/srv/desk")
    assert home_directory("elsewhere") == Path("elsewhere")


def test_the_environment_wins_over_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEXDASH_MAIN_APP_SECRET", "from-outside")
    monkeypatch.setenv("AEXDASH_MAIN_PULSE_SECONDS", "30")
    monkeypatch.setenv("AEXDASH_MAIN_KEY", "another")
    store = load_settings(write(tmp_path, STORE, SECRETS)).store("main")
    assert (store.app_secret.get_secret_value(), store.pulse_seconds, store.key) == ("from-outside", 30, "main")


def test_a_dash_in_a_key_is_an_underscore_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEXDASH_NORTH_2_APP_SECRET", "from-outside")
    settings = load_settings(write(tmp_path, STORE.replace("main", "north-2")))
    assert settings.store("north-2").app_secret.get_secret_value() == "from-outside"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            "[store.main\n",
            (
                "HOME/aexdash.toml is not valid TOML: Expected ']' at the end of a table declaration "
                "(at line 1, column 12); correct that line."
            ),
        ),
        (
            STORE.replace("title", "titel"),
            "HOME/aexdash.toml, line 3: unknown key 'titel'; did you mean 'title'.",
        ),
        (
            STORE.replace('"overseas"', '["overseas"]'),
            (
                "HOME/aexdash.toml, line 4: unknown model ['overseas']; did you mean 'overseas'; "
                "use one of overseas, pop, choice, overseas_managed."
            ),
        ),
        ("[stores.main]\n", "HOME/aexdash.toml, line 1: unknown key 'stores'; did you mean 'store'."),
        (
            STORE.replace('"overseas"', '"oversees"'),
            (
                "HOME/aexdash.toml, line 4: unknown model 'oversees'; did you mean 'overseas'; "
                "use one of overseas, pop, choice, overseas_managed."
            ),
        ),
        (
            '[store.main]\napp_key = "1"\n',
            (
                "HOME/aexdash.toml, line 1: store main names no model: "
                "add model = one of overseas, pop, choice, overseas_managed."
            ),
        ),
        (
            STORE.replace("[store.main]", "[store.Main]"),
            "HOME/aexdash.toml, line 2: store key 'Main' must be of a-z, 0-9, _ and - only: rename it.",
        ),
        (
            STORE.replace("https://api-sg", "http://api-sg"),
            "HOME/aexdash.toml, line 5: gateway of store main: must begin with https://, because tokens travel to it.",
        ),
        (
            STORE + 'edit_url = "https://example.com/"\n',
            "HOME/aexdash.toml, line 7: edit_url of store main: must begin with https:// and contain {product_id}.",
        ),
        (
            STORE + 'edit_url = "http://edit.example/{product_id}"\n',
            "HOME/aexdash.toml, line 7: edit_url of store main: must begin with https:// and contain {product_id}.",
        ),
        (
            STORE + 'item_url = "javascript:alert({product_id})"\n',
            "HOME/aexdash.toml, line 7: item_url of store main: must begin with https:// and contain {product_id}.",
        ),
        (
            STORE + 'app_secret = "very-secret-word"\n',
            "HOME/aexdash.toml, line 7: app_secret is a secret: move it to HOME/secrets.toml under [store.main].",
        ),
        (
            STORE + "pulse_seconds = 0\n",
            "HOME/aexdash.toml, line 7: pulse_seconds of store main: input should be greater than or equal to 1.",
        ),
        (
            '[phrases]\n"image.main_to_small" = ["x"]\n',
            "HOME/aexdash.toml, line 2: there is no reason 'image.main_to_small'; did you mean 'image.main_too_small'.",
        ),
        (
            '[phrases]\n"image.unclear" = ["too dark"]\nqqq.zzz = ["x"]\n',
            "HOME/aexdash.toml, line 3: there is no reason 'qqq.zzz'; the page Reasons lists the codes.",
        ),
        (
            '[phrases]\n"image.unclear" = "too dark"\n',
            (
                "HOME/aexdash.toml, line 2: the phrases of image.unclear must be a list of texts, "
                'like ["too dark", "背景太暗"].'
            ),
        ),
        (
            '[phrases]\n"image.unclear" = ["too dark", "the … !"]\n',
            (
                "HOME/aexdash.toml, line 2: the phrase 'the … !' of image.unclear says nothing: "
                "write the words that matter."
            ),
        ),
        (
            "phrases = 3\n",
            (
                "HOME/aexdash.toml, line 1: phrases must be a heading [phrases] with lines like "
                '"image.unclear" = ["too dark"].'
            ),
        ),
        ("store = 3\n", "HOME/aexdash.toml, line 1: store must be a table: write a heading like [store.main]."),
        (
            '[store]\nmodel = "pop"\n',
            "HOME/aexdash.toml, line 2: model is outside a store: put it under [store.main] or the like.",
        ),
        (
            STORE + '[workspace]\nzone = "Asia/Shangai"\n',
            (
                "HOME/aexdash.toml, line 8: zone of the workspace: there is no time zone 'Asia/Shangai'; "
                'write one like "Europe/Berlin".'
            ),
        ),
        (
            "[workspace]\nzone = 8\n",
            (
                "HOME/aexdash.toml, line 2: zone of the workspace: there is no time zone '8'; "
                'write one like "Europe/Berlin".'
            ),
        ),
        (
            '[workspace]\nzones = "UTC"\n',
            "HOME/aexdash.toml, line 2: unknown key 'zones'; did you mean 'zone'.",
        ),
        *(
            (STORE + f"{line}\n", f"HOME/aexdash.toml, line {STORE.count(chr(10)) + 1}: {said}")
            for line, said in (
                ("pulse_seconds = true", "pulse_seconds of store main: must be a number, not true."),
                ("calls_per_hour = false", "calls_per_hour of store main: must be a number, not false."),
                ("watched = 1", "watched of store main: must be true or false, not 1."),
            )
        ),
        ("[backup]\nkeep = true\n", "HOME/aexdash.toml, line 2: keep of backup: must be a number, not true."),
        (
            '[shop.two]\nkind = "shopify"\nread_seconds = true\n',
            "HOME/aexdash.toml, line 3: read_seconds of shop two: must be a number, not true.",
        ),
        ("workspace = 3\n", "HOME/aexdash.toml, line 1: workspace must be a table: write a heading [workspace]."),
        (
            STORE.replace("main", "a-b") + STORE.replace("main", "a_b"),
            "Stores 'a-b' and 'a_b' would share the variable AEXDASH_A_B_APP_SECRET: rename one of them.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_its_place(tmp_path: Path, config: str, expected: str) -> None:
    assert complaint(tmp_path, config) == expected


@pytest.mark.parametrize(
    ("secrets", "expected"),
    [
        (
            SECRETS.replace("app_secret", "app_secrt"),
            "HOME/secrets.toml, line 3: unknown key 'app_secrt'; did you mean 'app_secret'.",
        ),
        (
            SECRETS.replace("main", "mian"),
            "HOME/secrets.toml, line 2: [store.mian] matches no store of aexdash.toml; did you mean 'main'.",
        ),
        (
            SECRETS.replace('"very-secret-word"', "[5555]"),
            "HOME/secrets.toml, line 3: app_secret of store main: input should be a valid string.",
        ),
    ],
)
def test_a_mistake_among_the_secrets_repeats_no_secret(tmp_path: Path, secrets: str, expected: str) -> None:
    assert complaint(tmp_path, STORE, secrets) == expected


def test_a_wrong_variable_is_named_and_not_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEXDASH_MAIN_PULSE_SECONDS", "often")
    assert complaint(tmp_path, STORE) == (
        "The environment variable AEXDASH_MAIN_PULSE_SECONDS is wrong: "
        "input should be a valid integer, unable to parse string as an integer."
    )


def test_files_that_are_not_text_or_not_readable(tmp_path: Path) -> None:
    (tmp_path / "aexdash.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is not UTF-8 text: save it as UTF-8"):
        load_settings(tmp_path)
    (tmp_path / "aexdash.toml").unlink()
    (tmp_path / "aexdash.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path)


def test_loopback_may_speak_plain_http(tmp_path: Path) -> None:
    for host in ("http://127.0.0.1:8765/", "http://localhost:8765", "http://[::1]:8765"):
        store = load_settings(write(tmp_path, STORE.replace("https://api-sg.aliexpress.com", host))).store("main")
        assert store.gateway == host.rstrip("/")


def test_secrets_that_others_can_read_are_warned_about(tmp_path: Path) -> None:
    write(tmp_path, STORE, SECRETS)
    secrets = tmp_path / "secrets.toml"
    secrets.chmod(0o644)
    expected = f"{secrets} can be read by others (mode 0644): run chmod 600 {secrets}."
    assert load_settings(tmp_path).warnings == (expected,)


def test_no_secret_in_any_repr(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, STORE, SECRETS))
    shown = repr(settings) + str(settings) + repr(settings.store("main")) + settings.model_dump_json()
    assert "very-secret-word" not in shown
    assert "token-word" not in shown


def test_an_unknown_store_is_answered_with_those_there_are(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, STORE))
    with pytest.raises(ConfigError, match=r"No store 'mian' in .*; did you mean 'main'"):
        settings.store("mian")
    with pytest.raises(ConfigError, match=r"No store 'x' in .*: its stores are main"):
        settings.store("x")


def test_an_account_needs_key_and_secret(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, STORE))
    with pytest.raises(ConfigError) as caught:
        settings.store("main").account(tmp_path)
    assert str(caught.value) == (
        f"Store main has no app_secret: copy it from the AliExpress app console into {tmp_path}/secrets.toml under "
        "[store.main], or set AEXDASH_MAIN_APP_SECRET."
    )


def test_an_account_carries_the_settings(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, STORE + "calls_per_second = 0\n", SECRETS))
    account = settings.store("main").account(tmp_path)
    assert (account.key, account.model, account.app_secret) == ("main", "overseas", "very-secret-word")
    assert (account.token_file, account.calls_per_second) == (tmp_path / "tokens" / "main.json", None)
    assert "very-secret-word" not in repr(account)


def test_a_lead_adds_phrases_with_quotes_or_without(tmp_path: Path) -> None:
    lines = '[phrases]\n"image.unclear" = ["too dark", "背景太暗"]\ntitle.empty = ["nameless"]\n'
    settings = load_settings(write(tmp_path, STORE + lines))
    assert settings.phrases == {"image.unclear": ("too dark", "背景太暗"), "title.empty": ("nameless",)}
    phrases = settings.taxonomy().phrases
    assert (phrases["image.unclear"]["own"], phrases["title.empty"]["own"]) == (("too dark", "背景太暗"), ("nameless",))
    assert "own" not in phrases["ip.patent"]


def test_a_managed_store_opens_the_list_in_seller_center(tmp_path: Path) -> None:
    store = load_settings(write(tmp_path, STORE.replace("overseas", "overseas_managed"))).store("main")
    assert store.edit_url == "https://csp.aliexpress.com/m_apps/productManage/list-manage#{product_id}"
    assert store.item_url == "https://www.aliexpress.com/item/{product_id}.html"


def test_every_business_model_that_can_be_set_has_a_dialect_and_an_edit_page():
    assert set(BUSINESS_MODELS) == DIALECTS.keys() == EDIT_URLS.keys()


def test_assistants_are_not_answered_on_the_port_unless_it_is_set(tmp_path):
    (tmp_path / "aexdash.toml").write_text("")
    assert load_settings(tmp_path).assistants == AssistantSettings(http=False, profile="")
    (tmp_path / "aexdash.toml").write_text('[assistants]\nhttp = true\nprofile = "eu"\n')
    assert load_settings(tmp_path).assistants == AssistantSettings(http=True, profile="eu")


@pytest.mark.parametrize(
    ("public", "private", "sentence"),
    [
        ('token = "sixteen letters!"', "", "is a secret: move it to"),
        ("", 'token = "short"', "must have at least 16 characters"),
        ('stores = ["us"]', "", "there is no store us; there is eu"),
        ("", "http = true", "http"),
    ],
)
def test_a_slip_in_what_assistants_are_told_is_a_sentence_with_its_place(tmp_path, public, private, sentence):
    (tmp_path / "aexdash.toml").write_text(f'[store.eu]\nmodel = "overseas"\n[assistants]\n{public}\n')
    (tmp_path / "secrets.toml").write_text(f"[assistants]\n{private}\n")
    (tmp_path / "secrets.toml").chmod(0o600)
    with pytest.raises(ConfigError, match=re.escape(sentence)) as refused:
        load_settings(tmp_path)
    assert "sixteen letters!" not in str(refused.value)


def test_who_knows_the_token_of_assistants_may_read_some_stores_and_do_nothing(tmp_path):
    (tmp_path / "aexdash.toml").write_text('[store.eu]\nmodel = "overseas"\n[assistants]\nstores = ["eu"]\n')
    (tmp_path / "secrets.toml").write_text('[assistants]\ntoken = "sixteen letters!"\n')
    (tmp_path / "secrets.toml").chmod(0o600)
    told = load_settings(tmp_path).assistants
    assert told.rights == Rights((Grant(Role.VIEWER, frozenset(["eu"])),))
    assert "sixteen" not in repr(told)
    assert AssistantSettings().rights == Rights((Grant(Role.VIEWER),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[assistants]\nhtpp = true\n", r"aexdash\.toml, line 2: unknown key 'htpp'; did you mean 'http'\."),
        ('[assistants]\nhttp = "yes"\n', r"line 2: http of assistants: input should be a valid boolean\."),
        (
            "[assistants]\nhttp = true\nprofile = 1\n",
            r"line 3: profile of assistants: input should be a valid string\.",
        ),
        ("assistants = true\n", r"line 1: assistants must be a table: write a heading \[assistants\]\."),
    ],
)
def test_a_mistake_in_the_settings_of_assistants_names_its_line(tmp_path, text, said):
    (tmp_path / "aexdash.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        load_settings(tmp_path)
