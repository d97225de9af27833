"""Posts to chunks: nothing lost, nothing twice, nothing longer than the encoder reads."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Chunk, Post, SentenceKind
from index.text.chunking import chunk_post
from tests.stand_ins import WordHashEncoder

LIMIT = 16
ENCODER = WordHashEncoder()

WORDS = st.sampled_from(
    [
        "gull",
        "Rock",
        "lamp.",
        "Who?",
        "U.S.",
        "3.14",
        "e\u0301a\u0308",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇫🇷🇩🇪",
        "漢字。",
        "a-b/c_d",
        "x" * 90,
    ]
)
LINES = st.one_of(
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
    st.sampled_from(
        ["# Head", "## Deeper", "- item", "1. step", "| a | b |", "|---|---|", "```", "x = f(1)", "", "To do:"]
    ),
    st.text(max_size=60),
)
BODIES = st.lists(LINES, max_size=12).map("\n".join).filter(lambda body: body.strip() != "").map(str.strip)


def _chunks(body: str, limit: int = LIMIT) -> list[Chunk]:
    return chunk_post(Post(id="p", title="T", body=body), ENCODER.token_spans, limit)


def _texts(body: str, limit: int = LIMIT) -> list[str]:
    return [chunk.text for chunk in _chunks(body, limit)]


def _assert_whole(body: str, chunks: list[Chunk]) -> None:
    spans = [(chunk.start, chunk.end) for chunk in chunks]
    assert all(body[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    held = sum(not letter.isspace() for chunk in chunks for letter in chunk.text)
    assert held == sum(not letter.isspace() for letter in body)  # in order and apart: so each exactly once


@given(BODIES)
def test_every_character_that_is_not_blank_is_in_exactly_one_chunk(body: str) -> None:
    _assert_whole(body, _chunks(body))


@given(BODIES)
def test_no_chunk_holds_more_tokens_than_asked_for_by_the_encoders_own_count(body: str) -> None:
    assert all(len(ENCODER.token_spans(chunk.text)) <= LIMIT for chunk in _chunks(body))


@given(BODIES)
def test_the_sentences_of_a_chunk_are_inside_it_in_order_and_hold_all_its_characters(body: str) -> None:
    for chunk in _chunks(body):
        spans = [(sentence.start, sentence.end) for sentence in chunk.sentences]
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
        held = "".join(body[start:end] for start, end in spans)
        assert "".join(held.split()) == "".join(chunk.text.split())


@pytest.mark.parametrize(
    "body",
    [
        "x" * 1_000_000,
        "漢" * 100_000,
        "👩‍👩‍👧‍👦" * 20_000,
        "e" + "\u0301" * 50_000,
        "word " * 100_000,
        "word, " * 100_000 + ".",
        "https://gull.example/" + "a/b?c=d&" * 20_000,
        "- item\n" * 10_000,
        "| a | b |\n" * 10_000,
        "x = f(1)\n" * 10_000,
        "A sentence of five words. " * 10_000,
    ],
    ids=["x", "han", "zwj", "marks", "words", "commas", "address", "items", "rows", "code", "sentences"],
)
@pytest.mark.slow
def test_large_bodies_of_every_shape_are_cut_whole_and_under_the_limit(body: str) -> None:
    body = body.strip()
    chunks = _chunks(body)
    _assert_whole(body, chunks)
    assert max(len(ENCODER.token_spans(chunk.text)) for chunk in chunks) <= LIMIT


def _letter_tokens(text: str) -> list[tuple[int, int]]:
    """As WordPiece does it: a token per letter, but one for a word of more than a hundred."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    letters = [[(at, at + 1) for at in range(*word)] if word[1] - word[0] <= 100 else [word] for word in words]
    return list(itertools.chain.from_iterable(letters))


@pytest.mark.parametrize("length", [2_050, 2_099, 4_090])
def test_half_a_word_that_is_more_tokens_than_the_whole_stays_under_the_limit(length: int) -> None:
    body = f"one {'x' * length} two"
    chunks = chunk_post(Post(id="p", title="T", body=body), _letter_tokens, LIMIT)
    _assert_whole(body, chunks)
    assert max(len(_letter_tokens(chunk.text)) for chunk in chunks) <= LIMIT


SIGNS = {
    "family": "👩‍👩‍👧‍👦",
    "skin tone": "👍🏽",
    "flag": "🇫🇷",
    "Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "accents": "e\u0301\u0323",
    "Devanagari": "की",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_no_chunk_parts_what_is_one_sign_for_the_reader(sign: str, before: str) -> None:
    body = before + sign * 200
    for chunk in _chunks(body):
        assert (chunk.start - len(before)) % len(sign) == 0 or chunk.start == 0


def test_a_heading_opens_a_chunk_and_stays_with_what_it_stands_over() -> None:
    body = "First words here.\n\n## The keeper\n\nHe lit the lamp.\n\n## The boat\n\nIt sank."
    assert _texts(body, 40) == [
        "First words here.",
        "## The keeper\n\nHe lit the lamp.",
        "## The boat\n\nIt sank.",
    ]


def test_chunks_know_the_headings_above_them() -> None:
    body = "# One\n\n## Two\n\nText.\n\n### Three\n\nMore.\n\n## Four\n\nEnd."
    assert [chunk.headings for chunk in _chunks(body, 40)] == [
        ("One", "Two"),
        ("One", "Two", "Three"),
        ("One", "Four"),
    ]


def test_chunks_fall_between_blocks_where_they_can() -> None:
    one, two = "Seven words stand in this one paragraph.", "And seven more words stand in here."
    assert _texts(f"{one}\n\n{two}", 12) == [one, two]


def test_chunks_fall_between_sentences_where_they_must() -> None:
    sentences = ["Five words are in here.", "And five more are here.", "Five at the very end."]
    assert _texts(" ".join(sentences), 13) == [" ".join(sentences[:2]), sentences[2]]


def test_a_sentence_too_long_by_itself_is_cut_between_words() -> None:
    body = " ".join(f"word{n}" for n in range(100))
    texts = _texts(body)
    assert " ".join(texts) == body
    assert all(len(text.split()) <= LIMIT for text in texts)


def test_what_a_line_announces_stays_with_it_even_if_it_is_a_row() -> None:
    body = "It was a long day.\n\nIn kilograms:\n\n| North | 31 |\n| South | 18 |"
    assert _texts(body, 40) == [
        "It was a long day.\n\nIn kilograms:\n\n| North | 31 |",
        "| South | 18 |",
    ]


def test_a_table_row_is_a_chunk_of_its_own_and_the_header_stands_with_the_first() -> None:
    body = "| Hive | Year |\n|---|---|\n| North | 2019 |\n| South | 2020 |"
    assert _texts(body, 40) == ["| Hive | Year |\n|---|---|\n| North | 2019 |", "| South | 2020 |"]


def test_pieces_keep_their_kind() -> None:
    body = "# Head\n\nOne. Two.\n\n- item\n\n```\ncode\n```"
    kinds = [sentence.kind for chunk in _chunks(body, 60) for sentence in chunk.sentences]
    heading, code = SentenceKind.HEADING, SentenceKind.CODE
    assert kinds == [heading, SentenceKind.SENTENCE, SentenceKind.SENTENCE, SentenceKind.ITEM, code]


def test_a_chunk_that_leaves_its_post_cannot_be_made() -> None:
    post = Post(id="p", title="T", body="short")
    with pytest.raises(ValueError, match="leaves the body of p"):
        Chunk.cut(post, 0, 6, (), ())
