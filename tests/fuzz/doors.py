"""Where what others wrote comes in, each as a function of bytes: what they may be read as, and nothing else may come.

`python -m tests.fuzz` has them called by atheris, which looks for bytes that lead to places where none led before;
`test_doors.py` calls each with what hypothesis draws.
"""

from __future__ import annotations

import ipaddress
import math
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from aexdash.aliexpress import reading
from aexdash.aliexpress.protocol import envelope
from aexdash.clock import to_text
from aexdash.config.file import safe_address
from aexdash.http.addresses import is_public, public_addresses
from aexdash.http.errors import InvalidAddress, PictureError, PictureRefused, PictureUnreachable
from aexdash.http.wire import Wire
from aexdash.shops import calling
from aexdash.sources.columns.dates import AHEAD, EARLIEST, read_dates
from aexdash.sources.columns.ids import NoProductId, product_id_of
from aexdash.sources.errors import SourceError
from aexdash.sources.tables import read_tables
from aexdash.sync.evidence.thumbnails import measure, measure_head
from tests.sources.written import archive, workbook

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
SEEDS: dict[str, tuple[bytes, ...]] = {
    "envelope": (
        b'{"a_b_response":{"result":{"success":true,"product_list":[{"product_id":"1005006123456789"}]}}}',
        b'{"error_response":{"code":7,"msg":"Call Limited","sub_code":"ApiCallLimit"}}',
        b'<?xml version="1.0"?><error_response><code>7</code><msg>x</msg></error_response>',
    ),
    "dates": (b"2026-03-08\n08/03/2026 9:15 pm\n13.03.2026\n46082", b"2026-03-08T07:00:00+02:00\n1772960400000"),
    "numbers": (b"1005006123456789", b'="1.005.006"', b"1.005E+15", b"19.90", "９９".encode()),
    "picture head": (
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x28\x00\x00\x00\x1e",
    ),
    "workbook": (),
    "csv": (b"id,Reason\n1005006123456789,dark\n", b'id;Reason\n1005006123456789;"a;b\nc"\n'),
    "address": (b"https://a.example/1.jpg", b"http://[::ffff:127.0.0.1]/", b"//a@b.example:80/..%2f"),
}

PARTS: dict[str, bytes] = {}
"""The files inside a workbook."""

with zipfile.ZipFile(BytesIO(workbook({"A": [["id", "Reason"], [1005006123456789, "dark"]]}))) as opened:
    PARTS |= {name: opened.read(name) for name in opened.namelist()}
SEEDS["workbook"] = tuple(bytes([place]) + content for place, content in enumerate(PARTS.values()))


def envelope_(data: bytes) -> None:
    """An answer of AliExpress is content, a failure, or no answer."""
    with suppress(envelope.NotAnAnswer):
        answer = envelope.parse(data)
        envelope.failure_of(answer)
        content = envelope.unwrap(answer)
        for one in reading.records(content.get("product_list")):
            reading.images(one.get("image_u_r_ls"))
            reading.in_english(reading.by_language(one.get("names")))
            reading.rest(one, set()).encode()


def dates(data: bytes) -> None:
    """Each cell of a column of dates is a moment that may be, or none."""
    cells = data.decode("utf-8", "replace").splitlines()
    for moment in read_dates(cells, NOW):
        assert moment is None or EARLIEST <= moment <= NOW + AHEAD
    for cell in cells:
        if moment := reading.pacific(cell):
            to_text(moment)


def numbers(data: bytes) -> None:
    """A number is one that a file can keep, or none."""
    written = data.decode("utf-8", "replace")
    for cell in (written, *_float(written)):
        with suppress(NoProductId):
            assert 10**9 <= product_id_of(cell) < 2**63
    for whole in (reading.whole(written), reading.count(written)):
        assert whole is None or abs(whole) < 2**63
    price = calling.money(written)
    assert price is None or price.is_finite()


def _float(written: str) -> list[float]:
    try:
        return [float(written)]
    except ValueError:
        return []


def picture_head(data: bytes) -> None:
    """The first bytes of a picture are measured, or are none; the whole of it too."""
    measure_head("https://a.example/1.jpg", data, len(data))
    with tempfile.TemporaryDirectory() as folder:
        facts = measure("https://a.example/1.jpg", data, Path(folder))
    assert facts.state in {"measured", "not_a_picture", "too_large"}
    sizes = (facts.width, facts.height)
    assert all(size is None or (0 < size < 2**31 and math.isfinite(size)) for size in sizes)


def workbook_(data: bytes) -> None:
    """A workbook of which one part says something else is a table, or refused in one sentence that names it."""
    if data:
        name = list(PARTS)[data[0] % len(PARTS)]
        _table("a.xlsx", archive(PARTS | {name: data[1:]}))


def csv(data: bytes) -> None:
    """Any bytes are a table, or refused in one sentence that names the file."""
    _table("a.csv", data)


def _table(name: str, content: bytes) -> None:
    tables, refused = [], ""
    try:
        tables = read_tables(name, content)
    except SourceError as error:
        refused = str(error)
    assert tables or refused.startswith(f"{name} ")
    assert "\n" not in refused
    assert all(len(row.cells) == len(table.headings) for table in tables for row in table.rows)


def address(data: bytes) -> None:
    """A text is an address to which something may be sent, or refused; nothing is ever sent inside."""
    written = data.decode("utf-8", "replace")
    with suppress(ValueError):
        told = safe_address(written, "https://a.example")
        assert told.lower().startswith("https://") or _is_inside(told)
    if is_public(written):
        assert ipaddress.ip_address(written).is_global
    with suppress(PictureRefused, PictureUnreachable):
        assert public_addresses("a.example", 443, lambda *_: written.splitlines())
    with suppress(InvalidAddress):
        Wire.in_process(written, lambda *_: (200, {}, b"")).close()
    wire = Wire.in_process("https://own.example", _answered, resolve=lambda *_: ["127.0.0.1"])
    with suppress(PictureError):
        wire.get_bytes(written, limit_bytes=9)
        raise AssertionError("something inside was asked")
    wire.close()


def _answered(*_asked: object) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, b"x"


def _is_inside(told: str) -> bool:
    return any(word in told.lower() for word in ("localhost", "127", "::1", "0:0:"))


DOORS: dict[str, Callable[[bytes], None]] = {
    "envelope": envelope_,
    "dates": dates,
    "numbers": numbers,
    "picture head": picture_head,
    "workbook": workbook_,
    "csv": csv,
    "address": address,
}
