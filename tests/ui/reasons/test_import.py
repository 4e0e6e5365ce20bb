import tomllib
from pathlib import Path

import pytest

from aexdash.desk.annotations import Annotations
from aexdash.sources import seller_center
from aexdash.sources.formats.kinds import MOST_MEGABYTES
from aexdash.sources.seller_center import ColumnMap
from tests.ui.reading import alerts, cards
from tests.ui.sample import FIRST, HOSTILE, NOW, REJECTED, with_history

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
HEADINGS = ("Product ID", "Reason")


def csv(*rows, headings=HEADINGS):
    return "\n".join(",".join(map(str, row)) for row in (headings, *rows)).encode()


def drop(page, content, name="rejected.csv"):
    return page.file_uploader[0].set_value((name, content, "text/csv")).run()


def test_a_file_is_previewed_before_anything_is_saved(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reasons")
    drop(
        page,
        csv(
            (FIRST, "main image is too small"),
            (FIRST, "main image is too small"),
            (REJECTED[1], "qqq zzz"),
            (1005009999999999, "brand"),
            ("1.005E+15", "brand"),
        ),
    )
    assert not page.exception
    figures = cards(page)
    assert list(figures) == ["Matched", "Not in the snapshot", "Ambiguous", "Refused", "Repeated"]
    assert list(figures.values()) == ["2", "1", "0", "1", "1"]
    assert Annotations(tmp_path / "desk.db").mark("main") == 0


def test_words_with_two_readings_are_previewed_as_two_and_each_names_the_other(open_page, tmp_path):
    with_history(tmp_path)
    with (tmp_path / "aexdash.toml").open("a") as file:
        file.write('\n[phrases]\n"image.unclear" = ["murky snapshot"]\n"image.background" = ["murky snapshot"]\n')
    page = drop(open_page(tmp_path, "reasons"), csv((FIRST, "A murky snapshot."), (REJECTED[1], "brand missing")))
    assert not page.exception
    shown = page.dataframe[0].value.fillna("").to_dict("records")
    assert [(row["Recognised as"], row["Or just as well"]) for row in shown] == [
        ("Picture background", "Picture unclear"),
        ("Picture unclear", "Picture background"),
        ("Brand missing", ""),
    ]


def test_saving_keeps_the_texts_lets_the_preview_go_and_says_what_happens_next(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "reasons"), csv((FIRST, HOSTILE), (REJECTED[1], "brand")))
    page.button(key="save-import").click().run()
    assert not page.exception
    kept = Annotations(tmp_path / "desk.db").latest("main")
    assert {number: (said.text, said.source, said.at) for number, said in kept.items()} == {
        FIRST: (HOSTILE, "rejected.csv", NOW),
        REJECTED[1]: ("brand", "rejected.csv", NOW),
    }
    kind, sentence = alerts(page)[0]
    assert (kind, sentence.startswith("Saved 9 Mar 2026 12:01 UTC for 2 listings")) == ("success", True)
    assert cards(page) == {}
    assert len(page.file_uploader) == 1


@pytest.mark.slow
def test_columns_corrected_once_are_remembered_for_the_next_file_with_these_headings(open_page, tmp_path):
    headings = ("A", "SKU", "C")
    page = drop(open_page(with_history(tmp_path), "reasons"), csv((FIRST, "x", "brand"), headings=headings))
    pick(page, "Product id").set_value("A").run()
    pick(page, "SKU").set_value("").run()
    page.multiselect[0].set_value(["C"]).run()
    page.button(key="save-import").click().run()
    assert Annotations(tmp_path / "desk.db").columns_for(headings) == ColumnMap("A", None, ("C",))

    again = drop(open_page(tmp_path, "reasons"), csv((FIRST, "x", "brand"), headings=headings))
    assert cards(again)["Matched"] == "1"


def test_a_sheet_without_a_reason_column_is_left_out_until_one_is_chosen(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "reasons"), csv((FIRST, "brand"), headings=("Product ID", "Colour")))
    assert not page.exception
    assert cards(page) == {}
    assert any("Choose the column with the reason" in caption.value for caption in page.caption)
    page.multiselect[0].set_value(["Colour"]).run()
    assert cards(page)["Matched"] == "1"


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_and_another_can_be_dropped(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "reasons"), b"", name="empty.csv")
    assert not page.exception
    assert [kind for kind, _ in alerts(page)] == ["error"]
    assert "empty" in page.error[0].value
    drop(page, csv((FIRST, "brand")))
    assert alerts(page) == []
    assert cards(page)["Matched"] == "1"


@pytest.mark.slow
def test_a_rounded_id_is_offered_and_taken_when_the_box_is_ticked(open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(seller_center, "fitting", lambda _: [FIRST])  # the ids of the sample lie too close together
    page = drop(open_page(with_history(tmp_path), "reasons"), csv((FIRST // 100 * 100, "brand")))
    assert not page.exception
    assert (cards(page)["Matched"], page.checkbox[0].label) == ("0", "Take the one listing that fits each rounded id")
    assert "looks rounded by a spreadsheet" in page.dataframe[0].value["Why"][0]
    page.checkbox[0].check().run()
    assert cards(page)["Matched"] == "1"
    page.button(key="save-import").click().run()
    assert list(Annotations(tmp_path / "desk.db").latest("main")) == [FIRST]


@pytest.mark.slow
def test_a_code_page_that_is_not_clear_is_chosen_by_a_line_that_reads(open_page, tmp_path):
    content = f"Product ID,Reason\n{FIRST},Rozmazane zdjęcie i źródło\n".encode("cp1250")
    page = drop(open_page(with_history(tmp_path), "reasons"), content)
    assert cards(page) == {}
    page.radio[0].set_value("cp1250")
    page.button(key="read-code-page-import").click().run()
    page.button(key="save-import").click().run()
    assert Annotations(tmp_path / "desk.db").latest("main")[FIRST].text == "Rozmazane zdjęcie i źródło"


def test_letters_that_look_wrong_are_read_in_another_code_page(open_page, tmp_path):
    content = f"Product ID,Причина\n{FIRST},Нет бренда\n".encode("cp1251")
    page = drop(open_page(with_history(tmp_path), "reasons"), content)
    assert cards(page)["Matched"] == "1"
    page.button(key="other-code-page").click().run()
    page.radio[0].set_value("cp866")
    page.button(key="read-code-page-import").click().run()
    assert not page.exception
    assert not any("Нет бренда" in str(table.value) for table in page.dataframe)


def test_an_export_of_ours_is_refused_and_nothing_is_kept(open_page, tmp_path):
    content = csv((FIRST, "Main picture too small", "check"), headings=("Product id", "Reasons", "Said by"))
    page = drop(open_page(with_history(tmp_path), "reasons"), content)
    assert "is an export of aexdash" in page.error[0].value
    assert Annotations(tmp_path / "desk.db").mark("main") == 0


def test_another_file_puts_the_first_one_away_unsaved(open_page, tmp_path):
    page = drop(open_page(with_history(tmp_path), "reasons"), csv((FIRST, "brand")))
    page.button(key="another-file").click().run()
    assert cards(page) == {}
    assert Annotations(tmp_path / "desk.db").mark("main") == 0


def test_page_and_reader_refuse_files_from_the_same_size_on():
    configured = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["server"]["maxUploadSize"]
    assert configured == MOST_MEGABYTES


def pick(page, label):
    return next(box for box in page.selectbox if box.label == label)
