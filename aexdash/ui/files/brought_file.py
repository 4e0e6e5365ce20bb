"""A file as it was read, and the question of its code page where it tells none: a line of it as each one reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from aexdash.sources.formats.code_pages import CODE_PAGES, CodePageUnclear, samples_of, was_guessed
from aexdash.sources.tables import Table, read_tables
from aexdash.ui.frame.again import draw_again
from aexdash.words.common import plain


@dataclass(frozen=True)
class FileRead:
    """A file as it was read. `samples` are there instead of tables where its code page is not clear.

    `content` is kept where a person may choose a code page.
    """

    name: str
    tables: tuple[Table, ...] = ()
    samples: dict[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    code_page: str | None = None

    @property
    def may_choose(self) -> bool:
        """Whether another code page may be chosen."""
        return self.code_page is not None or any(was_guessed(table.note) for table in self.tables)


def read_file(name: str, content: bytes, code_page: str | None = None) -> FileRead:
    """Read an uploaded file.

    Raises:
        SourceError: it cannot be read for another reason than its code page.
    """
    try:
        tables = tuple(read_tables(name, content, code_page))
    except CodePageUnclear as unclear:
        return FileRead(name, samples=dict(unclear.samples), content=content)
    return FileRead(name, tables, content=content, code_page=code_page)


def other_code_pages(read: FileRead) -> FileRead:
    """Return the same file, not read yet, with every code page to choose from."""
    return FileRead(read.name, samples=samples_of(read.content), content=read.content)


def ask_code_page(read: FileRead, key: str, again: Callable[[str, bytes, str], None]) -> None:
    """Draw the question; once it is answered, have the file read `again` in that code page and draw the page again."""
    st.markdown(f"**{plain(read.name)}** does not say in which code page it was written. Which line reads?")
    with st.form(f"code-page-{key}", border=True):
        page = st.radio(
            "Code page",
            list(read.samples),
            format_func=CODE_PAGES.__getitem__,
            captions=[plain(line) for line in read.samples.values()],
            key=f"chosen-code-page-{key}",
            label_visibility="collapsed",
        )
        is_answered = st.form_submit_button("Read it so", key=f"read-code-page-{key}")
    if is_answered and page is not None:
        again(read.name, read.content, page)
        draw_again()
