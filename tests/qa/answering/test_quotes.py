"""Citations are proven when made, and numbered as they are read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.records import Post
from qa.answering.citations import Quote, cite, known_markers_only, quoted_segments
from qa.records import Citation, Focus, Segment

BODY = "Ingrid built it. Storms broke it. Nobody mended it."
POST = Post(id="rock", title="The rock", body=BODY)
OTHER = Post(id="pier", title="The pier", body="The pier held.\nIt still does.")


def _quote(text: str, post: Post = POST, score: float = 1.0) -> Quote:
    start = post.body.index(text)
    return Quote(post, start, start + len(text), score)


def _text(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def test_a_citation_whose_quote_is_in_place_is_made() -> None:
    citation = Citation(marker="[1]", quote="Storms broke it.", start=17, end=33, post=POST)
    assert citation.post.body[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("quote", "start", "end"),
    [
        ("Storms broke it", 17, 33),
        ("Storms broke it.", 16, 32),
        ("storms broke it.", 17, 33),
        ("Storms sank it.", 17, 33),
        ("", 3, 3),
        ("Storms broke it. Nobody mended it.", 17, 999),
        ("Storms broke it. Nobody mended it", 17, -1),
        ("mended it.", -10, 51),
        ("Ingrid", 6, 0),
    ],
)
def test_a_citation_whose_quote_is_not_in_place_is_refused(quote: str, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"does not say|greater than or equal"):
        Citation(marker="[1]", quote=quote, start=start, end=end, post=POST)


@pytest.mark.parametrize(
    ("focus", "complaint"),
    [
        (Focus(start=0, end=16, quote="Ingrid built it."), "lies outside the quote"),
        (Focus(start=34, end=51, quote="Nobody mended it!"), "does not say"),
        (Focus(start=20, end=20, quote=""), "does not say"),
    ],
)
def test_a_focus_that_is_outside_its_quote_or_not_in_place_is_refused(focus: Focus, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Citation(marker="[1]", quote=BODY[17:], start=17, end=len(BODY), post=POST, focus=focus)


def test_the_sentence_that_answers_is_the_focus_of_its_quote() -> None:
    (citation,) = cite([Quote(POST, 0, len(BODY), 1.0, focus=(17, 33))])
    assert citation.focus == Focus(start=17, end=33, quote="Storms broke it.")
    assert citation.shown_focus == "Storms broke it."


def test_quotes_are_numbered_from_one_in_their_order() -> None:
    citations = cite([_quote("Nobody mended it."), _quote("The pier held.", OTHER, 0.5)])
    assert [(one.marker, one.quote, one.post.id, one.score) for one in citations] == [
        ("[1]", "Nobody mended it.", "rock", 1.0),
        ("[2]", "The pier held.", "pier", 0.5),
    ]


@pytest.mark.parametrize(("start", "end"), [(60, 70), (5, 5), (9, 2), (-5, -1), (40, 400)])
def test_a_quote_its_post_does_not_bear_out_is_left_out_and_takes_no_number(start: int, end: int) -> None:
    citations = cite([_quote("Ingrid built it."), Quote(POST, start, end, 1.0), _quote("Storms broke it.")])
    assert [(one.marker, one.quote) for one in citations] == [("[1]", "Ingrid built it."), ("[2]", "Storms broke it.")]


def test_the_text_is_every_quote_with_its_marker_in_order() -> None:
    citations = cite([_quote("Ingrid built it."), _quote("Nobody mended it.")])
    assert _text(quoted_segments(citations)) == "Ingrid built it. [1] Nobody mended it. [2]"
    assert quoted_segments([]) == ()


def test_another_post_or_a_quote_of_several_lines_opens_a_paragraph() -> None:
    citations = cite([_quote("Ingrid built it."), _quote(OTHER.body, OTHER), _quote("Nobody mended it.")])
    assert _text(quoted_segments(citations)) == (
        "Ingrid built it. [1]\n\nThe pier held.\nIt still does. [2]\n\nNobody mended it. [3]"
    )


def test_markers_that_point_to_no_citation_are_taken_out() -> None:
    text = "She did [1], they say [7]. Nobody else [2][3] did [12]."
    assert known_markers_only(text, {"[1]", "[2]"}) == "She did [1], they say. Nobody else [2] did."
    assert known_markers_only("All [1] gone [2].", ()) == "All gone."
