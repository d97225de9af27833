"""Which lines of a page are its content, and which are about the page or lead away from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html  # type: ignore[import-untyped]  # lxml ships no types

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.html import read
from index.sources.html_content import content_of
from index.sources.html_tree import to_markdown

Written = Callable[[str, str | bytes], Document]

FIRST = (
    "<p>The mill at Orveda opened in spring and the first flour was sold in the market hall before noon, as the town "
    "chronicle says.</p>"
)
LAST = (
    "<p>Visitors may watch the stones turn on every second Sunday, and the guide explains how the water wheel drives "
    "the two shafts.</p>"
)


def body(written: Written, inner: str | bytes) -> str:
    inside = inner if isinstance(inner, bytes) else inner.encode()
    (draft,) = read(written("mill.html", b"<html><body>" + inside + b"</body></html>"), SourceSettings())
    return draft.body


@pytest.mark.parametrize(
    "out",
    [
        "<p><a href=/a>OUT: Why the council has closed the bridge to Tarn</a></p>",
        "<a href=/a><h3>OUT: why the council has closed the bridge</h3></a>",
        "<p>Subscribe now to our OUT edition for the full story.</p>",
        "<p>OUT: Never miss the latest news by signing up to our newsletter today!</p>",
        "<p>OUT: This website uses cookies, which you may accept or not.</p>",
        "<p>Hat dir der Beitrag gefallen? OUT</p>",
        "<p>© 2024 OUT Media</p>",
        "<p>OUT Media Group. All rights reserved, no part may be reprinted.</p>",
        "<p>5 min read OUT</p>",
        "<p>Lesezeit: 3 Minuten OUT</p>",
        "<p>Published: OUT, 3 March 2024</p>",
        "<p>Advertisement: OUT</p>",
        "<figure><img src=a.jpg><figcaption>OUT, seen from the dam. © Ana Ruiz/dpa</figcaption></figure>",
        "<p>Titelbild: OUT</p>",
        "<p>OUT was the first to win in Augusta. © Augusta National/Getty Images</p>",
        "<div class=author-box><p>OUT writes about mills and has done so for a dozen years now.</p></div>",
        "<div class=paywall><p>OUT: the rest of this text is for those who pay for it every month.</p></div>",
    ],
)
def test_lines_about_the_page_are_out(written: Written, out: str) -> None:
    text = body(written, f"<article>{FIRST}{out}{LAST}</article>")
    assert "OUT" not in text
    assert "Visitors may watch" in text


@pytest.mark.parametrize(
    "kept",
    [
        "<p><a href=/a>Stone 45</a></p>".replace("p>", "li>").join(["<ul>", "</ul>"]),
        "<p>Subscribe to the topic with the command that the broker gives, and messages come in.</p>",
        "<p>There are three categories: rye, oats and bran.</p>",
        "<p>The reading time of the sensor is two seconds.</p>",
        "<p>Write to <a href=mailto:mill@orveda.example>mill@orveda.example</a>.</p>",
        "<p><a href=/a>The council has closed the bridge to Tarn.</a></p>",
        "<figure><img src=a.jpg><figcaption>The wheel as it stood in 1911.</figcaption></figure>",
        "<h2>Prices</h2><ul><li>Rye: 7 crowns</li><li>Oats: 5 crowns</li></ul>",
        "<section id=related-work><h2>Related work</h2><p>Two other mills stand on the same river, both of them "
        "older than this one and both of them still at work.</p></section>",
    ],
)
def test_lines_of_the_text_are_kept(written: Written, kept: str) -> None:
    words = kept.replace("<", " <").replace(">", "> ").split()
    text = body(written, f"<article>{FIRST}{kept}{LAST}</article>")
    assert [
        word for word in words if word[0] not in "<" and "=" not in word and ">" not in word and word not in text
    ] == []


def test_a_name_that_holds_most_of_the_text_is_not_one_of_what_stands_around_it(written: Written) -> None:
    paragraphs = "".join(
        f"<div class='page-widget widget-{n}'>{text}</div>" for n, text in enumerate([FIRST, LAST] * 3)
    )
    assert body(written, f"<article>{paragraphs}</article>").count("\n\n") == 5


@pytest.mark.parametrize(
    ("heading", "kept"),
    [("<h4>Trending</h4>", False), ("<h4>Trending</h4><p>The mill has:</p>", True)],
)
def test_links_under_a_heading_that_is_not_extracted_go_with_it(heading: str, kept: bool) -> None:
    links = "<ul><li><a href=/a>Wheels of oak</a></li><li><a href=/b>A history of flour</a></li></ul>"
    page = html.document_fromstring(f"<html><body><article>{FIRST}{heading}{links}{LAST}</article></body></html>")
    extracted = html.fromstring(f"<div>{FIRST}{LAST}{'The mill has:' if kept else ''}</div>").text_content()
    text = to_markdown(content_of(page, extracted))
    assert ("Trending" in text, "Wheels of oak" in text) == (kept, kept)
    assert "Visitors may watch" in text


@pytest.mark.parametrize(
    "line", ["Published: 2 March 2024, 10:20 AM | Updated: 3 March 2024", "posted on March 2nd, 2024"]
)
def test_a_line_that_states_when_the_text_was_published_is_out(written: Written, line: str) -> None:
    assert "March" not in body(written, f"<article>{FIRST}<p>{line}</p>{LAST}</article>")


CARD = "<h4><a href=/{n}>OUT {n}</a></h4><p>What else there is to read on mills and their owners.</p>"


@pytest.mark.parametrize(
    "out",
    [
        "".join(f"<div class=tile>{CARD.format(n=n)}</div>" for n in range(3)),
        f"<ul>{''.join(f'<li>{CARD.format(n=n)}</li>' for n in range(3))}</ul>",
        "<ul><li><a href=/a>OUT of water for six weeks</a></li><li><a href=/b>OUT on the river</a></li></ul>",
        "<ul><li><a href=https://a.example/b>OUT of water for six weeks</a></li></ul>",
    ],
)
def test_boxes_and_lists_that_only_lead_to_other_texts_of_the_site_are_out(written: Written, out: str) -> None:
    canonical = "<link rel=canonical href=https://a.example/mill>"
    text = body(written, f"{canonical}<article>{FIRST * 2}{out}{LAST * 2}</article>")
    assert "OUT" not in text
    assert "What else" not in text
    assert "Visitors may watch" in text


@pytest.mark.parametrize(
    "kept",
    [
        "<p>More is told in:</p><ul><li><a href=/a>Out of water for six weeks</a></li></ul>",
        "<ul><li><a href=https://b.example/a>Out of water for six weeks</a></li></ul>",
        "<ul><li><a href=#a>Out of water for six weeks</a></li></ul>",
        "".join(
            f"<div class=tile><h4>Stone {n}</h4><p>Out of use, for it broke in the third year.</p></div>"
            for n in range(3)
        ),
    ],
)
def test_lists_that_a_text_introduces_or_that_lead_elsewhere_are_kept(written: Written, kept: str) -> None:
    assert "Out of" in body(written, f"<article>{FIRST}{kept}{LAST}</article>")


def test_a_page_that_is_a_list_of_teasers_is_read(written: Written) -> None:
    cards = "".join(f"<div class=tile><h2><a href=/{n}>Mill {n}</a></h2>{FIRST}</div>" for n in range(4))
    assert "Mill 3" in body(written, f"<main>{cards}</main>")


def test_a_short_line_in_the_margin_goes_where_it_is_not_extracted() -> None:
    line = "<div class=post-meta><span>Rye and oats</span></div>"
    page = html.document_fromstring(f"<html><body><article>{FIRST}{line}{LAST}</article></body></html>")
    extracted = html.fromstring(f"<div>{FIRST}{LAST}</div>").text_content()
    assert "Rye and oats" not in to_markdown(content_of(page, extracted))


def test_a_list_that_a_page_forgets_to_close_is_no_list(written: Written) -> None:
    menu = "<ul><li><a href=/a>OUT of here</a></li><li><a href=/b>OUT again</a></li>"
    text = body(written, f"<div>{menu}<li><h1>Mill</h1>{FIRST}{LAST}<form><p>OUT: Your name</p></form></div>")
    assert text.startswith("The mill at Orveda")
    assert "OUT: Your name" not in text


def test_a_page_in_noscript_is_read(written: Written) -> None:
    assert "The mill at Orveda" in body(written, f"<noscript><div>{FIRST}{LAST}</div></noscript>")


def test_a_picture_in_noscript_is_not(written: Written) -> None:
    assert "OUT" not in body(written, f"<article>{FIRST}<noscript>OUT</noscript>{LAST}</article>")


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (b"<p>M\xfchle, gesch\xf6nt.</p>", "Mühle, geschönt."),
        ("<p>Mühle, ge".encode() + b"sch\xf6nt.</p>", "Mühle, gesch\ufffdnt."),
    ],
)
def test_bytes_that_are_wrong_in_a_page_are_read_as_browsers_show_them(
    written: Written, wrong: bytes, shown: str
) -> None:
    assert shown in body(written, wrong)


def test_wrong_bytes_that_are_no_page_are_refused(written: Written) -> None:
    with pytest.raises(SourceError, match="invalid UTF-8"):
        list(read(written("mill.html", b"\x80\xfe\xfd" * 99), SourceSettings()))
