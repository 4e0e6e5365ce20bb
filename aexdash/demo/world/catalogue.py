"""What the simulated store sells: the kinds of category, their attributes, and the words its titles are made of.

Category and attribute ids look like AliExpress's; which attributes a category requires is this catalogue's own choice.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttributeDef:
    """An attribute a category may ask for: names in three languages, allowed values (none: free text)."""

    attribute_id: int
    english: str
    russian: str
    chinese: str
    values: tuple[str, ...] = ()

    def value_id(self, value: str) -> int:
        """Return the id of an allowed value; free text has the platform's catch-all id 4."""
        return self.attribute_id * 1000 + self.values.index(value) if value in self.values else 4


BRANDS = (
    "Lumora", "Veltrix", "Nordhaven", "Kaito", "Brisalia", "Pawfect Way", "Oranta", "Solvane", "Minuet", "Corvano",
    "Yuvela", "Zephyra", "Ralino", "Mirta Home",
)  # fmt: skip
"""The brands this seller is authorised for."""

BRAND = AttributeDef(2, "Brand Name", "Название бренда", "品牌", BRANDS)
ORIGIN = AttributeDef(219, "Origin", "Происхождение", "产地", ("Mainland China", "Spain", "Turkey", "Poland"))

ATTRIBUTES: dict[str, AttributeDef] = {
    "brand": BRAND,
    "origin": ORIGIN,
    "material": AttributeDef(
        10,
        "Material",
        "Материал",
        "材质",
        ("Silicone", "Cotton", "Polyester", "ABS", "Stainless Steel", "Wood", "Alloy"),
    ),
    "type": AttributeDef(351, "Type", "Тип", "类型", ("Standard", "Portable", "Foldable", "Premium", "Mini")),
    "model": AttributeDef(3, "Model Number", "Номер модели", "型号"),
    "compatible": AttributeDef(
        200000137, "Compatible Model", "Совместимая модель", "适配型号", ("Universal", "6.1 inch", "6.7 inch", "Tablet")
    ),
    "connector": AttributeDef(200000828, "Connectors", "Разъёмы", "接口", ("USB-C", "Lightning", "3.5 mm", "Wireless")),
    "voltage": AttributeDef(200000455, "Voltage", "Напряжение", "电压", ("5V", "12V", "24V", "110-240V")),
    "battery": AttributeDef(200007763, "Battery Type", "Тип батареи", "电池类型", ("Li-Ion", "AAA", "None")),
    "season": AttributeDef(200000303, "Season", "Сезон", "季节", ("Summer", "Winter", "All Season")),
    "gender": AttributeDef(284, "Gender", "Пол", "性别", ("Women", "Men", "Unisex", "Kids")),
    "pattern": AttributeDef(200000329, "Pattern Type", "Узор", "图案类型", ("Solid", "Print", "Striped", "Floral")),
    "animal": AttributeDef(200060001, "Suitable For", "Подходит для", "适用动物", ("Dogs", "Cats", "Small animals")),
    "age": AttributeDef(200000662, "Recommend Age", "Возраст", "适用年龄", ("0-12m", "3-6y", "6-12y", "14+y")),
    "capacity": AttributeDef(100005859, "Capacity", "Объём", "容量", ("10L", "20L", "35L", "500ml")),
    "power": AttributeDef(200001101, "Power Source", "Питание", "电源", ("Solar", "Battery", "Electric")),
}

COLOUR = AttributeDef(14, "Color", "Цвет", "颜色", ("Black", "White", "Red", "Blue", "Green", "Pink", "Beige"))
SIZE = AttributeDef(5, "Size", "Размер", "尺码", ("XS", "S", "M", "L", "XL", "XXL"))
LENGTH = AttributeDef(200000639, "Length", "Длина", "长度", ("1m", "2m", "3m", "5m"))

TAILS_EN = (
    "for Home", "Gift Set", "New 2026", "High Quality", "Fast Delivery", "Upgraded Version", "Multi Color",
    "for Travel", "Outdoor", "Lightweight", "Durable", "Easy to Clean",
)  # fmt: skip
TAILS_RU = ("новинка 2026", "в подарок", "для дома", "для путешествий", "высокое качество", "быстрая доставка")
TAILS_ES = ("novedad 2026", "para regalo", "para el hogar", "para viaje", "alta calidad", "envío rápido")


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf category: its names, the noun of its titles, how its pictures look, what it requires.

    Names and nouns are English, Russian, Spanish; `cents` is the range of prices in US cents, `axis` what SKUs vary in.
    """

    category_id: int
    parent_id: int
    names: tuple[str, str, str]
    noun: tuple[str, str, str]
    shape: str
    cents: tuple[int, int]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    axis: AttributeDef
    qualifiers: tuple[str, ...]

    def required_attributes(self) -> tuple[AttributeDef, ...]:
        """Return what a listing here must fill in; brand and origin always."""
        return (BRAND, ORIGIN, *(ATTRIBUTES[key] for key in self.required))

    def attributes(self) -> tuple[AttributeDef, ...]:
        """Return everything a listing here may fill in, the required ones first."""
        return (*self.required_attributes(), *(ATTRIBUTES[key] for key in self.optional))

    @property
    def eu_person_needed(self) -> bool:
        """Whether a listing here must name a responsible person in the EU."""
        return self.parent_id in EU_PERSON_PARENTS

    def certificates(self) -> tuple[str, ...]:
        """Return the keys of the qualifications that a listing here must have."""
        return CERTIFICATES_OF_PARENT.get(self.parent_id, ())


PARENTS: dict[int, tuple[str, str, str]] = {
    509: ("Cellphones & Telecommunications", "Телефоны и телекоммуникации", "Teléfonos y telecomunicaciones"),
    44: ("Consumer Electronics", "Бытовая электроника", "Electrónica de consumo"),
    39: ("Lights & Lighting", "Освещение", "Luces e iluminación"),
    200000345: ("Women's Clothing", "Женская одежда", "Ropa de mujer"),
    200000343: ("Men's Clothing", "Мужская одежда", "Ropa de hombre"),
    15: ("Home & Garden", "Дом и сад", "Hogar y jardín"),
    18: ("Sports & Entertainment", "Спорт и развлечения", "Deportes y entretenimiento"),
    34: ("Automobiles, Parts & Accessories", "Автотовары", "Automóviles y accesorios"),
    1524: ("Luggage & Bags", "Багаж и сумки", "Maletas y bolsas"),
    200574005: ("Apparel Accessories", "Аксессуары для одежды", "Accesorios de moda"),
    1509: ("Jewelry & Accessories", "Украшения", "Joyería y accesorios"),
    66: ("Beauty & Health", "Красота и здоровье", "Belleza y salud"),
    1501: ("Mother & Kids", "Мать и ребёнок", "Mamá y niños"),
    26: ("Toys & Hobbies", "Игрушки и хобби", "Juguetes y aficiones"),
    1420: ("Tools", "Инструменты", "Herramientas"),
}

EU_PERSON_PARENTS = frozenset({509, 44, 39, 15, 18, 34, 66, 1501, 26, 1420})
"""What these sell needs a responsible person in the EU; clothing, bags and jewellery do not, in this catalogue."""

CERTIFICATES_OF_PARENT: dict[int, tuple[str, ...]] = {
    509: ("ce_certificate",),
    44: ("ce_certificate",),
    39: ("ce_certificate",),
    26: ("ce_certificate", "toy_safety_report"),
    1501: ("child_safety_report",),
}
