"""Stop words come from a data file, language by language."""

from __future__ import annotations

import pytest

from index.text.stop_words import stop_words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", {"the", "shall", "a"}), ("es", {"qué", "los"}), ("ru", {"который"}), ("hi", {"क्या"}), ("vi", {"của"})],
)
def test_a_language_has_its_list(language: str, words: set[str]) -> None:
    assert words <= stop_words(language)


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert stop_words("xx") == stop_words("") == frozenset()


def test_every_word_is_in_lower_case() -> None:
    assert all(
        word == word.lower() and "[" not in word for code in ("en", "de", "tr", "el") for word in stop_words(code)
    )
