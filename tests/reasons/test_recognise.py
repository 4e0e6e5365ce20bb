from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.model import Provenance, Reason
from aexdash.reasons.language import language_of
from aexdash.reasons.phrasing import WORDS_FILE, Wording, WordsError, load_wording
from aexdash.reasons.recognise import LONGEST_TEXT, Found, Recogniser, Recognition
from aexdash.reasons.taxonomy import load_taxonomy
from tests.recognition.corpus import read_texts
from tests.recognition.figures import by_family, noise_kept
from tests.support import examples

RECOGNISER = Recogniser(load_taxonomy())


def codes(text: str) -> list[str]:
    return [found.code for found in RECOGNISER.recognise(text).found]


@pytest.mark.slow
def test_a_family_that_is_named_is_right_on_the_texts_held_back() -> None:
    figures = by_family([*read_texts("report"), *read_texts("blind")], RECOGNISER)[-1]
    assert (figures.precision or 0) >= 0.97
    assert (figures.recall or 0) >= 0.9


@pytest.mark.slow
def test_texts_without_a_reason_are_left_alone() -> None:
    kept, of = noise_kept([*read_texts("report"), *read_texts("blind")], RECOGNISER)
    assert kept / of >= 0.95


def test_there_are_enough_labelled_texts_in_the_first_four_languages() -> None:
    texts = read_texts()
    assert len(texts) >= 280
    assert len({text.text for text in texts}) == len(texts)
    assert {text.language for text in texts} == {"en", "zh", "ru", "es", "mixed"}
    assert {code for text in texts for code in text.codes} <= load_taxonomy().codes.keys()
    assert min(len(read_texts("tune")), len(read_texts("report"))) >= 140


def test_few_texts_held_back_just_repeat_a_phrase() -> None:
    spoken = load_taxonomy().phrases.values()
    phrases = {text for by_language in spoken for some in by_language.values() for text in some}
    same = [text.text for text in read_texts("report") if text.text.casefold() in phrases]
    assert len(same) <= 0.1 * len(read_texts("report"))


def test_what_was_matched_is_told() -> None:
    assert RECOGNISER.recognise("1. Brnad missing; main picture to small (500x500)") == Recognition(
        "en",
        (
            Found("attribute.brand_missing", "brand missing", 90, "Brnad missing"),
            Found("image.main_too_small", "main picture small 800x800", 85, "main picture to small (500x500)"),
        ),
    )


def test_several_reasons_in_one_cell_are_several_reasons() -> None:
    assert RECOGNISER.reasons("主图太小;品牌为空") == [
        Reason(
            "image.main_too_small",
            Provenance.SELLER_CENTER,
            "主图太小",
            "zh",
            {"matched": "主图 过小", "score": 100},
        ),
        Reason(
            "attribute.brand_missing",
            Provenance.SELLER_CENTER,
            "品牌为空",
            "zh",
            {"matched": "品牌 未填写", "score": 100},
        ),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Please call the supplier before Monday", "en"), ("позвонить поставщику", "ru"), ("???", None)],
)
def test_a_text_nobody_can_place_is_kept_whole(text: str, language: str | None) -> None:
    assert RECOGNISER.reasons(text) == [Reason("other.unrecognised", Provenance.SELLER_CENTER, text, language)]


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_nothing_is_no_reason(text: str) -> None:
    assert RECOGNISER.reasons(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The brand is not missing",
        "no watermark",
        "品牌已填写",
        "图片没有水印",
        "бренд указан верно",
        "водяных знаков нет",
        "sin marca de agua",
    ],
)
def test_what_is_denied_is_no_reason(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("There must be no watermark on the picture", "image.text_or_watermark"),
        ("图片不得含有水印", "image.text_or_watermark"),
        ("водяных знаков на фото быть не должно", "image.text_or_watermark"),
    ],
)
def test_what_is_demanded_is_a_reason(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_error_texts_of_the_platform_are_recognised_in_any_annotation() -> None:
    assert codes("Publishing failed: GPF.CHK_CATEGORY_ID_NOT_LEAF_CATEGORY") == ["category.not_leaf"]


def test_a_phrase_of_aexdash_toml_is_recognised_and_named() -> None:
    own = Recogniser(load_taxonomy().with_phrases({"image.unclear": ("murky snapshot",)}))
    assert codes("murky snapshots everywhere") == []
    assert own.recognise("Murky snapshots everywhere").found == (
        Found("image.unclear", "murky snapshot", 97, "Murky snapshots everywhere"),
    )


def test_an_own_phrase_of_two_words_for_one_thing_does_not_match_that_thing() -> None:
    own = Recogniser(load_taxonomy().with_phrases({"image.unclear": ("photo picture",)}))
    assert own.recognise("New picture next week").found == ()


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("gloom", 100),
        ("gloox", 80),  # spelled four letters in five so: the least that counts
        ("gloom here", 100),  # half of its clause
        ("gloom right here", None),
        ("gloom, right here and everywhere", 100),
        ("right here, gloom", 100),
    ],
)
def test_a_phrase_of_one_word_has_to_be_half_of_its_clause(text: str, score: int | None) -> None:
    own = Recogniser(load_taxonomy().with_phrases({"image.unclear": ("gloom",)}))
    assert [found.score for found in own.recognise(text).found] == ([] if score is None else [score])


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("murky snapshot", 100),
        ("snapshot murky", 100),
        ("murky one two three four five six snapshot", 82),  # each word between takes three
        ("murky one two three four five six seven snapshot", None),
        ("murky, snapshot", 85),  # a comma takes as much as five words
        ("murky, one snapshot", 82),
        ("murky, one two snapshot", None),
        ("murky. snapshot", None),
    ],
)
def test_words_of_a_phrase_stand_near_each_other(text: str, score: int | None) -> None:
    own = Recogniser(load_taxonomy().with_phrases({"image.unclear": ("murky snapshot",)}))
    assert [found.score for found in own.recognise(text).found] == ([] if score is None else [score])


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    reasons = RECOGNISER.reasons(text)
    assert bool(reasons) == bool(text.strip())
    assert all(reason.text in text and reason.provenance is Provenance.SELLER_CENTER for reason in reasons)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["图", "主图太小", "main picture small ", "no brand not missing ", "1.", "'", "x"])
def test_a_hostile_text_takes_no_longer_than_it_may(piece: str) -> None:
    """Quadratic work over a whole cell would run for minutes here."""
    text = piece * (4 * LONGEST_TEXT // len(piece))
    assert RECOGNISER.recognise(text) is RECOGNISER.recognise(text)


@pytest.mark.slow
def test_several_threads_read_at_once() -> None:
    texts = [text.text for text in read_texts()]
    expected = [RECOGNISER.recognise(text) for text in texts]
    shared = Recogniser(load_taxonomy())
    answers: list[list[Recognition]] = []
    threads = [
        threading.Thread(target=lambda: answers.append([shared.recognise(text) for text in texts])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The main picture is too small", "en"),
        ("La imagen principal es pequeña", "es"),
        ("falta la marca del producto", "es"),
        ("图片 800x800 main image", "zh"),
        ("не заполнен Brand Name", "ru"),
        ("Бренд: Xiaomi", "ru"),
        ("ok", None),
        ("12345", None),
        ("", None),
        ("画像が小さい", None),
        ("画像の image picture photo", None),  # kana, however many other letters
        ("상표 brand missing", "ko"),
        ("año", None),  # three letters
        ("años", "es"),  # four, and one of them is Spanish alone
        ("¿peq?", None),
        ("qué hay", "es"),
        ("PIÑATA main picture too small", "es"),  # the model says English
        ("Ñoño", "es"),
        ("图 aquí bcdef", "zh"),  # a Han character is three letters, and Latin may be three times as many
        ("图 aquí bcdefg", "es"),
        ("图 абв", "zh"),
        ("图 абвг", "ru"),
        ("б abc", "ru"),
        ("б abcd", None),
    ],
)
def test_letters_decide_the_language_before_a_model_does(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.slow
def test_the_language_model_is_loaded_by_the_first_latin_text_alone() -> None:
    script = (
        "import sys; from aexdash.reasons.recognise import Recogniser\n"
        "from aexdash.reasons.taxonomy import load_taxonomy\n"
        "Recogniser(load_taxonomy()).recognise('主图太小'); assert 'py3langid' not in sys.modules\n"
        "Recogniser(load_taxonomy()).recognise('no brand'); assert 'py3langid' in sys.modules\n"
        "print('ok')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ok\n", "")


@pytest.mark.slow
def test_settings_load_neither_matcher_nor_model() -> None:
    script = "import sys, aexdash.config.settings; assert not {'rapidfuzz', 'py3langid', 'numpy'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[fillers]", "[filler]", "FILE, fillers: field required."),
        (
            'en = ["small",',
            'en = ["small", "picture",',
            "'picture' (en) stands under picture and small: keep",
        ),
        ('predicates = ["missing",', 'predicates = ["mising",', "FILE, predicates: there is no group 'mising'."),
        ("[undo]", "[undo", "FILE cannot be read"),
        ('lacks = ["missing",', 'lacks = ["mising",', "FILE, lacks: there is no group 'mising'."),
    ],
)
def test_a_mistake_in_the_words_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = WORDS_FILE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "words.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WordsError) as caught:
        Wording.load(tmp_path / "words.toml")
    assert complaint in str(caught.value).replace(str(tmp_path / "words.toml"), "FILE")


@pytest.mark.slow
def test_every_phrase_is_found_by_itself() -> None:
    """A phrase that its own words do not bring up is of no use; a better phrase of the same words may win."""
    wording = load_wording()
    mute = [
        text
        for code, by_language in load_taxonomy().phrases.items()
        for texts in by_language.values()
        for text in texts
        if not wording.says_nothing(text) and not codes(text)
    ]
    assert mute == []
