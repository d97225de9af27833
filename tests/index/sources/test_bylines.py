"""Who wrote a post, out of its own words."""

from __future__ import annotations

import pytest

from index.sources.bylines import authors_of, is_byline


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Brook", ("Ada Brook",)),
        ("By Ada Brook and Bo Lind", ("Ada Brook", "Bo Lind")),
        ("By Ada Brook, Bo Lind, and Cy Marsh", ("Ada Brook", "Bo Lind", "Cy Marsh")),
        ("Posted by Ada Brook, Research Scientist, Google Research", ("Ada Brook",)),
        ("Posted by Ada Brook and Bo Lind, Rope Desk", ("Ada Brook", "Bo Lind")),
        ("Posted by Ada Brook, Engineer, Maps and Bo Lind, Manager, Maps", ("Ada Brook", "Bo Lind")),
        ("Written by: Jean de la Fontaine", ("Jean de la Fontaine",)),
        ("by Zoë O’Hara-Smith & Åsa Öberg", ("Zoë O’Hara-Smith", "Åsa Öberg")),
    ],
)
def test_a_byline_names_people_and_leaves_out_what_they_do(byline: str, names: tuple[str, ...]) -> None:
    assert is_byline(byline)
    assert authors_of(f"{byline}\n\nThe text goes on.") == names


@pytest.mark.parametrize(
    "line",
    ["By the river it was cold", "by 2019 there were ten", "Bye Ada Brook", "By Ada " + "Very" * 90 + " Long"],
)
def test_a_sentence_that_begins_with_by_is_no_byline(line: str) -> None:
    assert not is_byline(line)


def test_a_first_paragraph_that_only_introduces_a_person_counts_as_a_byline() -> None:
    assert authors_of("Ada Brook is the lead of the river team.\n\nRivers move.") == ("Ada Brook",)


def test_a_first_paragraph_that_says_more_is_no_byline() -> None:
    assert authors_of("Ada Brook is the lead of it. She began in May.\n\nRivers move.") == ()


def test_the_section_about_the_authors_names_each_once() -> None:
    body = (
        "Rivers move.\n\nAbout the Authors\n\nAda Brook is a diver at Sea Lab.\n\n"
        "Bo Lind, her brother, is the cook.\n\nAda Brook is also a painter."
    )
    assert authors_of(body) == ("Ada Brook", "Bo Lind")
