"""The settings of the login: what cannot work is one sentence with its line, and no secret is repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.config.settings import ConfigError, load_settings
from aexdash.people.rights import Grant, Role

WHOLE = """[alerts]
address = "https://desk.example.com"
[login]
metadata_url = "https://id.example.com/.well-known/openid-configuration"
client_id = "aexdash"
"""
SECRET = '[login]\nclient_secret = "hush"\n'


def read(home, config, secrets=SECRET):
    (home / "aexdash.toml").write_text(config)
    (home / "secrets.toml").write_text(secrets)
    (home / "secrets.toml").chmod(0o600)
    return load_settings(home).login


def test_with_a_provider_everybody_signs_in_for_twelve_hours(tmp_path):
    login = read(tmp_path, WHOLE)
    assert (login.is_on, login.provider, login.max_age) == (True, "id.example.com", timedelta(hours=12))
    assert "hush" not in repr(login)
    assert not read(tmp_path, "", "").is_on


def test_the_secret_may_stand_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_LOGIN_CLIENT_SECRET", "hush")
    assert read(tmp_path, WHOLE, "").client_secret.get_secret_value() == "hush"


@pytest.mark.parametrize(
    ("config", "secrets", "said"),
    [
        (WHOLE, "", "client_secret is missing"),
        (WHOLE.replace('client_id = "aexdash"', ""), SECRET, "client_id is missing"),
        (WHOLE + 'client_secret = "hush"\n', "", "line 6: client_secret is a secret: move it to"),
        (WHOLE + "by_proxy = true\n", SECRET, "not both"),
        (WHOLE + 'by_proxy = "yes"\n', SECRET, "line 6: by_proxy of"),
        (WHOLE + "max_age_hours = 0\n", SECRET, "line 6: max_age_hours of"),
        (WHOLE + 'scope = "profile"\n', SECRET, "must contain openid"),
        (WHOLE + "rolse = 1\n", SECRET, "unknown key 'rolse'"),
        (WHOLE.replace("https://id", "http://id"), SECRET, "must begin with https://"),
        (WHOLE.replace("https://desk", "http://desk"), SECRET, "people sign in over https alone"),
        ("login = 3\n", "", "login must be a table"),
        (WHOLE + '[login.roles]\n"desk" = "admin"\n', SECRET, "line 7: 'admin' is no role"),
        (WHOLE + '[login.roles]\n"desk" = "oprator"\n', SECRET, "did you mean 'operator'"),
        (WHOLE + '[login.roles]\n"desk" = { role = "owner", store = ["eu"] }\n', SECRET, "unknown key 'store'"),
        (WHOLE + '[login.roles]\n"desk" = { role = "owner", stores = ["eu"] }\n', SECRET, "no store 'eu'"),
        (WHOLE + '[login.roles]\n"desk" = { role = "owner", stores = [] }\n', SECRET, "stores is a list of keys"),
        (WHOLE + 'roles = "owner"\n', SECRET, "roles must be a table"),
        ('[login]\nclient_id = "aexdash"\n', "", "metadata_url does not name one"),
    ],
)
def test_what_cannot_work_is_a_sentence_with_its_place(tmp_path, config, secrets, said):
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, config, secrets)
    assert said in str(refused.value)
    assert "hush" not in str(refused.value)


def test_roles_are_of_groups_in_every_store_or_in_some(tmp_path):
    more = (
        '[login.roles]\n"leads" = "owner"\n"desk" = { role = "operator", stores = ["eu"] }\n[store.eu]\nmodel = "pop"\n'
    )
    assert read(tmp_path, WHOLE + more).roles == {
        "leads": Grant(Role.OWNER),
        "desk": Grant(Role.OPERATOR, frozenset(["eu"])),
    }
    assert read(tmp_path, WHOLE).roles == {}


def test_a_try_on_this_machine_needs_no_https(tmp_path):
    assert read(tmp_path, WHOLE.replace("https://desk.example.com", "http://localhost:8501")).is_on
