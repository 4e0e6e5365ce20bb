"""The shops on the page Settings: added, changed, tried and removed, and no secret is ever shown."""

from __future__ import annotations

import stat

import pytest

from aexdash.clock import system_clock
from aexdash.config.settings import load_settings
from aexdash.connect import trying
from aexdash.demo.shops.bigcommerce import SimulatedBigCommerce
from aexdash.demo.shops.shopify import SimulatedShopify
from tests.shops.goods import goods, served
from tests.ui.reading import read_aloud
from tests.ui.sample import with_history
from tests.ui.settings.test_settings import faults, field, save, shown, text_of

TOKEN = "shpat_simulated"


@pytest.fixture
def folder(tmp_path):
    with_history(tmp_path)
    return tmp_path


@pytest.fixture
def shopify():
    return SimulatedShopify(goods, clock=system_clock)


@pytest.fixture
def url(shopify):
    with served(shopify) as address:
        yield address


def add(app, key: str, **said: str):
    field(app, "Key of the shop").set_value(key)
    for label, value in said.items():
        field(app, label.replace("_", " ")).set_value(value)
    return next(one for one in app.button if one.label == "Add shop").click().run()


def pressed(app, label: str):
    app = next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def boxes(app) -> list[tuple[str, str]]:
    told = [box for kind in ("success", "warning", "error") for box in getattr(app, kind)]
    return [(box.proto.title, read_aloud(box.value)) for box in told]


def test_a_shop_is_added_tried_and_said_in_words(open_page, folder, url):
    app = add(open_page(folder, "settings", part="shops"), "front", Name="Front", Address=url, Token=TOKEN)
    assert faults(app) == []
    shop = load_settings(folder).shops["front"]
    assert (shop.kind, shop.address, shop.token.get_secret_value()) == ("shopify", url, TOKEN)
    secrets = folder / "secrets.toml"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert TOKEN not in text_of(folder)
    assert TOKEN not in shown(app)
    [(title, words)] = [box for box in boxes(pressed(app, "Try it")) if "works" in box[0]]
    assert title == "It works"
    assert words.startswith("Front answers; its prices are in EUR. Its first page shows 5 products with ")
    assert "B-40 (Boots, ACTIVE, price 59.90, stock 3)" in words


def test_what_the_token_may_not_read_and_a_refused_one_are_said(open_page, folder, shopify, url):
    shopify.scopes = ("read_products", "read_inventory")
    app = pressed(add(open_page(folder, "settings", part="shops"), "front", Address=url, Token=TOKEN), "Try it")
    [(title, words)] = [box for box in boxes(app) if "works" in box[0]]
    assert title == "It works, but not wholly"
    assert "read_publications" in words
    shopify.tokens.clear()
    [(title, words)] = [box for box in boxes(pressed(app, "Try it")) if "work" in box[0]]
    assert title == "It does not work"
    assert TOKEN not in words


def test_a_shop_is_changed_comments_stay_and_it_is_removed(open_page, folder):
    before = '# the shop\n[shop.front]  # ours\nkind = "csv"\nfile = "shop.csv"\n'
    (folder / "aexdash.toml").write_text(text_of(folder) + before, encoding="utf-8")
    app = open_page(folder, "settings", part="shops")
    field(app, "Seconds after which it is called stale", "number_input").set_value(7200)
    field(app, "Only of these stores", "multiselect").set_value(["main"])
    app = save(app, "shop")
    assert faults(app) == []
    shop = load_settings(folder).shops["front"]
    assert (shop.stale_after_seconds, shop.stores) == (7200, ("main",))
    assert "# the shop\n[shop.front]  # ours\n" in text_of(folder)
    field(app, "A variant is matched by", "selectbox").select("mapping")
    app = save(app, "shop")
    assert "match of shop front is 'mapping': add mapping" in faults(app)[0]
    app = pressed(open_page(folder, "settings", part="shops"), "Remove shop")
    assert load_settings(folder).shops == {}
    assert "# the shop" in text_of(folder)


@pytest.mark.parametrize(
    ("key", "address", "sentence"),
    [
        ("", "https://a.example", "Give the shop a key that no other has"),
        ("Front door", "https://a.example", "shop key 'Front door' must be of a-z, 0-9, _ and - only"),
        ("front", "http://a.example", "address of shop front: must begin with https://"),
        ("front", "", "shop front names no address"),
    ],
)
def test_what_cannot_be_a_shop_is_refused_with_a_sentence(open_page, folder, key, address, sentence):
    before = text_of(folder)
    app = add(open_page(folder, "settings", part="shops"), key, Address=address)
    assert sentence in faults(app)[0]
    assert text_of(folder) == before


def test_a_bigcommerce_shop_and_a_table_are_tried_too(tmp_path):
    (tmp_path / "shop.csv").write_text("sku,title,price,stock,status\nA-1,Boots,59.90,,active\n,Hat,9,1,draft\n")
    with served(SimulatedBigCommerce(goods)) as url:
        (tmp_path / "aexdash.toml").write_text(
            f'[shop.big]\nkind = "bigcommerce"\naddress = "{url}/stores/abc123"\n'
            '[shop.table]\nkind = "csv"\nfile = "shop.csv"\n[shop.none]\nkind = "csv"\nfile = "none.csv"\n'
        )
        (tmp_path / "secrets.toml").write_text('[shop.big]\ntoken = "simulated"\n')
        shops = load_settings(tmp_path).shops
        told = {key: trying.try_shop(shop, tmp_path, system_clock) for key, shop in shops.items()}
    assert told["big"].works
    assert "Its first page shows 5 products" in told["big"].seen
    assert told["table"].seen == (
        "Its first page shows 2 products with 2 variants, 1 of them without a SKU, such as "
        "A-1 (Boots, active, price 59.90, stock not known); no SKU (Hat, draft, price 9, stock 1)."
    )
    assert (told["none"].works, told["none"].judged.is_fine) == (False, False)
    assert "none.csv cannot be read" in told["none"].judged.says


def test_a_shop_that_asks_for_long_pauses_is_given_up_while_somebody_waits(tmp_path, shopify, url):
    shopify.faults.throttled = 99
    (tmp_path / "aexdash.toml").write_text(f'[shop.front]\nkind = "shopify"\naddress = "{url}"\n')
    (tmp_path / "secrets.toml").write_text(f'[shop.front]\ntoken = "{TOKEN}"\n')
    waited: list[float] = []
    told = trying.try_shop(load_settings(tmp_path).shops["front"], tmp_path, system_clock, sleep=waited.append)
    assert not told.works
    assert sum(waited) <= trying.PATIENCE
