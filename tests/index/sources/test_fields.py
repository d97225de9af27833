"""Titles and languages in one form, or not at all."""

from __future__ import annotations

import pytest

from index.sources.fields import first_words, headline, language_code


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
