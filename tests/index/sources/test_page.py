"""HTML as site generators keep it: front matter on top, and a text with their tags in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.page import read

Written = Callable[[str, str | bytes], Document]
TEXT = "<h2>Tolls</h2>\n<p>Rye costs {{ x }}7 <b>crowns</b>.</p>{% include a.html %}{% comment %}99{% endcomment %}\n"


@pytest.mark.parametrize(
    ("top", "published"),
    [
        ("---\ntitle: The mill\nauthor: Ana Ruiz\ndate: 2020-01-02\n---\n", "2020-01-02"),
        ("\ufeff---\r\ntitle: The mill\r\nauthor: Ana Ruiz\r\n---\r\n", "2019-03-04"),
        ("+++\ntitle = 'The mill'\nauthors = ['Ana Ruiz']\n+++\n", "2019-03-04"),
    ],
)
def test_front_matter_states_the_facts_of_a_page(written: Written, top: str, published: str) -> None:
    (draft,) = read(written("_posts/2019-03-04-mill.html", top + TEXT), SourceSettings())
    assert isinstance(draft, DraftPost)
    assert (draft.title, draft.authors, draft.published) == ("The mill", ("Ana Ruiz",), published)
    assert draft.body == "## Tolls\n\nRye costs 7 crowns."
    assert (draft.is_markdown, draft.has_marks) == (False, True)


def test_a_page_that_is_a_draft_is_not_published(written: Written) -> None:
    (item,) = read(written("a.html", f"---\ndraft: true\n---\n{TEXT}"), SourceSettings())
    assert isinstance(item, NotPublished)


def test_other_pages_are_read_as_they_were_saved(written: Written) -> None:
    page = f"<html><head><title>Saved</title></head><body><article>{TEXT}</article></body></html>"
    (draft,) = read(written("a.html", page), SourceSettings())
    assert isinstance(draft, DraftPost)
    assert draft.title == "Saved"
