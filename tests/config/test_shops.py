"""The tables [shop.*]: what they may say, and the sentence for each slip."""

from __future__ import annotations

import pytest

from aexdash.config.settings import ConfigError, load_settings
from aexdash.shops.account import ShopKind

STORE = '[store.main]\nmodel = "overseas"\n'
SHOPIFY = '[shop.front]\nkind = "shopify"\naddress = "https://front.myshopify.com/"\n'


@pytest.fixture
def read(tmp_path):
    def settings(public, private=""):
        (tmp_path / "aexdash.toml").write_text(STORE + public)
        (tmp_path / "secrets.toml").write_text(private)
        (tmp_path / "secrets.toml").chmod(0o600)
        return load_settings(tmp_path)

    return settings


def test_a_shop_with_its_token(read, tmp_path):
    shop = read(SHOPIFY, '[shop.front]\ntoken = "shpat_1"\n').shop("front")
    account = shop.account(tmp_path)
    assert (account.kind, account.address, account.token) == (
        ShopKind.SHOPIFY,
        "https://front.myshopify.com",
        "shpat_1",
    )
    assert (shop.read_seconds, shop.match, shop.watched, account.match_field) == (3600, "sku", True, "")
    assert "shpat_1" not in f"{shop!r} {account!r}"


def test_the_environment_comes_before_the_file(read, tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_SHOP_FRONT_TOKEN", "shpat_2")
    assert read(SHOPIFY, '[shop.front]\ntoken = "shpat_1"\n').shop("front").account(tmp_path).token == "shpat_2"


def test_a_table_lies_in_the_home(read, tmp_path):
    shop = read('[shop.t]\nkind = "csv"\nfile = "shop.csv"\nmatch = "field"\nfield = "AliExpress ID"\n').shop("t")
    account = shop.account(tmp_path)
    assert (account.file, account.match_field) == (tmp_path / "shop.csv", "AliExpress ID")


def test_a_mapping_file(read, tmp_path):
    shop = read(SHOPIFY + 'match = "mapping"\nmapping = "map.csv"\n').shop("front")
    assert shop.mapping_path(tmp_path) == tmp_path / "map.csv"


def test_a_shop_without_a_token_says_where_to_write_one(read, tmp_path):
    said = r"Shop front has no token: .*secrets.toml under \[shop.front\], or set AEXDASH_SHOP_FRONT_TOKEN"
    with pytest.raises(ConfigError, match=said):
        read(SHOPIFY).shop("front").account(tmp_path)


@pytest.mark.parametrize(
    ("public", "private", "said"),
    [
        (SHOPIFY.replace("shopify", "shopfy", 1), "", "line 4: kind of shop front: "),
        (SHOPIFY + 'token = "x"\n', "", r"token is a secret: move it to .*secrets.toml under \[shop.front\]"),
        (SHOPIFY + 'stor = ["main"]\n', "", "unknown key 'stor'; did you mean 'stores'"),
        (SHOPIFY + 'stores = ["mian"]\n', "", "stores of shop front: no store 'mian'; did you mean 'main'"),
        (SHOPIFY + 'currency = "euro"\n', "", "line 6: currency of shop front: "),
        (SHOPIFY + 'match = "field"\n', "", "match of shop front is 'field': add field"),
        (SHOPIFY + 'match = "field"\nfield = "plain"\n', "", 'field of shop front must be like "custom.aliexpress_id"'),
        (SHOPIFY + "read_seconds = 5\n", "", "read_seconds of shop front: "),
        (SHOPIFY.replace("https", "http"), "", "address of shop front: must begin with https"),
        (SHOPIFY + 'client_id = "x"\n', "", "shop front has no client_secret"),
        (SHOPIFY, '[shop.frnt]\ntoken = "x"\n', r"\[shop.frnt\] matches no shop of aexdash.toml; did you mean 'front'"),
        (SHOPIFY, "[shop.front]\ntoken = 5\n", "token of shop front must be a text"),
        ('[shop.t]\nkind = "csv"\n', "", 'shop t names no file: add file = "shop.csv"'),
        ('[shop.b]\nkind = "bigcommerce"\n', "", "shop b names no address: add address = .*stores/abc123"),
    ],
)
def test_a_slip_is_one_sentence_with_its_place(read, public, private, said):
    with pytest.raises(ConfigError, match=said):
        read(public, private)


def test_a_shop_that_is_not_there(read):
    with pytest.raises(ConfigError, match=r"No shop 'frnt' in .*; did you mean 'front'"):
        read(SHOPIFY).shop("frnt")
