from datetime import UTC, datetime

import pytest

from aexdash.aliexpress.dialects.walks import RawPage, require_list, walk_pages
from aexdash.aliexpress.errors import BusinessFailure, PlatformFault, UnreadableAnswer
from aexdash.aliexpress.reading import product_id
from aexdash.model import Status
from aexdash.platform_data import Observation

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def raw_page(*ids, reported=None, pages=None):
    return RawPage(tuple({"product_id": number} for number in ids), reported, pages, listed=True)


EMPTY = raw_page()


class Book:
    """Pages by word and number; a page that is not there raises what `beyond` says."""

    def __init__(self, pages, beyond=EMPTY):
        self.pages, self.beyond, self.asked = pages, beyond, []

    def __call__(self, word, number):
        self.asked.append((word, number))
        found = self.pages.get((word, number), self.beyond)
        if isinstance(found, Exception):
            raise found
        return found


def observe(item, word):
    return Observation(product_id(item), Status.AUDITING, word)


def walked(book, words=("auditing",), page_size=2):
    """Return each page as (number, total pages, reported, ids)."""
    pages = walk_pages(words, book, observe, page_size=page_size, clock=lambda: NOW)
    return [(p.number, p.total_pages, p.reported, [seen.product_id for seen in p.observations]) for p in pages]


def test_pages_are_read_until_the_last():
    book = Book(
        {("auditing", 1): raw_page(1, 2, reported=3, pages=2), ("auditing", 2): raw_page(3, reported=3, pages=2)},
        beyond=PlatformFault("must not be asked"),
    )
    assert walked(book) == [(1, 2, 3, [1, 2]), (2, 2, 3, [3])]


def test_an_empty_status_is_one_empty_page():
    """Its total counts: the sync tells a true zero from a missing answer by it."""
    book = Book({("auditing", 1): raw_page(reported=0, pages=0)})
    assert walked(book) == [(1, 1, 0, [])]
    assert book.asked == [("auditing", 1)]


def test_pages_are_read_one_by_one_as_they_are_used():
    book = Book({("auditing", n): raw_page(n * 2, n * 2 + 1, reported=8, pages=4) for n in range(1, 5)})
    walk = walk_pages(("auditing",), book, observe, page_size=2, clock=lambda: NOW)
    next(walk)
    assert book.asked == [("auditing", 1)]
    next(walk)
    assert book.asked == [("auditing", 1), ("auditing", 2)]


@pytest.mark.parametrize("beyond", [EMPTY, raw_page(1, 2, reported=2, pages=1), BusinessFailure("no such page")])
def test_a_full_last_page_is_looked_behind(beyond):
    """Nothing, a repeat of the last page and a refusal all mean that nothing lies there (reference §3.9)."""
    book = Book({("auditing", 1): raw_page(1, 2, reported=2, pages=1)}, beyond)
    assert walked(book) == [(1, 1, 2, [1, 2])]
    assert book.asked == [("auditing", 1), ("auditing", 2)]


def test_a_total_that_is_too_low_hides_nothing():
    book = Book(
        {("auditing", 1): raw_page(1, 2, reported=2, pages=1), ("auditing", 2): raw_page(3, reported=2, pages=1)},
    )
    assert walked(book) == [(1, 1, 2, [1, 2]), (2, 1, 2, [3])]


def test_a_total_that_is_too_high_ends_at_the_empty_page():
    book = Book(
        {("auditing", 1): raw_page(1, 2, reported=9, pages=5), ("auditing", 2): raw_page(3, reported=9, pages=5)}
    )
    assert walked(book) == [(1, 5, 9, [1, 2]), (2, 5, 9, [3])]
    assert book.asked[-1] == ("auditing", 3)


def test_without_a_page_count_the_total_ends_the_walk():
    """The platform may also serve smaller pages than were asked for."""
    book = Book({("auditing", n): raw_page(n, reported=3) for n in range(1, 4)}, beyond=PlatformFault("not asked"))
    assert [page[3] for page in walked(book)] == [[1], [2], [3]]


def test_without_any_total_the_empty_page_ends_the_walk():
    book = Book({("auditing", n): raw_page(n) for n in range(1, 4)})
    assert walked(book) == [(1, 1, None, [1]), (2, 1, None, [2]), (3, 1, None, [3])]


def test_a_list_that_repeats_itself_is_left():
    """It would go on for a hundred pages; the repeat that is shown tells the sync that something is wrong."""
    book = Book({}, beyond=raw_page(1, 2, reported=200, pages=100))
    assert walked(book) == [(1, 100, 200, [1, 2]), (2, 100, 200, [1, 2])]
    assert len(book.asked) == 3


@pytest.mark.slow
def test_a_list_without_end_is_an_unreadable_answer():
    numbers = iter(range(1, 1_000_000))

    def ask(word, number):
        return raw_page(next(numbers), next(numbers), reported=10**9, pages=10**7)

    with pytest.raises(UnreadableAnswer, match="does not end after 20000 pages"):
        for _ in walk_pages(("auditing",), ask, observe, page_size=2, clock=lambda: NOW):
            pass


def test_a_failure_in_the_middle_ends_the_walk():
    book = Book({("auditing", 1): raw_page(1, 2, reported=5, pages=3)}, beyond=PlatformFault("down"))
    with pytest.raises(PlatformFault, match="down"):
        walked(book)


def test_two_words_of_the_platform_are_one_walk_with_one_total():
    book = Book(
        {
            ("OFFLINE", 1): raw_page(1, 2, reported=3, pages=2),
            ("OFFLINE", 2): raw_page(3, reported=3, pages=2),
            ("PENDING_LAUNCH", 1): raw_page(4, reported=1, pages=1),
        }
    )
    assert walked(book, words=("OFFLINE", "PENDING_LAUNCH")) == [
        (1, 3, 4, [1, 2]),
        (2, 3, 4, [3]),
        (3, 3, 4, [4]),
    ]
    assert book.asked == [("OFFLINE", 1), ("PENDING_LAUNCH", 1), ("OFFLINE", 2)]


def test_a_total_is_not_known_when_one_word_does_not_tell_its_own():
    book = Book({("OFFLINE", 1): raw_page(1, reported=1, pages=1), ("PENDING_LAUNCH", 1): raw_page(reported=None)})
    assert [page[2] for page in walked(book, words=("OFFLINE", "PENDING_LAUNCH"))] == [None, None]


def capped(ids, size, asked, *, reported=None):
    """The pages of a platform that serves `size` items whatever is asked, and counts pages by what was asked."""
    total = len(ids) if reported is None else reported
    pages = {
        ("auditing", number + 1): raw_page(*ids[start : start + size], reported=total, pages=-(-total // asked))
        for number, start in enumerate(range(0, len(ids), size))
    }
    return Book(pages)


@pytest.mark.parametrize(("many", "calls"), [(19, 1), (20, 1), (21, 2), (39, 2), (40, 3), (45, 3), (120, 7)])
def test_pages_that_are_capped_are_asked_for_until_the_total_is_reached(many, calls):
    """20 a page though 99 are asked for; behind a full last page one more is asked for, as behind every full one."""
    ids = list(range(1, many + 1))
    book = capped(ids, 20, 99)
    pages = walked(book, page_size=99)
    assert [number for page in pages for number in page[3]] == ids
    assert {page[2] for page in pages} == {many}
    assert len(book.asked) == calls
    assert pages[0][1] == -(-many // 20)


@pytest.mark.parametrize("beyond", [EMPTY, BusinessFailure("no such page")])
def test_capped_pages_end_where_nothing_more_is_shown(beyond):
    book = capped(list(range(1, 31)), 20, 99, reported=90)
    book.beyond = beyond
    assert [len(page[3]) for page in walked(book, page_size=99)] == [20, 10]


def test_an_item_without_an_id_is_named_and_the_others_are_read():
    page = raw_page(1, 2, reported=5, pages=1)
    odd = ({"subject": "Vase blue"}, {"product_id": "0", "title": "x" * 200}, {"product_id": None})
    book = Book({("auditing", 1): RawPage(page.items + odd, 5, 1, listed=True)})
    (read,) = walk_pages(("auditing",), book, observe, page_size=99, clock=lambda: NOW)
    assert [seen.product_id for seen in read.observations] == [1, 2]
    assert read.notes == (
        "AliExpress listed an item as auditing without a usable product_id: Vase blue.",
        f"AliExpress listed an item as auditing without a usable product_id: {'x' * 80}.",
        "AliExpress listed an item as auditing without a usable product_id: without a title.",
    )


@pytest.mark.parametrize("result", [{}, {"url": "https://elsewhere.example"}, {"product_count": "many"}])
def test_an_answer_that_is_no_list_is_no_empty_list(result):
    page = RawPage((), None, None, listed=False)
    with pytest.raises(UnreadableAnswer, match="something else than a list"):
        require_list(page, result, 1)
    assert require_list(page, result, 2) is page
    assert require_list(page, {"success": True}, 1) is page
