"""The page Settings: it shows what the files say, never a secret, and writes what somebody changed and nothing else."""

from __future__ import annotations

import pytest

from aexdash.config.sections.assistants import AssistantSettings
from aexdash.config.settings import load_settings
from aexdash.connect import signing
from aexdash.desk.profiles import Profiles
from aexdash.notify.services import SERVICES, NoAddress
from aexdash.people.rights import Grant, Rights, Role
from aexdash.words.connecting import MODEL_WORDS
from tests.ui.reading import led_on, read_aloud
from tests.ui.sample import NOW, home, with_history

SECRET = "very-secret-word"
SECRETS = f'# keep this\n[store.main]\napp_secret = "{SECRET}"\n'


@pytest.fixture
def folder(tmp_path):
    with_history(tmp_path)
    (tmp_path / "secrets.toml").write_text(SECRETS, encoding="utf-8")
    (tmp_path / "secrets.toml").chmod(0o600)
    return tmp_path


def text_of(folder, name="aexdash.toml") -> str:
    return (folder / name).read_text(encoding="utf-8")


def field(app, label: str, kind: str = "text_input"):
    return next(one for one in getattr(app, kind) if one.label == label)


def save(app, what: str):
    button = next(one for one in app.button if one.label == f"Save {what}")
    app = button.click().run()
    assert not app.exception
    return app


def faults(app) -> list[str]:
    return [read_aloud(box.value) for box in app.error if box.proto.title == "Nothing was saved"]


def shown(app) -> str:
    """All that the page's widgets hold and say."""
    return repr(
        [(one.value, one.proto) for kind in ("text_input", "markdown", "caption") for one in getattr(app, kind)]
    )


def test_a_store_is_renamed_and_paced_and_the_rest_of_its_file_stays(open_page, folder):
    (folder / "aexdash.toml").write_text("# Ours.\n" + text_of(folder) + "# The end.\n", encoding="utf-8")
    app = open_page(folder, "settings")
    assert not app.exception
    before = text_of(folder)
    field(app, "Name").set_value("Blue door")
    field(app, "Seconds between two readings of what is held", "number_input").set_value(30)
    app = save(app, "store")
    assert faults(app) == []
    store = load_settings(folder).stores["main"]
    assert (store.title, store.pulse_seconds) == ("Blue door", 30)
    kept = [line for line in before.splitlines() if not line.startswith("title")]
    assert [line for line in text_of(folder).splitlines() if line in kept] == kept
    assert text_of(folder, "secrets.toml") == SECRETS


def test_what_assistants_may_do_is_edited_in_the_workspace(open_page, folder):
    Profiles(folder / "desk.db").make("Europe", ["main"], by="Ana", now=NOW)
    app = open_page(folder, "settings", part="workspace")
    assert field(app, "Answer assistants at /mcp", "toggle").value is False
    field(app, "Answer assistants at /mcp", "toggle").set_value(True)
    stores = field(app, "Stores assistants are told of", "selectbox")
    assert stores.options == ["Every store", "Europe"]
    stores.select("europe")
    app = save(app, "assistants")
    assert faults(app) == []
    told = load_settings(folder).assistants
    assert (told.http, told.profile) == (True, "europe")
    field(app, "Answer assistants at /mcp", "toggle").set_value(False)
    field(app, "Stores assistants are told of", "selectbox").select("")
    save(app, "assistants")
    assert "http" not in text_of(folder)
    assert load_settings(folder).assistants == AssistantSettings()


def test_what_goes_back_to_its_default_is_left_out_of_the_file(open_page, folder):
    app = open_page(folder, "settings")
    field(app, "Seconds between two readings of what is held", "number_input").set_value(30)
    app = save(app, "store")
    field(app, "Seconds between two readings of what is held", "number_input").set_value(60)
    app = save(app, "store")
    assert "pulse_seconds" not in text_of(folder)


def test_a_secret_is_replaced_and_never_shown(open_page, folder):
    app = open_page(folder, "settings")
    assert field(app, "App Secret").placeholder == "kept; type to replace it"
    assert SECRET not in shown(app)
    field(app, "App Secret").set_value("another-word")
    app = save(app, "store")
    assert text_of(folder, "secrets.toml") == SECRETS.replace(SECRET, "another-word")
    assert "another-word" not in shown(app)
    assert "another-word" not in text_of(folder)


def test_what_cannot_be_used_is_said_and_nothing_is_saved(open_page, folder):
    app, before = open_page(folder, "settings"), text_of(folder)
    field(app, "Gateway").set_value("http://elsewhere.example")
    app = save(app, "store")
    [sentence] = faults(app)
    assert "gateway of store main: must begin with https://, because tokens travel to it" in sentence
    assert str(folder) not in sentence
    assert text_of(folder) == before


def test_what_somebody_changed_meanwhile_is_not_written_over(open_page, folder):
    app = open_page(folder, "settings")
    field(app, "Name").set_value("Mine")
    theirs = text_of(folder).replace("My store", "Theirs")
    (folder / "aexdash.toml").write_text(theirs, encoding="utf-8")
    app = save(app, "store")
    assert faults(app) == ["The settings have been changed since you saw them, and nothing was saved: look again."]
    assert text_of(folder) == theirs
    assert field(app, "Name").value == "Theirs"


def test_what_the_environment_says_counts_before_and_is_locked(open_page, folder, monkeypatch):
    monkeypatch.setenv("AEXDASH_MAIN_APP_SECRET", "from-outside")
    app = open_page(folder, "settings")
    locked = field(app, "App Secret")
    assert (locked.disabled, locked.help) == (
        True,
        "AEXDASH_MAIN_APP_SECRET in the environment counts before what is saved here.",
    )
    assert "from-outside" not in shown(app)


def test_who_may_not_edit_saves_nothing(open_page, folder, monkeypatch):
    monkeypatch.setattr("aexdash.ui.settings.saving.rights", lambda: Rights((Grant(Role.OPERATOR),)))
    app, before = open_page(folder, "settings"), text_of(folder)
    field(app, "Name").set_value("Mine")
    app = save(app, "store")
    assert faults(app) == ["Only who may change the settings can save them."]
    assert text_of(folder) == before


def test_the_zone_and_the_address_of_the_pages_are_set(open_page, folder):
    app = open_page(folder, "settings", part="workspace")
    field(app, "Time zone", "selectbox").set_value("Asia/Shanghai")
    field(app, "Address of these pages").set_value("https://desk.example/")
    save(app, "workspace")
    settings = load_settings(folder)
    assert (settings.zone, settings.address) == ("Asia/Shanghai", "https://desk.example")


def test_a_feed_is_connected_with_its_key_in_the_secrets(open_page, folder):
    app = open_page(folder, "settings", part="feeds")
    field(app, "Account").set_value("acc-7")
    field(app, "API key of that account").set_value("feed-key")
    field(app, "SFTP folder").set_value("sftp://me@sftp.example.com/out")
    app = save(app, "feed")
    assert faults(app) == []
    feed = load_settings(folder).feeds["main"]
    assert (feed.account, feed.api_key.get_secret_value(), feed.sftp.host) == ("acc-7", "feed-key", "sftp.example.com")
    assert "feed-key" not in text_of(folder)
    assert "feed-key" not in shown(app)


# Channels.


def add(open_page, folder, service: str, name: str, **said: str):
    app = open_page(folder, "settings", part="channels")
    if service != "mail":
        next(one for one in app.get("button_group") if one.label == "Service").set_value(service).run()
    field(app, "Name of the channel").set_value(name)
    labels = {asked.name: asked.label for asked in SERVICES[service].asked}
    for word, value in said.items():
        kind = "selectbox" if word == "security" else "text_input"
        field(app, labels[word], kind).set_value(value)
    return next(one for one in app.button if one.label == "Add channel").click().run()


def test_a_mail_channel_is_filled_in_added_tested_changed_and_removed(open_page, folder):
    app = add(
        open_page,
        folder,
        "mail",
        "team",
        server="smtp.example.com",
        user="ana@example.com",
        password="p@ss/word",
        sender="desk@example.com",
        to="lead@example.com, b@example.com",
    )
    assert faults(app) == []
    channel = load_settings(folder).channels["team"]
    assert channel.url.get_secret_value() == (
        "mailtos://ana%40example.com:p%40ss%2Fword@smtp.example.com:587"
        "?from=desk%40example.com&to=lead%40example.com%2Cb%40example.com&mode=starttls"
    )
    assert "p%40ss" not in text_of(folder) + shown(app)
    app = app.button(key="test-team").click().run()
    assert "the worker has not sent it yet" in read_aloud(" ".join(one.value for one in app.markdown))
    field(app, "Told of alerts", "selectbox").set_value("high")
    field(app, "Digest").set_value("daily 18:00")
    app = save(app, "channel")
    assert faults(app) == []
    channel = load_settings(folder).channels["team"]
    assert (channel.severity, str(channel.digest)) == ("high", "daily 18:00")
    app.button(key="remove-channel-team").click().run()
    assert load_settings(folder).channels == {}
    assert text_of(folder, "secrets.toml").rstrip() == SECRETS.rstrip()


def test_that_mails_can_be_read_on_their_way_is_said_and_not_forbidden(open_page, folder):
    to = {"sender": "desk@example.com", "to": "lead@example.com", "security": "insecure"}
    app = add(open_page, folder, "mail", "team", server="mail.example", **to)
    warning = "travel without encryption and can be read on the way: mailtos:// encrypts them."
    assert [read_aloud(one.value) for one in app.toast if warning in read_aloud(one.value)] != []
    assert "team" in load_settings(folder).channels
    field(app, "Another address").set_value("mailto://localhost?from=a@b.example&to=c@d.example")
    assert [read_aloud(one.value) for one in save(app, "channel").toast] == ["Saved; in force within seconds."]


@pytest.mark.parametrize(
    ("service", "said", "address"),
    [
        ("slack", {"address": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"}, ""),
        ("discord", {"address": "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"}, ""),
        (
            "teams",
            {
                "address": "https://prod-12.westeurope.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64/"
                "triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=Abc-1"
            },
            "",
        ),
        ("telegram", {"token": "123456789:abcdefg_hij", "chat": "-1001234"}, "tgram://123456789:abcdefg_hij/-1001234"),
        ("webhook", {"address": "https://hooks.example/a", "key": "long-random"}, ""),
    ],
)
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # a plugin of apprise
def test_each_service_makes_a_channel_that_can_be_used(open_page, folder, service, said, address):
    app = add(open_page, folder, service, "team", **said)
    assert faults(app) == []
    channel = load_settings(folder).channels["team"]
    assert channel.url.get_secret_value() == (address or said["address"])
    assert channel.lacking == ""
    assert channel.key.get_secret_value() == said.get("key", "")
    assert said.get("address", said.get("token")) not in text_of(folder)


@pytest.mark.parametrize(
    ("service", "said", "sentence"),
    [
        ("mail", {"server": "smtp.example.com", "sender": "desk"}, "The address to write to is missing."),
        ("mail", {"server": "a b", "sender": "a@b.c", "to": "d@e.f"}, "The mail server must be a name like"),
        ("mail", {"server": "a", "sender": "a@b.c", "to": "d@e.f", "port": "99999"}, "The port must be a number"),
        ("mail", {"server": "a", "sender": "a b@c", "to": "d@e.f"}, "'a b@c' is no mail address."),
        ("slack", {"address": "https://evil.example/hooks.slack.com"}, "The address must be one that the service"),
        ("slack", {"address": "http://hooks.slack.com/services/x"}, "The address must be one that the service"),
        ("discord", {"address": "https://[discord.com/api/webhooks/1"}, "The address must be one that the service"),
        ("telegram", {"token": "nonsense", "chat": "1"}, "The bot's token must be as BotFather gave it"),
        ("telegram", {"token": "1:a", "chat": "a/b"}, "The chat must be a number"),
        ("webhook", {"address": " "}, "The address is missing."),
        ("webhook", {"address": "https://hooks.example/a", "key": " "}, "The key is missing."),
    ],
)
def test_what_makes_no_address_is_one_sentence_without_what_was_said_in_secret(service, said, sentence):
    with pytest.raises(NoAddress) as refused:
        SERVICES[service].address(said)
    assert str(refused.value).startswith(sentence)
    assert not any(
        asked.secret and said.get(asked.name, " ").strip() in str(refused.value)
        for asked in SERVICES[service].asked
        if said.get(asked.name, "").strip()
    )


def test_a_channel_with_a_name_that_is_missing_unfit_or_taken_is_refused_by_the_name_of_the_field(open_page, folder):
    webhook = {"address": "https://hooks.example/a", "key": "long-random"}
    app = add(open_page, folder, "webhook", "", **webhook)
    no_name = "Name of the channel: give it one that no other has, as team."
    assert faults(app) == [no_name]
    app = add(open_page, folder, "webhook", "Our team", **webhook)
    assert faults(app) == ["Name of the channel: 'Our team' must be of a-z, 0-9, _ and - only, as team."]
    assert load_settings(folder).channels == {}
    assert faults(add(open_page, folder, "webhook", "team", **webhook)) == []
    assert faults(add(open_page, folder, "webhook", "team", **webhook)) == [no_name]


def test_a_webhook_is_not_added_without_the_key_that_signs_its_messages(open_page, folder):
    before = text_of(folder)
    app = add(open_page, folder, "webhook", "team", address="https://hooks.example/a")
    assert faults(app) == ["The key is missing."]
    assert (text_of(folder), text_of(folder, "secrets.toml")) == (before, SECRETS)
    field(app, "Key").set_value("long-random")
    app = next(one for one in app.button if one.label == "Add channel").click().run()
    assert faults(app) == []
    assert load_settings(folder).channels["team"].key.get_secret_value() == "long-random"
    assert field(app, "Another key").placeholder == "kept; type to replace it"


def test_a_webhook_of_the_file_that_has_no_key_is_asked_for_one(open_page, folder):
    (folder / "aexdash.toml").write_text(text_of(folder) + '\n[channel.team]\nkind = "webhook"\n', encoding="utf-8")
    app = open_page(folder, "settings", part="channels")
    assert [one.label for one in app.text_input if one.placeholder == "none yet"] == ["Address", "Key"]
    field(app, "Address").set_value("https://hooks.example/a")
    field(app, "Key").set_value("long-random")
    app = save(app, "channel")
    assert load_settings(folder).channels["team"].lacking == ""
    assert [one.label for one in app.text_input if one.placeholder == "kept; type to replace it"] == [
        "Another address",
        "Another key",
    ]


# Before anything was read, and while a file is broken.


def test_before_anything_was_read_stores_can_be_edited_and_channels_wait(open_page, tmp_path):
    home(tmp_path)
    app = open_page(tmp_path, "settings")
    field(app, "Name").set_value("Blue door")
    save(app, "store")
    assert load_settings(tmp_path).stores["main"].title == "Blue door"
    app = open_page(tmp_path, "settings", part="channels")
    assert "Channels can be added once a store has been read" in app.info[0].value
    assert set(field(open_page(tmp_path, "settings"), "Business model", "selectbox").options) == {
        words[0] for words in MODEL_WORDS.values()
    }


def test_while_a_file_is_broken_the_page_says_which_line_and_saves_nothing(open_page, folder):
    app = open_page(folder, "settings")
    (folder / "aexdash.toml").write_text("[store.main\n", encoding="utf-8")
    app = app.run()
    assert "is not valid TOML" in read_aloud(app.error[0].value)
    assert "line 1" in read_aloud(app.error[0].value)
    assert "mend it, then the settings can be edited here again" in app.info[-1].value


def test_a_store_signs_in_again_on_the_page_connect(open_page, folder, monkeypatch):
    monkeypatch.setattr(signing, "require_gateway", lambda *_: None)  # whether it answers is of tests/ui/connect
    app = open_page(folder, "settings")
    app = next(one for one in app.button if one.label == "Sign in again").click().run()
    app = led_on(app)
    assert not app.exception
    assert "The next page is AliExpress' own" in " ".join(one.value for one in app.markdown)
