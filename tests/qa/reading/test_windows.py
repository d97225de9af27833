"""Passages as windows of what the reader takes in at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.records import Post, SentenceKind
from index.visible import Piece, pieces_to_json
from qa.reading.inputs import QUESTION_TOKENS, SpecialTokens, reader_input
from qa.reading.windows import (
    CONTEXT_TOKENS,
    UNIT_TOKENS,
    Span,
    Unit,
    context_text,
    cut_windows,
    passage_spans,
    units_of,
)
from qa.records import Evidence, Passage


def tokenize(text: str) -> list[int]:
    """One token a word: its length."""
    return [len(word) for word in text.split()]


def units_with(counts: list[int]) -> list[Unit]:
    """Units of so many words each."""
    return [Unit(at, at + 1, " ".join(["word"] * count)) for at, count in enumerate(counts)]


def test_units_are_plain_text_with_their_places() -> None:
    kinds = (SentenceKind.HEADING, SentenceKind.SENTENCE, SentenceKind.SENTENCE)
    texts = ("# Title", "It costs `$5`.", "![A photo](x.png)")
    units = units_of(Span(10 * at, 10 * at + 9, *shown) for at, shown in enumerate(zip(kinds, texts, strict=True)))
    assert [(unit.text, unit.is_scored) for unit in units] == [("Title", False), ("It costs $5.", True), ("", False)]
    assert [(unit.start, unit.end) for unit in units] == [(0, 9), (10, 19), (20, 29)]


def test_an_answer_is_read_as_one_text_with_the_question_right_above_it() -> None:
    heading, question, sentence = SentenceKind.HEADING, SentenceKind.QUESTION, SentenceKind.SENTENCE
    shown = ((heading, "Who pays?"), (sentence, "The farmer."), (sentence, "In June."), (question, "Why?"))
    units = units_of(Span(10 * at, 10 * at + 9, *one) for at, one in enumerate(shown))
    assert [(unit.start, unit.text, unit.is_scored) for unit in units] == [
        (10, "Who pays? The farmer.", True),
        (20, "In June.", True),
        (30, "Why?", False),
    ]


def test_spans_of_a_passage_are_in_the_order_of_the_text_and_visible() -> None:
    body = "It is [here](https://a.example). It costs five."
    pieces = pieces_to_json((Piece(0, 6), Piece(7, 11), Piece(31, len(body))))
    post = Post(id="p", title="t", body=body, visible_pieces=pieces)
    places = ((33, 47), (0, 32))
    found = [Evidence(*place, post.visible.between(*place), SentenceKind.SENTENCE, 0.0) for place in places]
    passage = Passage(post=post, text=body, start=0, end=len(body), score=0.0, evidence=tuple(found))
    assert [span.text for span in passage_spans(passage)] == ["It is here.", "It costs five."]


def test_a_short_passage_is_one_window_behind_its_context() -> None:
    (window,) = cut_windows("a title", units_with([3, 2]), tokenize)
    assert window.token_ids == (1, 5, 1, 4, 4, 4, 4, 4)
    assert window.ranges == ((3, 6), (6, 8))


def test_the_context_leaves_out_headings_that_are_units() -> None:
    own = Unit(0, 5, "Setup", is_scored=False)
    assert context_text("A **post**", ["Setup", "Linux", "Linux"], [own]) == "A post > Linux"


def test_a_long_context_and_a_long_unit_are_cut() -> None:
    (window,) = cut_windows("word " * 100, units_with([500]), tokenize)
    first, last = window.ranges[0]
    assert (first, last - first) == (CONTEXT_TOKENS + 1, UNIT_TOKENS)


def test_neighbours_share_a_short_unit() -> None:
    windows = cut_windows("", units_with([8, 3, 9]), tokenize, budget=12)
    assert [[unit.start for unit in window.units] for window in windows] == [[0, 1], [1, 2]]


def test_a_window_of_headings_alone_is_left_out() -> None:
    assert cut_windows("", [Unit(0, 3, "Only a heading", is_scored=False)], tokenize) == []


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(4, 60))
def test_every_unit_with_words_is_in_a_window_within_the_budget(counts: list[int], budget: int) -> None:
    units = units_with(counts)
    windows = cut_windows("a title", units, tokenize, budget=budget)
    held = {unit.start for window in windows for unit in window.units}
    assert held == {unit.start for unit, count in zip(units, counts, strict=True) if count}
    assert all(sum(last - first for first, last in window.ranges) <= budget for window in windows)


def test_question_and_window_are_joined_with_the_ranges_moved() -> None:
    heading, sentence = Unit(0, 1, "heading", is_scored=False), Unit(2, 3, "a sentence")
    (window,) = cut_windows("", [heading, sentence], tokenize)
    reads = reader_input([7, 7], window, SpecialTokens(101, 102))
    assert reads.token_ids == (101, 7, 7, 102, 7, 1, 8, 102)
    assert (reads.question, reads.units) == ((1, 3), ((5, 7),))


def test_a_long_question_is_cut() -> None:
    (window,) = cut_windows("", units_with([1]), tokenize)
    assert reader_input([7] * 200, window, SpecialTokens(101, 102)).question == (1, 1 + QUESTION_TOKENS)
