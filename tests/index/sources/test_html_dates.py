"""Which of a page's dates is the one of its publication, and in which zone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.records import Document
from index.settings import SourceSettings
from index.sources.html import read

Written = Callable[[str, str | bytes], Document]

UTC = "<meta property=article:published_time content=2020-04-24T22:30:00Z>"


def published(written: Written, head: str, inner: str) -> str | None:
    page = f"<html><head><title>Mill</title>{head}</head><body><article>{inner}<p>Text.</p></article></body></html>"
    (draft,) = read(written("mill.html", page), SourceSettings())
    return draft.published


def linked_data(stated: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"Article","datePublished":"{stated}"}}</script>'


@pytest.mark.parametrize(
    ("head", "inner", "day"),
    [
        (f"{UTC}<meta name=sailthru.date content='2020-04-24 15:30:00'>", "", "2020-04-24T15:30:00"),
        (UTC + linked_data("2020-04-25T00:30:00+02:00"), "", "2020-04-25T00:30:00+02:00"),
        (UTC, "<h1>Mill</h1><time datetime=2020-04-24T22:30:00Z>25 April 2020</time>", "2020-04-25"),
        (UTC, "<h1>Mill</h1><p class=date>25. April 2020, 00:30 Uhr</p>", "2020-04-25T00:30:00"),
        (UTC, "<h1>Mill</h1><p class=date>24 avril 2020</p>", "2020-04-24T22:30:00+00:00"),
        (UTC, "<h1>Mill</h1><p class=date>23 April 2020</p>", "2020-04-24T22:30:00+00:00"),
        (linked_data("2020-04-25T01:30:00+05:30"), "", "2020-04-25T01:30:00+05:30"),
    ],
)
def test_a_moment_in_utc_becomes_the_day_that_the_page_shows(written: Written, head: str, inner: str, day: str) -> None:
    assert published(written, head, inner) == day


@pytest.mark.parametrize(
    ("head", "inner", "day"),
    [
        (
            "<meta name=date content=2020-02-12>",
            "<time itemprop=datePublished datetime=2020-02-05></time>",
            "2020-02-05",
        ),
        ("<meta name=date content=2020-02-12>", "<h1>Mill</h1><span class=date>05.02.2020</span>", "2020-02-05"),
        ("<meta name=dcterms.created content=2020-02-12>" + linked_data("2020-02-05"), "", "2020-02-05"),
        (linked_data("2020-02-12"), "<h1>Mill</h1><span class=date>05.02.2020</span>", "2020-02-12"),
        ("", "<h1>Mill</h1><time datetime='2020-07-03T10:18:46Z'>Publié le 29 juin 2020</time>", "2020-06-29"),
    ],
)
def test_what_says_that_it_is_of_publication_comes_first(written: Written, head: str, inner: str, day: str) -> None:
    assert published(written, head, inner) == day


@pytest.mark.parametrize(
    "inner",
    [
        "<p class=published-date>martes 17 de marzo de 2020</p>",
        "<p class=date>Dienstag, 17. März 2020</p>",
        "<div><span class=meta__date>17.03.2020</span> | <span>Milling</span></div>",
        "<p>Posted on March 17, 2020 | News</p>",
        "<p><b>Veröffentlicht am</b> 17. März 2020</p>",
        "<span class='posted-on updated'>17 mars 2020</span>",
        "<div class=vcard><time>17 марта 2020</time></div>",
    ],
)
def test_a_date_marked_as_one_beside_the_title_is_read(written: Written, inner: str) -> None:
    assert published(written, "", f"<h1>Mill</h1>{inner}") == "2020-03-17"


@pytest.mark.parametrize(
    "inner",
    [
        "<p>17 March 2020</p>",
        "<p>On March 17, 2020 the wheel broke, says the chronicle.</p>",
        "<p class=event-date>17 March 2020</p>",
        "<p class=last-update>17 March 2020</p>",
        "<p>last edited: <span class=date>17 March 2020</span></p>",
        "<ul><li class=date>17 March 2020</li><li class=date>18 March 2020</li></ul>",
        "<div class=related-posts><span class=date>17 March 2020</span></div>",
        "<p class=date>5 listopada 2020</p>",  # October in Croatian, November in Polish
    ],
)
def test_a_date_beside_the_title_that_may_be_of_something_else_is_not(written: Written, inner: str) -> None:
    assert published(written, "", f"<h1>Mill</h1>{inner}") is None


@pytest.mark.parametrize(
    ("head", "inner"),
    [
        (linked_data("2020-02-05"), "<h1>Mill</h1><span class=date>17.03.2020</span>"),  # the day of a change
        (UTC + "<link rel=canonical href=https://a.example/2017/07/12/mill>", ""),  # moved in 2020
        ("", "<div><time class=published datetime=2020-02-05>a</time><time pubdate datetime=2020-02-08>b</time></div>"),
    ],
)
def test_a_page_that_contradicts_itself_has_no_date(written: Written, head: str, inner: str) -> None:
    assert published(written, head, inner) is None


def test_a_day_between_two_statements_is_no_contradiction(written: Written) -> None:
    shown = "<h1>Mill</h1><span class=date>25.04.2020</span>"
    assert published(written, linked_data("2020-04-24"), shown) == "2020-04-24"


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=date content=2020-02-12>",  # with many systems of the last change
        f"<meta name=generator content='MediaWiki 1.35.0'>{linked_data('2005-07-26')}",  # of a page's first version
    ],
)
def test_a_date_that_may_not_be_of_the_text_is_not_taken(written: Written, head: str) -> None:
    assert published(written, head, "") is None
