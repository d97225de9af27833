"""reStructuredText, with what Sphinx and blogs add to it."""

from __future__ import annotations

import pytest

from index.errors import SourceError
from index.records import NotPublished
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.restructured_text import read
from tests.index.sources.conftest import Written

SETTINGS = SourceSettings()


def one(written: Written, text: str) -> DraftPost:
    (draft,) = read(written("a-page.rst", text), SETTINGS)
    assert isinstance(draft, DraftPost)
    return draft


def test_title_and_fields_are_facts(written: Written) -> None:
    draft = one(written, "The Mill\n########\n\n:date: 2024-03-02 10:20\n:authors: Mira Holt, Ben Ode\n\nIt turns.\n")
    assert (draft.title, draft.authors, draft.published) == (
        "The Mill",
        ("Mira Holt", "Ben Ode"),
        "2024-03-02T10:20:00",
    )
    assert draft.body == "It turns."


def test_a_comment_of_nikola_states_facts(written: Written) -> None:
    draft = one(written, ".. title: The Mill\n.. slug: mill\n.. date: 2024-03-02\n\nIt turns.\n")
    assert (draft.title, draft.published, draft.body) == ("The Mill", "2024-03-02", "It turns.")


def test_a_directive_of_ablog_states_facts(written: Written) -> None:
    draft = one(written, ".. post:: Mar 02, 2024\n   :author: Mira Holt\n\nThe Mill\n========\n\nIt turns.\n")
    assert (draft.published, draft.authors) == ("2024-03-02", ("Mira Holt",))
    assert "It turns." in draft.body
    assert "Mar 02" not in draft.body


def test_fields_that_state_nothing_of_the_post_are_text(written: Written) -> None:
    draft = one(written, "Tower\n=====\n\n:Height: 55 metres\n:Author: Mira Holt\n:slug: tower\n\nIt is red.\n")
    assert (draft.body, draft.authors) == ("- Height: 55 metres\n\nIt is red.", ("Mira Holt",))


def test_a_draft_is_not_published(written: Written) -> None:
    (held_back,) = read(written("a.rst", "T\n=\n\n:status: draft\n\nWords.\n"), SETTINGS)
    assert isinstance(held_back, NotPublished)


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("See :ref:`the wheel <wheel>`, :func:`~grind.run`.", "See the wheel, grind.run."),
        ("A `link <https://e.org>`_, undefined_ and |sub|.", "A link, undefined and sub."),
        (".. comment that is hidden\n\nWords.", "Words."),
        (".. toctree::\n   :maxdepth: 2\n\n   other\n\nWords.", "Words."),
        (".. versionadded:: 2.0\n   A second shaft.", "New in version 2.0: A second shaft."),
        (".. tab-set::\n\n   .. tab-item:: Linux\n\n      Install it.", "Linux\n\nInstall it."),
        (".. code-block:: python\n   :emphasize-lines: 1\n\n   x = 1\n   y = 2", "```\nx = 1\ny = 2\n```"),
        ("===== ====\nGrain Toll\n===== ====\nRye   7\n===== ====", "| Grain | Toll |\n|---|---|\n| Rye | 7 |"),
        ("In 1744 [1]_ it burnt.\n\n.. [1] As the roll says.", "In 1744 it burnt.\n\nAs the roll says."),
        (".. raw:: html\n\n   <b>raw</b>\n\nWords.", "Words."),
        (".. include:: /etc/hostname\n\nWords.", "Words."),
    ],
)
def test_what_a_reader_sees_is_the_text(written: Written, source: str, body: str) -> None:
    draft = one(written, f"The Mill\n========\n\nFirst words.\n\n{source}\n")
    assert draft.body == f"First words.\n\n{body}"


def test_sections_below_the_title_are_headings(written: Written) -> None:
    draft = one(written, "T\n=\n\nWords.\n\nTolls\n-----\n\nSeven.\n\nOthers\n------\n\nTwo.\n")
    assert draft.body == "Words.\n\n## Tolls\n\nSeven.\n\n## Others\n\nTwo."


def test_text_nested_without_end_is_read_or_refused(written: Written) -> None:
    nested = "\n\n".join(f"{' ' * depth}Words" for depth in range(600))
    with pytest.raises(SourceError, match=r"cannot be read in .*a-page\.rst"):
        one(written, nested)
