"""Text to lexical terms."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.tokenize import folded, is_identifier, is_stop_word, plain_words, terms, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana's boat", ["Ana", "boat"]),
        ("the keepers’ lamp", ["the", "keepers", "lamp"]),
        ("12,500 gulls, 3.5 boats", ["12500", "gulls", "3.5", "boats"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("snake_case and tf.add", ["snake", "case", "and", "tf", "add"]),
        ("O’Hara", ["O'Hara"]),
        ("… ?! —", []),
    ],
)
def test_words_are_cut_out_as_written(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("word", "plain"), [("Café", "cafe"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁsh", "fish")]
)
def test_folding_takes_off_case_and_accents(word: str, plain: str) -> None:
    assert folded(word) == plain


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_plain_words_are_folded_as_all_others_are(word: str) -> None:
    with_mark = folded(word + "é")  # takes the way that looks at every letter
    assert with_mark == folded(word) + "e"


@given(
    st.lists(st.sampled_from(["U.S.", "a.m", ".b.", "x.", " ", "3", "1st", "k", "e.g.", "it's", "2's"])).map("".join)
)
def test_a_shortcut_changes_no_word(text: str) -> None:
    assert words(text) == words(unicodedata.normalize("NFC", text + " é"))[:-1]
    spelled, plain = ([term for term in terms(one) if not is_identifier(term)] for one in (text + " é 1", text))
    assert plain == spelled[:-2]  # a digit and an accent elsewhere rule the shortcuts out


def test_terms_are_stemmed_and_without_stop_words() -> None:
    assert terms("The keepers were lighting lamps") == terms("keeper lights lamp")
    assert terms("Who is it?") == []


def test_terms_keep_their_order_and_repetitions() -> None:
    assert terms("lamp boat lamp") == ["lamp", "boat", "lamp"]


def test_another_language_has_another_stemmer() -> None:
    assert terms("Häuser", "de") == ["haus"]


@pytest.mark.parametrize("text", ["Café São João", "Ångström naïve", "Zoë’s piñata"])
def test_accents_typed_as_marks_of_their_own_make_no_other_term(text: str) -> None:
    assert terms(unicodedata.normalize("NFD", text)) == terms(text)


@given(st.text())
def test_no_term_is_empty_or_a_stop_word_when_folded(text: str) -> None:
    assert all(words(text))
    assert not any(is_stop_word(folded(word)) and folded(word) in terms(word) for word in words(text))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Call `tf.function` now.", "tf.function"),
        ("Pass --locked to it", "--locked"),
        ("error E0382 means", "e0382"),
        ("Written in C++.", "c++"),
        ("Written in C# and F#.", "c#"),
        ("std::vector::push_back grows", "std::vector::push_back"),
        ("set excerpt_separator to", "excerpt_separator"),
        ("edit config.yml first", "config.yml"),
        ("since v4.3.0 it", "4.3.0"),
        ("It weighs 12,5 kg", "12.5"),
        ("It costs 1.234,56 crowns", "1234.56"),
        ("It costs 1,234.56 crowns", "1234.56"),
        ("The mil\u00adler sings", "miller"),
        ("zero\u200bwidth", "zerowidth"),
        ("Ｔｈｅ ｐｒｉｃｅ", "price"),
        ("５００ yen", "500"),
        ("The oﬃcer", "offic"),
    ],
)
def test_what_is_one_word_to_its_reader_is_one_term(text: str, whole: str) -> None:
    assert whole in terms(text)


@pytest.mark.parametrize(
    ("text", "part"), [("v4.3.0", "3.0"), ("12,5", "125"), ("mil\u00adler", "mil"), ("mother-in-law", "--in")]
)
def test_a_part_of_a_word_is_no_term(text: str, part: str) -> None:
    assert part not in terms(text)


def test_the_parts_of_an_identifier_are_terms_as_well() -> None:
    assert {"tf", "function", "tf.function"} <= set(terms("tf.function"))


def test_sentences_run_together_are_no_identifier() -> None:
    assert not any(map(is_identifier, terms("e.g. at 3 p.m. on the pier. It rains, i.e. no boat.")))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The Rocks, the rocks and 3 GULLS", ["gulls", "rocks"]),
        ("don't read tf.function or x86", ["function", "read", "tf"]),
        ("灯塔 หอประภาคาร 등대 lamp", ["lamp"]),
        ("маяк हिन्दी", ["маяк", "हिन्दी"]),
        ("A" * 40, []),
    ],
)
def test_typing_errors_are_told_in_words_of_letters_of_scripts_with_spaces(text: str, plain: list[str]) -> None:
    assert plain_words(text) == plain
