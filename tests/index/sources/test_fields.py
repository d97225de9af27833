"""Titles, dates and languages in one form, or not at all."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest

from index.sources.fields import first_words, headline, iso_date, language_code


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2024-03-02", "2024-03-02"),
        ("20240302", "2024-03-02"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        (" 2024-03-02T10:00:00Z ", "2024-03-02T10:00:00+00:00"),
        ("2024-03-02 10:00:00", "2024-03-02T10:00:00"),
        ("Sat, 02 Mar 2024 10:00:00 +0200", "2024-03-02T10:00:00+02:00"),
        ("March 2, 2024", "2024-03-02"),
        ("2 Mar 2024", "2024-03-02"),
        ("2024/03/02", "2024-03-02"),
        (date(2024, 3, 2), "2024-03-02"),
        (datetime(2024, 3, 2, 10, tzinfo=UTC), "2024-03-02T10:00:00+00:00"),
    ],
)
def test_dates_become_iso_8601_as_precise_as_stated(stated: object, iso: str) -> None:
    assert iso_date(stated) == iso


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "NaN",
        math.nan,
        math.inf,
        "soon",
        "2024-13-45",
        "2024-02-30",
        "03/02/2024",
        1709337600,
        [],
        "9" * 10_000,
    ],
)
def test_what_is_no_date_is_none(stated: object) -> None:
    assert iso_date(stated) is None


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("PT_br", "pt"),
        ("zh-Hant-TW", "zh"),
        ("eng", None),
        ("English", None),
        (None, None),
    ],
)
def test_a_language_tag_gives_its_two_letters_or_nothing(stated: str | None, code: str | None) -> None:
    assert language_code(stated) == code


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        (" Two\n lines ", "Two lines"),
        ("\x00\ud800", "file"),
        ("", "file"),
        (None, "file"),
        ("A\u202eB", "AB"),
    ],
)
def test_a_title_is_one_clean_line_or_the_other_name(stated: str | None, title: str) -> None:
    assert headline(stated, "file") == title


def test_a_title_is_never_empty() -> None:
    assert headline(None, "\x00") == "Untitled"


@pytest.mark.parametrize(
    ("text", "words"),
    [("Short text.", "Short text."), ("word " * 30, "word " * 11 + "word"), ("x" * 1_000_000, "x" * 60)],
)
def test_first_words_end_at_a_word(text: str, words: str) -> None:
    assert first_words(text) == words
    assert len(words) <= 60
