"""Titles as their readers see them, from headings and from front matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.records import Document
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.markdown import read
from index.sources.titles import heading_title, stated_title

Written = Callable[[str, str | bytes], Document]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("**Bold** [link](https://a.example) and `code`", "Bold link and code"),
        ("Mill &amp; Stone <small>1911</small>", "Mill & Stone 1911"),
        ("Prices [#](#prices)", "Prices"),
        ("![logo](a.png) The mill", "The mill"),
        ("The mill[^1]", "The mill"),
        ("[[Mill|The mill]] of Orveda", "The mill of Orveda"),
        ("The \\*star\\* of a\\_b", "The *star* of a_b"),
        ("__init__ and pip install a[test]", "__init__ and pip install a[test]"),
        ("2 * 3 < 7", "2 * 3 < 7"),
        ("![logo](a.png)", ""),
    ],
)
def test_a_heading_is_a_title_without_its_markup(heading: str, title: str) -> None:
    assert heading_title(heading) == title


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Mill &amp; <em>Stone</em>", "Mill & Stone"),
        ("Use the <main> tag, AT&T", "Use the <main> tag, AT&T"),
        ("Over 10<sup>6</sup> litres of H<sub>2</sub>O", "Over 10^6 litres of H2O"),
        ("{{ site.name }} turns ten", "turns ten"),
        ("<b></b>", None),
        (None, None),
    ],
)
def test_a_stated_title_keeps_what_is_no_format(stated: str | None, title: str | None) -> None:
    assert stated_title(stated) == title


def test_a_heading_in_html_is_the_title_where_there_is_no_other(written: Written) -> None:
    (draft,) = read(written("a.md", '<h1 align="center">\n  The <b>mill</b>\n</h1>\n\nText.'), SourceSettings())
    assert isinstance(draft, DraftPost)
    assert (draft.title, draft.body.strip()) == ("The mill", "Text.")
