"""The places of a gold quote in a body, and when two places agree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.judge import Span, normalised, overlap_by_half, places_of


def test_half_of_the_shorter_place_is_the_least_overlap() -> None:
    assert overlap_by_half(Span(0, 4), Span(2, 40))
    assert not overlap_by_half(Span(0, 5), Span(3, 40))
    assert not overlap_by_half(Span(0, 4), Span(4, 8))


def test_a_quote_is_found_verbatim_at_every_place_first() -> None:
    assert places_of("a b", "a b, A  B, a b") == (Span(0, 3), Span(11, 14))


def test_a_quote_is_found_across_spaces_case_and_typographic_quotes_at_its_source_place() -> None:
    body = "She said:\n “It’s\n a   boat” twice."
    (place,) = places_of('"it\'s a boat"', body)
    assert body[place.start : place.end] == "“It’s\n a   boat”"
    assert places_of("a ship", body) == ()


@given(st.text(alphabet=st.sampled_from("aB ß\n\u00a0“’—İ.")), st.text(max_size=3))
def test_every_part_of_a_body_is_found_in_it(piece: str, around: str) -> None:
    if normalised(piece):
        assert places_of(piece.strip(), around + piece + around)
