"""Bytes to text: capped, decoded strictly, cleaned."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.decoding import clean, open_document, path_text, read_bytes, read_text

Written = Callable[[str, str | bytes], Document]

SETTINGS = SourceSettings()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_text_is_read_in_the_encoding_its_mark_states(written: Written, mark: bytes, encoding: str) -> None:
    document = written("a.txt", mark + "Grüße 👋\r\nund mehr".encode(encoding))
    assert read_text(document, SETTINGS) == "Grüße 👋\nund mehr"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"abc \xff def", "invalid UTF-8 at byte 4 .*0xff"),
        (codecs.BOM_UTF8 + b"abc \xe9", "invalid UTF-8 at byte 7 "),
        (b"caf\xe9", "invalid UTF-8 at byte 3 "),
        (b"\xed\xa0\x80", "invalid UTF-8 at byte 0 "),  # a surrogate, encoded
        (codecs.BOM_UTF16_LE + b"a\x00b", "invalid UTF-16-LE at byte 4 "),
    ],
)
def test_invalid_bytes_are_named_with_their_offset(written: Written, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_text(written("a.txt", data), SETTINGS)


def test_a_file_over_the_cap_is_refused_with_the_setting_that_lifts_it(written: Written) -> None:
    with pytest.raises(SourceError, match=r"larger than 10 bytes.*max_document_bytes"):
        read_bytes(written("a.txt", "eleven chars"), SourceSettings(max_document_bytes=10))


def test_a_file_that_grows_while_it_is_read_is_refused(written: Written) -> None:
    document = written("a.txt", "before")
    with pytest.raises(SourceError, match=r"changed while it was read.*6 bytes, then 12"), open_document(document):
        document.path.write_text("before after")


def test_a_file_rewritten_with_as_many_bytes_while_it_is_read_is_refused(written: Written) -> None:
    document = written("a.txt", "before")
    with pytest.raises(SourceError, match="changed while it was read"), open_document(document):
        os.utime(document.path, (1, 1))  # as writing does, but not finer than the file system's clock


def test_a_fifo_put_in_a_files_place_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SourceError, match="not a regular file"):
        read_bytes(Document(path=tmp_path / "a.txt", name="a.txt"), SETTINGS)


def test_a_file_gone_since_it_was_found_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be read.*No such file"):
        read_bytes(Document(path=tmp_path / "gone.txt", name="gone.txt"), SETTINGS)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0cg\x0bh", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("nul\x00bell\x07esc\x1b[1m\x9b\ttab", "nulbellesc[1m\ttab"),
        ("lone \ud800half\udfff", "lone half"),
        ("abc\u202ecba\u202c \u2066x\u2069", "abccba x"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("👩\u200d👩\u200d👧 e\u0301", "👩\u200d👩\u200d👧 é"),
        ("trailing  \n", "trailing  \n"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_stored_or_deceives(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing_and_the_result_can_be_encoded(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()


def test_a_file_name_of_invalid_bytes_becomes_text() -> None:
    assert path_text(os.fsdecode(b"caf\xe9.md")) == "caf\ufffd.md"


PAGE = re.compile(rb"charset=([\w-]+)")


@pytest.mark.parametrize("name", ["ISO-8859-1", "latin1", "windows-1252"])
def test_an_older_encoding_that_the_file_states_is_believed_where_it_is_no_utf_8(written: Written, name: str) -> None:
    data = f"charset={name}\nGrüße “quoted”".encode("cp1252")
    assert read_text(written("a.html", data), SETTINGS, PAGE) == f"charset={name}\nGrüße “quoted”"


@pytest.mark.parametrize(("name", "text"), [("koi8-r", "Привет"), ("Shift_JIS", "漢字"), ("iso-8859-2", "žluť")])
def test_other_older_encodings_are_read_too(written: Written, name: str, text: str) -> None:
    assert read_text(written("a.html", f"charset={name} {text}".encode(name)), SETTINGS, PAGE).endswith(text)


def test_a_statement_that_the_bytes_belie_is_not_believed(written: Written) -> None:
    assert read_text(written("a.html", "charset=latin1 Grüße".encode()), SETTINGS, PAGE).endswith("Grüße")


@pytest.mark.parametrize("name", ["iso-8859-01", "utf-7", "rot13", "zlib", "unicode_escape", "none", "x" * 400])
def test_encodings_that_pages_were_never_written_in_are_refused(written: Written, name: str) -> None:
    with pytest.raises(SourceError, match="invalid UTF-8"):
        read_text(written("a.html", f"charset={name} ".encode() + b"\xff"), SETTINGS, PAGE)
