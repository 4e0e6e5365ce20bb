"""Draws what the simulated store sells: a soft background and a simple shape, on a small canvas."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

from PIL import Image, ImageDraw

_CANVAS = 240
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


def drawing(shape: str, hue: float) -> Image.Image:
    """Return the shape in a hue from 0 to 1, on 240 by 240 pixels; a shape that is not known is a box."""
    image = _background(hue)
    pen = ImageDraw.Draw(image)
    body, accent = _colour(hue, 0.55, 0.72), _colour(hue + 0.16, 0.45, 0.9)
    pen.ellipse((50, 196, 190, 216), fill=_colour(hue, 0.06, 0.80))
    _SHAPES.get(shape, _box)(pen, (58, 34, 182, 206), body, accent)
    return image


def _background(hue: float) -> Image.Image:
    top, bottom = _colour(hue, 0.03, 0.99), _colour(hue, 0.09, 0.91)
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), top)
    strip.putpixel((0, 1), bottom)
    return strip.resize((_CANVAS, _CANVAS), Image.Resampling.BILINEAR)


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)


def _box(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    pen.rounded_rectangle((left, top + 30, right, bottom), 14, fill=body)
    pen.rounded_rectangle((left - 6, top + 10, right + 6, top + 52), 10, fill=accent)


def _phone(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    pen.rounded_rectangle((left + 22, top - 10, right - 22, bottom), 20, fill=body)
    pen.rounded_rectangle((left + 32, top, left + 68, top + 40), 10, fill=accent)
    pen.ellipse((left + 42, top + 10, left + 58, top + 26), fill=body)


def _ring(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, _ = box
    pen.ellipse((left, top + 12, right, top + 12 + right - left), fill=body)
    inner = (right - left) * 0.22
    pen.ellipse((left + inner, top + 12 + inner, right - inner, top + 12 + right - left - inner), fill=accent)


def _strip(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    for step in range(4):
        y = top + 20 + step * (bottom - top - 40) / 4
        pen.rounded_rectangle((left, y, right, y + 20), 10, fill=body if step % 2 else accent)


def _dress(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    middle = (left + right) / 2
    pen.polygon([(middle - 26, top), (middle + 26, top), (middle + 18, top + 62), (right, bottom), (left, bottom),
                 (middle - 18, top + 62)], fill=body)  # fmt: skip
    pen.rectangle((middle - 20, top + 56, middle + 20, top + 68), fill=accent)


def _shirt(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    outline = [
        (left - 14, top + 46), (left + 26, top + 8), (right - 26, top + 8), (right + 14, top + 46),
        (right - 12, top + 74), (right - 22, bottom), (left + 22, bottom), (left + 12, top + 74),
    ]  # fmt: skip
    pen.polygon(outline, fill=body)
    middle = (left + right) / 2
    pen.ellipse((middle - 20, top - 6, middle + 20, top + 24), fill=accent)


def _strap(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    pen.ellipse((left + 10, top, right - 10, top + 96), outline=body, width=20)
    pen.ellipse((left - 8, top + 72, right + 8, bottom), outline=body, width=20)
    pen.rounded_rectangle((left + 30, top + 70, right - 30, top + 100), 8, fill=accent)


def _drop(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    middle = (left + right) / 2
    pen.polygon([(middle, top - 6), (right - 24, bottom - 54), (left + 24, bottom - 54)], fill=body)
    pen.ellipse((left + 20, bottom - 104, right - 20, bottom), fill=body)
    pen.ellipse((middle - 14, bottom - 66, middle + 14, bottom - 38), fill=accent)


def _star(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, bottom = box
    middle, centre = (left + right) / 2, (top + bottom) / 2
    for dx, dy in ((-30, -30), (30, -30), (-36, 20), (36, 20), (0, 48)):
        pen.ellipse((middle + dx - 34, centre + dy - 34, middle + dx + 34, centre + dy + 34), fill=body)
    pen.ellipse((middle - 30, centre - 26, middle + 30, centre + 34), fill=accent)


def _glasses(pen: ImageDraw.ImageDraw, box: Box, body: Colour, accent: Colour) -> None:
    left, top, right, _ = box
    middle = (left + right) / 2
    pen.line((middle - 12, top + 66, middle + 12, top + 66), fill=accent, width=8)
    for start, end in ((left - 14, middle - 8), (middle + 8, right + 14)):
        pen.rounded_rectangle((start, top + 40, end, top + 108), 26, fill=body, outline=accent, width=6)


_SHAPES: dict[str, Callable[[ImageDraw.ImageDraw, Box, Colour, Colour], None]] = {
    "phone": _phone,
    "ring": _ring,
    "strip": _strip,
    "dress": _dress,
    "shirt": _shirt,
    "strap": _strap,
    "drop": _drop,
    "star": _star,
    "glasses": _glasses,
}
