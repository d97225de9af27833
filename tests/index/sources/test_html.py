"""HTML: the main content as text, nothing run, nothing fetched, no depth that crashes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.html import html_to_line, html_to_text, read

Written = Callable[[str, str | bytes], Document]

SETTINGS = SourceSettings()
PAGE = """<?xml version="1.0" encoding="iso-8859-1"?>
<!doctype html><html lang="en-US"><head><title>A title | Site</title>
<meta name="author" content="Jane Doe"><meta property="og:site_name" content="Site">
<meta property="article:published_time" content="2024-03-02T10:00:00Z">
<link rel="canonical" href="https://example.org/a"><style>p { color: red }</style></head>
<body onload="alert(1)"><nav><a href="/">Home menu</a></nav><article><h1>A title</h1>
<p>The first paragraph has a <b>bo</b>ld word, snake_case and <a href="javascript:alert(2)">a link</a>.</p>
<script>alert(3)</script><h2>A section</h2><ul><li>one</li><li>two</li></ul>
<table><tr><th>Name</th><th>Size</th></tr><tr><td>x</td><td>12</td></tr></table>
<pre>def f():
    return 1</pre>
<p>Grüße, and a last paragraph that is long enough to count.<img src="x" onerror="alert(4)"></p></article>
<footer>Footer words</footer></body></html>"""


def one(written: Written, text: str | bytes, settings: SourceSettings = SETTINGS) -> DraftPost:
    (draft,) = read(written("a-page.html", text), settings)
    return draft


def test_a_page_gives_its_main_content_as_text(written: Written) -> None:
    assert one(written, PAGE).body.strip() == (
        "The first paragraph has a bold word, snake_case and a link.\n\n"
        "## A section\n\n- one\n- two\n\n"
        "| Name | Size |\n|---|---|\n| x | 12 |\n\n"
        "```\ndef f():\n    return 1\n```\n\n"
        "Grüße, and a last paragraph that is long enough to count."
    )


def test_a_page_gives_its_metadata(written: Written) -> None:
    draft = one(written, PAGE)
    assert draft.title == "A title"
    assert draft.authors == ("Jane Doe",)
    assert (draft.published or "").startswith("2024-03-02")
    assert draft.publisher == "Site"
    assert draft.url == "https://example.org/a"
    assert draft.language == "en-US"


def test_a_page_without_a_title_goes_by_its_files_name(written: Written) -> None:
    assert one(written, "<p>Only a paragraph.</p>").title == "a page"


@pytest.mark.parametrize(
    "page", ["", " \n", "<html></html>", "<script>alert(1)</script>", "<html><body></body></html>"]
)
def test_a_page_without_words_has_an_empty_body(written: Written, page: str) -> None:
    assert one(written, page).body == ""


def test_what_comes_after_a_nul_is_not_lost(written: Written) -> None:
    assert "after" in one(written, "<p>before\0</p><p>and after</p>").body


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("", ""),
        ("Just words", "Just words"),
        ("<p>Hello.</p>", "Hello."),
        ("<p>a<br>b</p>", "a\nb"),
        ("H<sub>2</sub>O", "H2O"),
        ("a &lt;script&gt; in words", "a <script> in words"),
        ("<p>Words.</p><script>alert(1)</script><noscript>no</noscript>", "Words."),
        ('<p>Words.</p><svg onload="alert(1)"><text>svg</text></svg>', "Words."),
        ('<p>Words.</p><iframe srcdoc="&lt;p&gt;x"></iframe><img src=x onerror=alert(1)>', "Words."),
        ("<p>Words.</p><!-- a comment --><style>p{}</style>", "Words."),
    ],
)
def test_a_fragment_gives_all_its_words_and_no_script(fragment: str, text: str) -> None:
    assert html_to_text(fragment, "here", SETTINGS) == text


def test_words_of_a_line_carry_no_marks() -> None:
    assert html_to_line("A <b>bo</b>ld &amp; new<script>x</script>", "here", SETTINGS) == "A bold & new"


@pytest.mark.parametrize("tag", ["<div>", "<ul><li>", "<blockquote>", "<b>", "<table><tr><td>", "<svg><g>"])
@pytest.mark.parametrize("times", [501, 100_000])
def test_deep_nesting_is_refused(tag: str, times: int) -> None:
    with pytest.raises(SourceError, match=r"HTML nested deeper than 500 in here.*Flatten it"):
        html_to_text(tag * times + "words", "here", SETTINGS)


@pytest.mark.parametrize("tag", ["<div>", "<ul><li>", "<blockquote>", "<b><p>"])
@pytest.mark.parametrize("times", [200, 990, 2_040, 2_500])
@pytest.mark.slow
def test_whatever_depth_is_allowed_nothing_crashes(tag: str, times: int) -> None:
    allowed = SourceSettings(max_html_depth=10_000)
    with suppress(SourceError):
        html_to_text(tag * times + "words", "here", allowed)


def test_unclosed_paragraphs_are_not_nesting() -> None:
    assert html_to_text("<p>a" * 2_000, "here", SETTINGS).count("a") == 2_000


@pytest.mark.parametrize("word", ["x" * 1_000_000, "<" * 100_000, "&" * 100_000, "<p " * 50_000])
def test_a_megabyte_without_a_space_takes_seconds_at_most(written: Written, word: str) -> None:
    start = time.perf_counter()
    with suppress(SourceError):  # refused is as good as read; what counts is the time
        one(written, f"<p>{word}</p>")
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "piece",
    ["10<sup>6</sup> ", "a<b hidden>x</b>", "<div>a</div>b", "<tr><td rowspan=100>a", "<time class=date>x</time>"],
)
def test_tens_of_thousands_of_elements_side_by_side_take_seconds_at_most(written: Written, piece: str) -> None:
    start = time.perf_counter()
    one(written, f"<h1>x</h1><table>{piece * 20_000}</table>" if "<tr" in piece else f"<h1>x</h1>{piece * 20_000}")
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("script", ["[" * 10_000, '{"@type": NaN}', '{"author": [[[]]], "datePublished": {}}', "null"])
def test_odd_json_ld_does_no_harm(written: Written, script: str) -> None:
    page = f'<html><head><script type="application/ld+json">{script}</script></head><p>Words.</p></html>'
    assert one(written, page).body == "Words."
