"""Files that cannot be read: each is refused in one sentence that names it and says what to do."""

from __future__ import annotations

import io
import random
import resource
import struct
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook, PasswordError

from aexdash.sources.formats.code_pages import CodePageUnclear
from aexdash.sources.tables import Row, SourceError, read_tables
from tests.sources.written import archive, container, workbook, xls, xls_at

ROWS = [["id", "Reason"], [1005006123456789, "dark"]]
GOOD = workbook({"A": ROWS})


def refusal(name: str, content: bytes | Path) -> str:
    with pytest.raises(SourceError) as refused:
        read_tables(name, content)
    assert str(refused.value).startswith(f"{name} ")
    return str(refused.value).removeprefix(f"{name} ")


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: nothing was exported into it"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF, not a table: save the table as .xlsx or .csv"),
        (picture(), "is a picture (PNG), not a table"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture (JPEG), not a table"),
        (b"\xef\xbb\xbf\n<HTML><table><tr><td>id</td></tr></table>", "is a web page, whatever its name says"),
        (b"<?xml version='1.0'?><Workbook/>", "is a web page, whatever its name says"),
        (archive({"notes.txt": "x"}), "is an archive without a workbook"),
        (archive({"content.xml": "<x/>"}), "is an OpenDocument file: save the table as .xlsx"),
        (archive({"xl/workbook.bin": b"\x83"}), "is a binary workbook (.xlsb): save the table as .xlsx"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x01\x02\x03" * 9, "is neither a workbook nor a text"),
        (b"name,colour\nlamp,red\n", "has no heading row with product ids or SKU codes in its first 100 rows"),
        (b"\n\n \n", "has no heading row with product ids"),
        (
            workbook({"A": [["name"], ["lamp"]], "B": []}),
            "has no heading row with product ids or SKU",
        ),
        (workbook({"a_hide": ROWS}), "has no heading row with product ids or SKU"),
        (b"id,Reason\n" + b"x" * 200_000 + b"\n", "is no CSV that can be read (field larger than field limit"),
        (container({"WordDocument": b"x"}), "is damaged or no workbook"),
        (container({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000}), "is protected by a password: open it"),
        (xls(ROWS, password=True), "is protected by a password: open it, save it without one"),
    ],
)
def test_wrong_files_are_named_for_what_they_are(content: bytes, sentence: str) -> None:
    assert refusal("Rejected 9 March.xlsx", content).startswith(sentence)


def test_the_reader_itself_calls_such_files_protected(tmp_path: Path) -> None:
    """Ours are telling samples: what reads workbooks recognises them for what they stand for."""
    new, old = tmp_path / "new.xlsx", tmp_path / "old.xls"
    new.write_bytes(container({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000}))
    old.write_bytes(xls(ROWS, password=True))
    for path in (new, old):
        with pytest.raises(PasswordError):
            CalamineWorkbook.from_path(path)


def test_an_archive_entry_with_a_password_is_protected() -> None:
    flagged = bytearray(GOOD)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(mark)
        flagged[at + place] |= 1
    assert refusal("a.xlsx", bytes(flagged)).startswith("is protected by a password")


def test_a_file_of_200_mb_is_refused_before_a_byte_of_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    path.chmod(0)  # whoever opened it now would fail, and another sentence would come
    assert refusal("huge.xlsx", path).startswith("has 200 MB and at most 30 MB are read: export fewer columns or fewer")


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A workbook with a small entry that unpacks to 310 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, part in parts_of(GOOD).items():
            file.writestr(name, part)
        with file.open("xl/media/zeros.bin", "w") as entry:
            for _ in range(310):
                entry.write(bytes(1_000_000))
    return content.getvalue()


@pytest.mark.slow
def test_a_zip_bomb_is_refused_by_what_it_says_of_itself(bomb: bytes) -> None:
    assert len(bomb) < 2_000_000
    before = peak_memory()
    said = refusal("a.xlsx", bomb)
    assert said == "unpacks to more than 300 MB and was not opened: export fewer listings at a time."
    assert peak_memory() - before < 50_000_000


@pytest.mark.slow
def test_a_zip_bomb_that_understates_itself_is_found_out_in_pieces(bomb: bytes) -> None:
    content = bomb.replace(struct.pack("<I", 310_000_000), struct.pack("<I", 1_000))
    assert sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()) < 100_000
    before = peak_memory()
    assert refusal("a.xlsx", content).startswith("unpacks to more than 300 MB and was not opened")
    assert peak_memory() - before < 50_000_000


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def sheet_of(rows: str) -> bytes:
    content = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    return workbook({"A": []}, extra={"xl/worksheets/sheet1.xml": content})


@pytest.mark.parametrize(
    "content",
    [
        sheet_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        sheet_of("<row><c><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"),
        xls_at({(0, 0): "id", (65535, 65535): "x"}),
    ],
    ids=["xlsx", "without addresses", "xls"],
)
def test_cells_so_far_apart_that_the_reader_dies_of_them_take_nothing_along(content: bytes) -> None:
    """It lays out all between them, asks for more memory than there is and aborts; the pages are another process."""
    assert refusal("a.xlsx", content).startswith("is damaged, or has cells too far apart to hold all between")


@pytest.mark.slow
def test_a_stray_cell_far_below_the_table_is_a_row() -> None:
    stray = '<row r="1048576"><c r="C1048576" t="str"><v>stray</v></c></row>'
    rows = '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="C1" t="str"><v>Reason</v></c></row>'
    [table] = read_tables("a.xlsx", sheet_of(rows + stray))
    assert table.rows == [Row(1048576, ("", "", "stray"))]


def test_cells_that_are_styled_but_empty_reach_nowhere() -> None:
    styled = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    rows = '<row r="1"><c r="A1" t="str"><v>id</v></c></row><row r="2"><c r="A2"><v>1005006123456789</v></c></row>'
    [table] = read_tables("a.xlsx", sheet_of(rows + styled))
    assert table.rows == [Row(2, (1005006123456789.0,))]


@pytest.mark.slow
def test_more_rows_than_are_read_are_refused() -> None:
    content = "id,Reason\n" + "1005006123456789,dark\n" * 200_001
    assert refusal("a.csv", content.encode()).startswith("has more than 200,000 rows: split it")
    assert len(read_tables("a.csv", content[: -len("1005006123456789,dark\n")].encode())[0].rows) == 200_000


@pytest.mark.slow
def test_more_cells_or_columns_than_a_table_has_are_refused() -> None:
    wide = ",".join(["id", *map(str, range(1_000))])
    assert refusal("a.csv", (f"{wide}\n" + "1005006123456789\n" * 10_000).encode()).startswith(
        "has more than 10,000,000"
    )
    wider = ",".join(["id"] * 20_000)
    assert refusal("a.csv", f"{wider}\n1\n".encode()).startswith("has more than 16,384 columns: choose a file with")


@pytest.mark.slow
def test_headings_that_are_all_alike_are_numbered_at_once() -> None:
    """A search for the next free number from 2 on each time took a minute for 20,000 of them."""
    [table] = read_tables("a.csv", f"{','.join(['id'] * 15_000)}\n1\n".encode())
    assert (table.headings[0], table.headings[-1]) == ("id", "id (15000)")


MARKS_LEFT_OPEN = b"id,Reason\n" + b'1005006123456789 a","dark\n' * 100_000
"""Read by itself, each line ends within a quotation mark, and begins within one where the line before was left open. So
each begins a record that goes on to the end of the file, where it turns out to be none: half an hour of work."""


@pytest.mark.slow
def test_a_csv_that_takes_too_long_ends_with_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aexdash.sources.formats.delimited.MOST_SECONDS", 1)
    before = time.process_time()
    assert refusal("a.csv", MARKS_LEFT_OPEN).startswith("takes more than 1 s to be read, or more memory than a table")
    assert time.process_time() - before < 1.0


@pytest.mark.parametrize("count", [2, 2_000])
def test_a_csv_reads_alike_here_and_in_a_process_of_its_own(count: int) -> None:
    rows = [f'{1005006123456000 + number},"too ""dark"", é"' for number in range(count)]
    [table] = read_tables("a.csv", "\n".join(["id,Reason,Reason", *rows, "1,x"]).encode("utf-8-sig"))
    assert table.headings == ("id", "Reason", "Reason (2)")
    assert table.rows[-2:] == [
        Row(count + 1, (str(1005006123455999 + count), 'too "dark", é', "")),
        Row(count + 2, ("1", "x", "")),
    ]


@pytest.mark.slow
def test_what_is_wrong_with_a_large_csv_is_said_as_of_a_small_one() -> None:
    headless = b"one,two\n" + b"a,b\n" * 10_000
    assert refusal("a.csv", headless).startswith("has no heading row with product ids or SKU codes in its first 100")
    unclear = b"SKU,Reason\n" + "P1,Zażółć gęślą jaźń\n".encode("cp1250") * 2_000
    with pytest.raises(CodePageUnclear) as refused:
        read_tables("a.csv", unclear)
    assert "Zażółć gęślą jaźń" in refused.value.samples["cp1250"]
    [table] = read_tables("a.csv", unclear, "cp1250")
    assert table.rows[0].cells == ("P1", "Zażółć gęślą jaźń")


@pytest.mark.parametrize("cut", [10, 100, 500, len(GOOD) // 2, len(GOOD) - 1])
def test_a_workbook_that_ends_early_is_damaged(cut: int) -> None:
    assert refusal("a.xlsx", GOOD[:cut]).startswith("is damaged: it ends early or was changed on its way; export it")


def test_a_workbook_of_broken_xml_is_damaged() -> None:
    assert refusal("a.xlsx", sheet_of("<row r='1'><c r='A1'></row>")).startswith("is damaged or no workbook (")


@pytest.mark.slow
def test_damaged_old_workbooks_are_refused_or_read_and_nothing_else() -> None:
    """Some of these end the reader's process, some make it ask for too much memory."""
    chance, good, read = random.Random(7), xls(ROWS), 0
    for _ in range(30):
        content = bytearray(good)
        for _ in range(4):
            content[chance.randrange(3200)] = chance.choice([0, 1, 255, chance.randrange(256)])
        try:
            read += len(read_tables("a.xls", bytes(content)))
        except SourceError as refused:
            assert str(refused).startswith("a.xls ")  # noqa: PT017
    assert read < 30
