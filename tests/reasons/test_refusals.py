"""Refusals in nine languages: how well they are recognised, and what a sentence may not be taken for."""

from __future__ import annotations

import pytest

from aexdash.reasons.recognise import Found, Recogniser
from aexdash.reasons.remedies import rival_names
from aexdash.reasons.taxonomy import LANGUAGES, load_taxonomy
from tests.recognition.corpus import read_refusals, read_texts
from tests.recognition.figures import noise_kept, tally

TAXONOMY = load_taxonomy()
RECOGNISER = Recogniser(TAXONOMY)


def codes(text: str) -> list[str]:
    return [found.code for found in RECOGNISER.recognise(text).found]


def quotes(text: str) -> list[str]:
    return [found.part for found in RECOGNISER.recognise(text).found]


@pytest.mark.slow
@pytest.mark.parametrize("part", [None, "held"])
def test_a_code_that_is_named_is_right_in_ninety_eight_of_a_hundred_refusals(part) -> None:
    found = tally(read_refusals(part), RECOGNISER)
    assert found.right / found.named >= 0.98
    assert found.right / found.meant >= 0.9


def test_a_refusal_that_names_no_reason_is_given_none() -> None:
    kept, of = noise_kept(read_refusals(), RECOGNISER)
    assert kept == of >= 100


def test_every_language_has_refusals_enough_and_none_is_a_phrase() -> None:
    texts = read_refusals()
    counts = {language: sum(text.language == language for text in texts) for language in LANGUAGES}
    assert min(counts.values()) >= 45
    assert len({text.text for text in texts}) == len(texts) >= 400
    phrases = {text for spoken in TAXONOMY.phrases.values() for some in spoken.values() for text in some}
    assert not {text.text.rstrip(".。").casefold() for text in texts} & phrases
    assert {code for text in texts for code in text.codes} <= TAXONOMY.codes.keys()


@pytest.mark.slow
def test_a_phrase_reads_texts_of_its_own_language_alone() -> None:
    """English is read too in texts that are not written in Latin letters; a platform's error text in every language."""
    strangers = []
    for text in [*read_texts(), *read_refusals()]:
        seen = RECOGNISER.recognise(text.text)
        guests = {"en"} if seen.language in ("zh", "ru", "ko") else set()
        for found in seen.found:
            spoken = {one for one, phrases in TAXONOMY.phrases[found.code].items() if found.phrase in phrases}
            if seen.language and spoken and not spoken & ({seen.language} | guests):
                strangers.append((text.text, found))
    assert strangers == []


def test_a_wrong_category_in_russian_is_no_repeated_posting_in_chinese() -> None:
    text = "Публикация этого товара в выбранной категории невозможна: категория не соответствует товару."
    assert codes(text) == ["category.wrong"]


@pytest.mark.parametrize(
    "text",
    [
        "Please provide the brand authorization letter",
        "Brand authorization is missing",
        "Missing brand authorization document",
        "Brand certificate missing",
        "Brand: authorization missing",
        "Brand qualification missing",
        "品牌资质缺失",
        "Добавьте документы на бренд",
        "Adjunte la documentación de la marca",
        "请提供品牌授权书",
        "缺少品牌授权证明",
        "Нет разрешения правообладателя на бренд",
        "Falta la autorización de la marca",
        "Falta a autorização da marca",
        "Il manque l'autorisation de la marque",
        "Es fehlt die Genehmigung des Markeninhabers für diese Marke",
        "Marka yetki belgesi eksik",
        "브랜드 허가서가 누락되었습니다",
    ],
)
def test_the_right_to_a_brand_that_is_asked_for_is_no_brand_left_empty(text: str) -> None:
    assert codes(text) == ["ip.trademark"]


@pytest.mark.parametrize(
    "text",
    [
        "Brand is missing",
        "品牌未填写",
        "Бренд не указан",
        "Falta la marca",
        "Marca não preenchida",
        "La marque n’est pas renseignée",
        "Die Marke fehlt",
        "MARKA SEÇİLMEDİ",
        "marka seçilmedi",
        "브랜드 누락",
        "브랜드누락",
    ],
)
def test_a_brand_left_empty_is_told_in_nine_languages_and_in_any_spelling(text: str) -> None:
    assert codes(text) == ["attribute.brand_missing"]


@pytest.mark.parametrize(
    "text",
    [
        "A brand certificate is not required",
        "No certificate is needed",
        "该商品不需要提供品牌授权",
        "Сертификат не требуется",
        "No hace falta certificado",
        "Não precisa de certificado",
        "Il n'est pas nécessaire de joindre un certificat",
        "Ein Zertifikat ist nicht erforderlich",
        "Sertifika gerekmiyor",
        "인증서가 필요하지 않습니다",
        "Marka zaten girilmiş",
    ],
)
def test_what_is_not_asked_for_or_there_already_is_no_reason(text: str) -> None:
    assert codes(text) == []


def test_a_quote_is_the_whole_sentence_with_those_that_nothing_was_recognised_in() -> None:
    text = "Dear seller. The brand is missing, see above. Send it by Monday! Image blurry (3 of 5). Bye."
    assert quotes(text) == [
        "Dear seller. The brand is missing, see above. Send it by Monday",
        "Image blurry (3 of 5). Bye",
    ]


def test_a_reason_that_two_sentences_give_is_quoted_from_both() -> None:
    text = "We could not verify that you may sell this brand. Upload the brand authorization letter."
    assert quotes(text) == [text.rstrip(".")]
    assert quotes("Brand missing; image blurry; no brand") == ["Brand missing; image blurry; no brand", "image blurry"]


def test_the_quotes_of_a_text_leave_no_word_out() -> None:
    for text in read_refusals():
        found = quotes(text.text)
        rest = text.text
        for quote in found:
            rest = rest.replace(quote, "", 1)
        assert not found or not any(letter.isalpha() for letter in rest)


def test_two_readings_of_the_same_words_are_told_as_two_and_each_names_the_other() -> None:
    own = {"image.unclear": ("murky snapshot",), "image.background": ("murky snapshot",)}
    torn = Recogniser(TAXONOMY.with_phrases(own))
    whole = "A murky snapshot."
    assert torn.recognise(whole).found == (
        Found("image.background", "murky snapshot", 100, "A murky snapshot", ("image.unclear",)),
        Found("image.unclear", "murky snapshot", 100, "A murky snapshot", ("image.background",)),
    )
    assert [(reason.measured.get("rivals"), rival_names(reason, TAXONOMY)) for reason in torn.reasons(whole)] == [
        (["image.unclear"], "Picture unclear"),
        (["image.background"], "Picture background"),
    ]


def test_the_reading_of_more_words_of_a_sentence_is_the_only_one() -> None:
    own = {"image.unclear": ("murky snapshot",), "image.background": ("murky snapshot place",)}
    found = Recogniser(TAXONOMY.with_phrases(own)).recognise("murky snapshot place").found
    assert [(reading.code, reading.rivals) for reading in found] == [("image.background", ())]
