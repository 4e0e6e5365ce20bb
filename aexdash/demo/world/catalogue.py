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

# fmt: off
CATEGORIES: tuple[Category, ...] = (
    Category(
        380230, 509, ("Phone Cases & Covers", "Чехлы для телефонов", "Fundas para móvil"),
        ("Phone Case", "Чехол для телефона", "Funda para móvil"), "phone", (199, 1490),
        ("material", "compatible"), ("type", "pattern"), COLOUR,
        ("Shockproof", "Transparent", "Magnetic", "Soft Silicone", "Leather", "Slim", "with Card Holder", "Matte"),
    ),
    Category(
        63705, 44, ("Earphones & Headphones", "Наушники", "Auriculares"),
        ("Wireless Earbuds", "Беспроводные наушники", "Auriculares inalámbricos"), "ring", (990, 6990),
        ("connector", "battery"), ("model",), COLOUR,
        ("Noise Cancelling", "Bluetooth 5.4", "Sport", "Waterproof", "with Microphone", "Deep Bass", "Mini",
         "Touch Control"),
    ),
    Category(
        39050508, 39, ("LED Strips", "Светодиодные ленты", "Tiras LED"),
        ("LED Strip Light", "Светодиодная лента", "Tira de luces LED"), "strip", (349, 3990),
        ("voltage", "power"), ("type",), LENGTH,
        ("RGB", "Waterproof", "USB", "Smart App", "Motion Sensor", "Dimmable", "Self-adhesive", "Neon"),
    ),
    Category(
        200003482, 200000345, ("Dresses", "Платья", "Vestidos"),
        ("Midi Dress", "Платье миди", "Vestido midi"), "dress", (1290, 5990),
        ("material", "season", "pattern"), ("gender",), SIZE,
        ("Elegant", "Summer", "V Neck", "Floral", "Long Sleeve", "Casual", "Wrap", "Vintage"),
    ),
    Category(
        200001424, 15, ("Dog Harnesses", "Шлейки для собак", "Arneses para perros"),
        ("Dog Harness", "Шлейка для собак", "Arnés para perro"), "strap", (590, 2990),
        ("material", "animal"), ("type", "pattern"), SIZE,
        ("No Pull", "Reflective", "Adjustable", "Breathable Mesh", "with Leash", "Tactical", "Padded", "Small Breed"),
    ),
    Category(
        200000532, 200000345, ("Blouses & Shirts", "Блузки и рубашки", "Blusas y camisas"),
        ("Blouse", "Женская блузка", "Blusa de mujer"), "shirt", (890, 3590),
        ("material", "season"), ("pattern", "gender"), SIZE,
        ("Chiffon", "Office", "Loose", "Satin", "Puff Sleeve", "Striped", "Oversized", "Linen"),
    ),
    Category(
        200000707, 200000343, ("T-Shirts", "Футболки", "Camisetas"),
        ("T-Shirt", "Мужская футболка", "Camiseta de hombre"), "shirt", (590, 2590),
        ("material", "gender"), ("season", "pattern"), SIZE,
        ("Cotton", "Oversized", "Quick Dry", "Round Neck", "Graphic", "Vintage", "Slim Fit", "Heavyweight"),
    ),
    Category(
        200214206, 44, ("Smart Watches", "Умные часы", "Relojes inteligentes"),
        ("Smart Watch", "Умные часы", "Reloj inteligente"), "ring", (1990, 12990),
        ("battery", "compatible", "model"), ("material",), COLOUR,
        ("AMOLED", "Bluetooth Call", "Heart Rate", "GPS", "Waterproof", "Fitness", "Always On", "Sleep Monitor"),
    ),
    Category(
        201336907, 509, ("Power Banks", "Внешние аккумуляторы", "Baterías externas"),
        ("Power Bank", "Внешний аккумулятор", "Batería externa"), "box", (1290, 6990),
        ("battery", "connector"), ("capacity", "model"), COLOUR,
        ("20000mAh", "Fast Charging", "10000mAh", "Magnetic", "65W", "with Cable", "Slim", "LED Display"),
    ),
    Category(
        200001086, 509, ("Data Cables", "Кабели передачи данных", "Cables de datos"),
        ("USB-C Cable", "Кабель USB-C", "Cable USB-C"), "strip", (149, 1290),
        ("connector", "compatible"), ("material",), LENGTH,
        ("100W", "Braided", "Fast Charging", "Right Angle", "Liquid Silicone", "Double Elbow", "LED", "480Mbps"),
    ),
    Category(
        100004814, 15, ("Storage Boxes & Bins", "Ящики для хранения", "Cajas de almacenaje"),
        ("Storage Box", "Ящик для хранения", "Caja de almacenaje"), "box", (490, 3990),
        ("material", "capacity"), ("type",), COLOUR,
        ("Stackable", "with Lid", "Foldable", "Transparent", "Under Bed", "Drawer", "Fabric", "Large"),
    ),
    Category(
        1538, 15, ("Baking & Pastry Tools", "Формы для выпечки", "Moldes de repostería"),
        ("Baking Mold", "Форма для выпечки", "Molde de repostería"), "ring", (290, 1990),
        ("material",), ("type", "capacity"), COLOUR,
        ("Silicone", "Non Stick", "12 Cups", "Muffin", "Round", "Heart Shape", "Chocolate", "Bread Loaf"),
    ),
    Category(
        200005101, 18, ("Yoga Mats", "Коврики для йоги", "Esterillas de yoga"),
        ("Yoga Mat", "Коврик для йоги", "Esterilla de yoga"), "box", (990, 4990),
        ("material", "type"), ("model",), COLOUR,
        ("Non Slip", "TPE", "8mm", "Extra Wide", "Eco Friendly", "with Strap", "Folding", "Alignment Lines"),
    ),
    Category(
        100005537, 18, ("Fishing Lures", "Рыболовные приманки", "Señuelos de pesca"),
        ("Fishing Lure", "Рыболовная приманка", "Señuelo de pesca"), "drop", (99, 1490),
        ("material", "type"), ("model",), COLOUR,
        ("Soft Bait", "Minnow", "Jig", "Floating", "Sinking", "10pcs", "Wobbler", "Pike"),
    ),
    Category(
        200004360, 18, ("Bicycle Lights", "Велосипедные фонари", "Luces de bicicleta"),
        ("Bicycle Light", "Велосипедный фонарь", "Luz de bicicleta"), "ring", (490, 3290),
        ("battery", "power"), ("model",), COLOUR,
        ("USB Rechargeable", "Waterproof", "Rear", "Front", "1000 Lumen", "Brake Sensing", "Set", "Ultra Light"),
    ),
    Category(
        200000285, 34, ("Car Phone Holders", "Автодержатели", "Soportes de coche"),
        ("Car Phone Holder", "Автомобильный держатель", "Soporte de móvil para coche"), "phone", (390, 2490),
        ("material", "compatible"), ("type",), COLOUR,
        ("Magnetic", "Air Vent", "Dashboard", "360 Rotation", "Wireless Charging", "Suction Cup",
         "Gravity", "Foldable"),
    ),
    Category(
        100004839, 15, ("Wall Stickers", "Наклейки на стену", "Pegatinas de pared"),
        ("Wall Sticker", "Наклейка на стену", "Pegatina de pared"), "star", (190, 1590),
        ("material", "pattern"), ("type",), COLOUR,
        ("3D", "Self Adhesive", "Kids Room", "Glow in the Dark", "Removable", "Waterproof", "Mirror", "Forest"),
    ),
    Category(
        405, 15, ("Curtains", "Шторы", "Cortinas"),
        ("Curtain", "Штора", "Cortina"), "dress", (890, 5990),
        ("material", "pattern"), ("type", "season"), COLOUR,
        ("Blackout", "Linen", "Sheer", "Thermal", "Short", "Grommet", "Jacquard", "Bedroom"),
    ),
    Category(
        152401, 1524, ("Backpacks", "Рюкзаки", "Mochilas"),
        ("Backpack", "Рюкзак", "Mochila"), "box", (1490, 6990),
        ("material", "capacity", "gender"), ("type",), COLOUR,
        ("Laptop", "Anti Theft", "Waterproof", "School", "Hiking", "USB Port", "Roll Top", "Canvas"),
    ),
    Category(
        200000394, 200574005, ("Sunglasses", "Солнцезащитные очки", "Gafas de sol"),
        ("Sunglasses", "Солнцезащитные очки", "Gafas de sol"), "glasses", (290, 2490),
        ("material", "gender"), ("model", "type"), COLOUR,
        ("Polarized", "Vintage", "Square", "Cat Eye", "UV400", "Rimless", "Sport", "Oversized"),
    ),
    Category(
        200000139, 1509, ("Earrings", "Серьги", "Pendientes"),
        ("Earrings", "Серьги", "Pendientes"), "drop", (99, 2990),
        ("material", "gender"), ("type", "pattern"), COLOUR,
        ("Hoop", "Stud", "925 Silver Color", "Pearl", "Long", "Zircon", "Clip On", "Geometric"),
    ),
    Category(
        200000109, 1509, ("Necklaces", "Ожерелья", "Collares"),
        ("Necklace", "Ожерелье", "Collar"), "ring", (149, 3990),
        ("material", "gender"), ("type",), COLOUR,
        ("Layered", "Pendant", "Choker", "Initial", "Chain", "Heart", "Minimalist", "Birthstone"),
    ),
    Category(
        200001180, 66, ("Nail Stickers & Decals", "Наклейки для ногтей", "Pegatinas de uñas"),
        ("Nail Stickers", "Наклейки для ногтей", "Pegatinas de uñas"), "star", (79, 890),
        ("type", "pattern"), ("model",), COLOUR,
        ("Flower", "Glitter", "French", "Self Adhesive", "20 Sheets", "Holographic", "Christmas", "Butterfly"),
    ),
    Category(
        200001168, 66, ("Makeup Brushes & Tools", "Кисти для макияжа", "Brochas de maquillaje"),
        ("Makeup Brush Set", "Набор кистей для макияжа", "Juego de brochas"), "drop", (390, 2990),
        ("material", "type"), ("model",), COLOUR,
        ("12pcs", "Soft", "Travel", "Foundation", "Eyeshadow", "with Case", "Vegan", "Professional"),
    ),
    Category(
        200000937, 1501, ("Baby Rompers", "Детские комбинезоны", "Peleles de bebé"),
        ("Baby Romper", "Детский комбинезон", "Pelele de bebé"), "shirt", (690, 2790),
        ("material", "age", "season"), ("gender", "pattern"), SIZE,
        ("Cotton", "Zipper", "Long Sleeve", "Knitted", "Newborn", "Hooded", "Cartoon", "Muslin"),
    ),
    Category(
        26010502, 26, ("Stuffed & Plush Animals", "Мягкие игрушки", "Peluches"),
        ("Plush Toy", "Мягкая игрушка", "Peluche"), "star", (490, 3990),
        ("material", "age"), ("type",), COLOUR,
        ("Giant", "Soft", "Pillow", "Kawaii", "Bear", "Dinosaur", "Capybara", "Weighted"),
    ),
    Category(
        200002639, 26, ("Building Blocks", "Конструкторы", "Bloques de construcción"),
        ("Building Blocks Set", "Конструктор", "Juego de bloques"), "box", (690, 8990),
        ("material", "age"), ("model",), COLOUR,
        ("City", "Technical Car", "1000pcs", "Castle", "Flower Bouquet", "Magnetic", "Train", "Mini"),
    ),
    Category(
        142003, 1420, ("Drill Bits", "Свёрла", "Brocas"),
        ("Drill Bit Set", "Набор свёрл", "Juego de brocas"), "drop", (290, 2990),
        ("material", "type"), ("model",), LENGTH,
        ("HSS", "Titanium", "50pcs", "for Concrete", "Hex Shank", "Step", "Tile", "Countersink"),
    ),
    Category(
        390503, 39, ("Solar Lamps", "Солнечные светильники", "Lámparas solares"),
        ("Solar Garden Light", "Садовый светильник", "Luz solar de jardín"), "drop", (590, 3990),
        ("power", "voltage"), ("battery",), COLOUR,
        ("Waterproof", "Motion Sensor", "Pathway", "Flame", "4pcs", "Warm White", "Wall", "String"),
    ),
    Category(
        200001440, 15, ("Cat Litter Mats", "Коврики для кошачьего туалета", "Alfombrillas para arena de gato"),
        ("Cat Litter Mat", "Коврик для кошачьего туалета", "Alfombrilla para arena de gato"), "ring", (690, 2590),
        ("material", "animal"), ("type",), SIZE,
        ("Double Layer", "Waterproof", "Honeycomb", "Large", "Washable", "Non Slip", "Foldable", "EVA"),
    ),
)
# fmt: on
"""The thirty kinds of category; what each requires is this catalogue's own choice."""

CATEGORY_BY_ID: dict[int, Category] = {category.category_id: category for category in CATEGORIES}
