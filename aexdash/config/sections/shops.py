"""What aexdash.toml and secrets.toml say of the seller's own shops, from which listings come."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator

from aexdash.config.file import ConfigError, ConfigFile, did_you_mean, safe_address, tables_of_both, variable_of
from aexdash.config.sections.section import Section, first_wrong
from aexdash.shops.account import ShopAccount, ShopKind

SHOP = "shop"
SECRETS = ("token", "client_secret")
EXAMPLES = {
    ShopKind.SHOPIFY: "https://name.myshopify.com",
    ShopKind.BIGCOMMERCE: "https://api.bigcommerce.com/stores/abc123",
}

Match = Literal["sku", "field", "mapping"]


class ShopSettings(Section):
    """One shop. Intervals are in seconds; paths are relative to the home."""

    key: str
    kind: ShopKind = Field(description="What the shop speaks; `csv` is a table that any shop can export.")
    title: str = Field(default="", description="The name on the pages; without one, the key.")
    address: str = Field(
        default="",
        description=f"Where it answers: `{EXAMPLES[ShopKind.SHOPIFY]}`, `{EXAMPLES[ShopKind.BIGCOMMERCE]}`; "
        "`http` for this machine alone.",
    )
    file: str = Field(
        default="",
        description="The table of a `csv`, with columns `sku,title,price,stock,status`; a path relative to the home.",
    )
    stores: tuple[str, ...] = Field(
        default=(), description="Keys of the stores whose listings come from it; empty: of every store."
    )
    match: Match = Field(
        default="sku",
        description="By what its variants are matched with listings: their SKU, a `field` of the shop, or a `mapping` "
        "file of yours.",
    )
    field: str = Field(
        default="",
        description="The field that holds the product id or the SKU code at AliExpress: `namespace.key` of a metafield "
        "(Shopify), the name of a custom field (BigCommerce), a heading (`csv`).",
    )
    mapping: str = Field(
        default="",
        description="Your file of two columns, `sku` of the shop and `listing`: a product id or a SKU code at "
        "AliExpress; a path relative to the home.",
    )
    currency: str = Field(
        default="",
        pattern="^([A-Z]{3})?$",
        description="The currency its prices are in, as `EUR`: a shop that tells another is not read. Without one, "
        "what the shop tells.",
    )
    client_id: str = Field(
        default="", description="Client ID of a Shopify app that gets its tokens itself; else the shop has a `token`."
    )
    token: SecretStr = Field(
        default=SecretStr(""), description="The token of a Shopify app (`shpat_…`) or of a BigCommerce API account."
    )
    client_secret: SecretStr = Field(default=SecretStr(""), description="The secret that belongs to `client_id`.")
    read_seconds: int = Field(default=3600, ge=60, description="Seconds between two readings of the whole catalogue.")
    stale_after_seconds: int = Field(
        default=10800,
        ge=60,
        description="Seconds after which its last complete reading is called stale, and what is beside it judged no "
        "more; sensibly some `read_seconds`.",
    )
    watched: bool = Field(default=True, description="`false` keeps a shop for its history: it is not read.")

    @field_validator("address")
    @classmethod
    def _address_is_safe(cls, value: str) -> str:
        return safe_address(value, EXAMPLES[ShopKind.SHOPIFY]) if value else ""

    def account(self, home: Path) -> ShopAccount:
        """Everything that is needed to read this shop.

        Raises:
            ConfigError: it has no key yet.
        """
        if (
            self.kind is not ShopKind.CSV
            and not self.token.get_secret_value()
            and not self.client_secret.get_secret_value()
        ):
            raise ConfigError(
                f"Shop {self.key} has no token: write one into {home / 'secrets.toml'} under [{SHOP}.{self.key}], or "
                f"set {variable_of(f'{SHOP}-{self.key}', 'token')}."
            )
        return ShopAccount(
            key=self.key,
            kind=self.kind,
            address=self.address,
            file=home / Path(self.file).expanduser() if self.file else None,
            token=self.token.get_secret_value(),
            client_id=self.client_id,
            client_secret=self.client_secret.get_secret_value(),
            match_field=self.field if self.match == "field" else "",
            currency=self.currency,
        )

    def mapping_path(self, home: Path) -> Path | None:
        """The mapping file; None where SKUs or a field match."""
        return home / Path(self.mapping).expanduser() if self.match == "mapping" else None


WRITTEN = tuple(name for name in ShopSettings.model_fields if name != "key")


def read_shops(config: ConfigFile, secrets: ConfigFile, stores: Collection[str]) -> dict[str, ShopSettings]:
    """Read the tables [shop.*] of both files, by key.

    Raises:
        ConfigError: something is written there that cannot be used; the text holds no secret.
    """
    public, private = tables_of_both(SHOP, config, secrets, SECRETS)
    shops = {key: _shop(key, table, private.get(key, {}), config, secrets) for key, table in public.items()}
    for shop in shops.values():
        _refuse_unfit(shop, config, stores)
    return shops


def _shop(
    key: str, table: Mapping[str, Any], private: Mapping[str, Any], config: ConfigFile, secrets: ConfigFile
) -> ShopSettings:
    where = (SHOP, key)
    for name in SECRETS:
        if name in table:
            raise config.error((*where, name), f"{name} is a secret: move it to {secrets.path} under [{SHOP}.{key}]")
    config.refuse_unknown(where, table, tuple(name for name in WRITTEN if name not in SECRETS))
    hidden = {name: os.environ.get(variable_of(f"{SHOP}-{key}", name), "") or private.get(name, "") for name in SECRETS}
    for name, value in hidden.items():
        if not isinstance(value, str) or not value.isascii() or (value and not value.isprintable()):
            raise secrets.error((*where, name), f"{name} of shop {key} must be a text of letters and digits")
    try:
        shop = ShopSettings(**{**table, **{name: value.strip() for name, value in hidden.items()}, "key": key})
    except ValidationError as error:
        name, wrong = first_wrong(error)
        file = secrets if name in SECRETS else config
        raise file.error((*where, name), f"{name} of shop {key}: {wrong}") from None
    return shop


def _refuse_unfit(shop: ShopSettings, config: ConfigFile, stores: Collection[str]) -> None:
    """Refuse what no shop of its kind can be."""
    where = (SHOP, shop.key)
    for store in shop.stores:
        if store not in stores:
            hint = did_you_mean(store, stores) or f": its stores are {', '.join(stores) or 'none yet'}"
            raise config.error((*where, "stores"), f"stores of shop {shop.key}: no store {store!r}{hint}")
    needed = "file" if shop.kind is ShopKind.CSV else "address"
    if not getattr(shop, needed):
        example = EXAMPLES.get(shop.kind, "shop.csv")
        raise config.error(where, f'shop {shop.key} names no {needed}: add {needed} = "{example}"')
    for name in ("field", "mapping"):
        if shop.match == name and not getattr(shop, name):
            raise config.error((*where, "match"), f"match of shop {shop.key} is {name!r}: add {name} = …")
    if shop.kind is ShopKind.SHOPIFY and shop.match == "field" and "." not in shop.field.strip("."):
        raise config.error((*where, "field"), f'field of shop {shop.key} must be like "custom.aliexpress_id"')
    if bool(shop.client_id) != bool(shop.client_secret.get_secret_value()) and not shop.token.get_secret_value():
        lacking = "client_secret" if shop.client_id else "client_id"
        raise config.error(where, f"shop {shop.key} has no {lacking}: client_id and client_secret belong together")
