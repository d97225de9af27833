"""Small pages that real corpora contain, and what a reader sees of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.records import Document
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.html import html_to_text, read

Written = Callable[[str, str | bytes], Document]

CASES = Path(__file__).parents[4] / "shared" / "cases"
PROSE = (
    "<p>The mill at Orveda opened in spring and the first flour was sold in the market hall before noon, as the "
    "town chronicle says.</p><p>Visitors may watch the stones turn on every second Sunday, and the guide explains "
    "how the water wheel drives the two shafts.</p>"
)


def case(name: str) -> DraftPost:
    path = CASES / name
    if not path.is_file():
        pytest.skip(f"no {path}")
    (draft,) = read(Document(path=path, name=path.name), SourceSettings())
    return draft


def page(written: Written, inner: str, head: str = "<title>Mill</title>") -> DraftPost:
    (draft,) = read(written("mill.html", f"<html><head>{head}</head><body>{inner}</body></html>"), SourceSettings())
    return draft


def fragment(text: str) -> str:
    return html_to_text(text, "here", SourceSettings())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (
            "04-html-lists/body-ul.html",
            ["- Did the council admit that the dam leaks?\n- It leaks 40 litres a day.", "sluice"],
        ),
        (
            "04-html-lists/ul-span.html",
            [
                "- You may ask for a copy of your file within 30 days.\n- You may object in writing.",
                "- Index once a night.\n- Refresh at scale.",
                "- Python\n- .NET\n- Java",
                "3. Third step: oil the shaft.\n4. Fourth step: open the gate.\n   - Nested: use 2 litres.",
                "- Toll: Seven crowns a sack.\n- Hours: Nine to five.",
            ],
        ),
        (
            "06-html-code/c.html",
            [
                "Call tf.function(f) with jit_compile=True, then Ctrl+C. Water is H2O and 10^6 is a million.",
                "```\ndef f(x):\n    if x:\n        return 1  # four\n\n    return 0\n```",
                "```\na = 1\nb = 2\n```",
                "```\n<b>bold</b>\n```",
                "```\nx = 1\n    y = 2\n```",
                "Quoth the miller: grind slowly.",
                "The wheel as it stood in 1911.",
                "How much does it cost?\n\nEntry costs 4 crowns.",
                "The equation E=m holds.",
            ],
        ),
        (
            "08-substack/medium.html",
            ["Why a glaze crawls.", "I lost 14 bowls in one firing", "```\nwipe; dip; dry\n```", "Second paragraph"],
        ),
        (
            "08-substack/s.html",
            ["### The kiln\n\nIt reaches 1,280 degrees.", "My kiln", "See the shop.", "The shop closed in May."],
        ),
        (
            "09-html-short/medium-long.html",
            ["#### The firing", "```\nwipe\ndip\ndry\n```", "- Wipe the dust.\n- Dip for 3 seconds."],
        ),
        (
            "09-html-short/short.html",
            [
                "New prices.",
                "| Grain | Toll |\n|---|---|\n| Rye | 7 crowns |",
                "## Oats\n\n- Oats cost 5.\n- Bran is free.",
                "```\nx = 1\ny = 2\n```",
            ],
        ),
        (
            "10-sup-sub/a.html",
            [
                "The dam holds 3.2 × 10^6 litres and cost 42 crowns, or x2 of y^2.",
                "In 1744 the widow Tarn built a bridge. Area: 40 m^2. The 2nd floor.",
            ],
        ),
        (
            "11-headings/a.html",
            [
                "### The kiln\n\nIt reaches 1,280 degrees.",
                "## Linked heading\n\nText under",
                "## Cost\n\nFour crowns.",
                "#### Empty section\n\n#### Next\n\nLast.",
            ],
        ),
        ("11-headings/b.html", ["### The kiln\n\nIt reaches 1,280 degrees.\n\n### The glaze\n\nIt is made of ash"]),
        ("12-html-several/qa.html", ["The mill at Orveda", "Use two litres of linseed oil on each bearing"]),
        ("12-html-several/sections.html", ["The mill at Orveda", "built by the widow Tarn in 1744 after a flood."]),
        ("27-more-html/hexo.html", ["```\na = 1\n    b = 2\n```", "End of it."]),
        (
            "27-more-html/linklist-long.html",
            ["mills:\n\n- The Stone and the Stream\n- Wheels of Oak\n- A Short History of Flour\n\nBye."],
        ),
        (
            "27-more-html/rouge.html",
            [
                "```\necho hi\nls  -l\n```",
                "- Run mill --open first.\n  ```\n  mill --open\n  ```\n- Only a link here and words.",
                "- Linux download\n- Windows download",
            ],
        ),
        (
            "27-more-html/saved.html",
            ["## Prices", "- Bran is free of charge.\n- Dust costs one crown.", "Open from nine to five"],
        ),
        ("27-more-html/utf7lang.html", ["Die Mühle in Orveda wurde im Frühjahr eröffnet"]),
    ],
)
def test_nothing_a_reader_sees_of_a_case_is_lost(name: str, kept: list[str]) -> None:
    body = case(name).body
    assert [text for text in kept if text not in body] == []


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("06-html-code/c.html", ["1 2", "106"]),
        ("08-substack/medium.html", ["Exported from", "Canonical"]),
        ("08-substack/s.html", ["Subscribe", "Thanks for reading", "\n1\n", "shop1"]),
        ("10-sup-sub/a.html", ["421", "17442", "[3]", "m2 "]),
        ("27-more-html/hexo.html", ["Posted on", "| 1"]),
        ("27-more-html/saved.html", ["Home"]),
    ],
)
def test_what_a_case_has_around_its_text_is_out(name: str, out: list[str]) -> None:
    body = case(name).body
    assert [text for text in out if text in body] == []


def test_the_facts_of_the_cases_are_read() -> None:
    authored = case("27-more-html/author.html")
    assert authored.authors == ("Ana Ruiz", "Ben Ode")
    assert (authored.title, authored.publisher) == ("Authored", "Mill Times")
    assert authored.published == "2021-02-03T04:05:06+00:00"
    exported = case("08-substack/medium.html")
    assert (exported.title, exported.authors) == ("Glaze notes", ("Mira Holt",))
    assert (exported.published or "").startswith("2019-07-08")
    hexo = case("27-more-html/hexo.html")
    assert hexo.title == "Hexo post"
    assert (hexo.published or "").startswith("2018-05-06")
    assert case("12-html-several/qa.html").title == "How do I oil the shaft?"


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        (
            f"<div>{PROSE}<ol><li>Oil it.<ol><li>Twice.</li></ol></li><li>Rest.</li></ol></div>",
            "1. Oil it.\n   1. Twice.\n2. Rest.",
        ),
        (
            f"<main>{PROSE}<ul class='links'><li><a href='/a'>Stone</a></li><li><a href='/b'>Oak</a></li></ul></main>",
            "- Stone\n- Oak",
        ),
        (
            f"<main>{PROSE}<dl><dt>Toll</dt><dt>Fee</dt><dd>One.</dd><dd>Two.</dd></dl></main>",
            "- Toll / Fee: One.\n- Toll / Fee: Two.",
        ),
        (
            f"<article>{PROSE}<table><caption>Tolls</caption><tr><th>Grain<th>Toll<tr><td rowspan=2>Rye"
            "<td>7<tr><td>8</table></article>",
            "Tolls\n\n| Grain | Toll |\n|---|---|\n| Rye | 7 |\n| Rye | 8 |",
        ),
        (
            f"<article>{PROSE}<table><tr><td class=blob-num>1<td class=blob-code>a = 1<tr>"
            "<td class=blob-num>2<td class=blob-code>  b</table></article>",
            "```\na = 1\n  b\n```",
        ),
        (
            f"<article>{PROSE}<pre><span class=lineno>1 </span>a = 1\n<span class=lineno>2 </span>b = 2"
            "</pre></article>",
            "```\na = 1\nb = 2\n```",
        ),
        (
            f"<article><p>{PROSE}</article><article>{PROSE}<p>The bridge carries 12 tons.</p></article>",
            "The bridge carries 12 tons.",
        ),
        (
            f"<div class=question>{PROSE}</div><div class=answer>"
            "<p>Use two litres of oil, and turn the wheel by hand until it shows.</p></div>",
            "Use two litres of oil",
        ),
        ("<p>Open daily.</p><ul><li>Rye: 7</li></ul>", "Open daily.\n\n- Rye: 7"),
        (
            f"<article>{PROSE}<aside class='admonition note'>"
            "<p>Mind the belt, which runs at a height of one metre.</p></aside></article>",
            "Mind the belt",
        ),
    ],
)
def test_lists_tables_code_and_later_blocks_are_kept(written: Written, inner: str, kept: str) -> None:
    assert kept in page(written, inner).body


@pytest.mark.parametrize(
    "out",
    [
        "<nav><ul><li><a href=/>OUT</a></li></ul></nav>",
        "<div class='cookie-banner'><p>We use cookies, OUT, and you may accept them or not as you like.</p></div>",
        "<div class='share-buttons'>OUT on Facebook</div>",
        "<section class='related-posts'><h3>More</h3><ul><li><a href=/a>OUT</a></li></ul></section>",
        "<div id='comments'><h3>3 comments</h3>"
        "<p>OUT says somebody who read all of the text and did not agree.</p></div>",
        "<form class='comment-form'><p>OUT will not be published.</p></form>",
        "<div class='subscription-widget-wrap'><p>OUT: Thanks for reading! Subscribe for free.</p></div>",
        "<h3>Related posts</h3><ul><li><a href=/a>OUT</a></li><li><a href=/b>OUT too</a></li></ul>",
        "<p hidden>OUT</p>",
        "<p style='color:red; display: none'>OUT</p>",
        "<p aria-hidden=true>OUT</p>",
        "<template><p>OUT</p></template>",
        "<noscript><p>OUT</p></noscript>",
        "<p><span class=sr-only>OUT</span></p>",
    ],
)
def test_boxes_around_the_text_and_hidden_text_are_out(written: Written, out: str) -> None:
    body = page(written, f"<article>{PROSE}{out}</article>").body
    assert "OUT" not in body
    assert "Visitors may watch" in body


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("42<sup>1</sup> crowns", "42 crowns"),
        ("the bridge<sup>2</sup>, 3 m<sup>3</sup>", "the bridge, 3 m^3"),
        ("10<sup>-3</sup>, 2<sup>n</sup>, (a+b)<sup>2</sup>", "10^-3, 2^n, (a+b)^2"),
        ("CO<sub>2</sub>, log<sub>2</sub>8, 101<sub>2</sub>", "CO2, log_2 8, 101_2"),
        ("1<sup>er</sup>, 2<sup>nd</sup>, Mill<sup>TM</sup>", "1er, 2nd, MillTM"),
        ("1744<sup><a href=#n>12</a></sup> and 1745<a href=#n class=footnote-ref><sup>3</sup></a>", "1744 and 1745"),
        ("word<sup>[4]</sup><sup>*</sup>", "word"),
    ],
)
def test_raised_and_lowered_figures_change_no_figure(html: str, text: str) -> None:
    assert fragment(f"<p>{html}</p>") == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<span class=katex><span class=katex-mathml><math><semantics><mrow><mi>E</mi></mrow>"
            '<annotation encoding="application/x-tex">E=mc^2</annotation></semantics></math></span>'
            "<span class=katex-html aria-hidden=true>E=mc2</span></span>",
            "E=mc^2",
        ),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "x^2+1/2"),
        ("<span class=MathJax_Preview>x</span><script type='math/tex'>x_1</script>", "x_1"),
    ],
)
def test_a_formula_is_read_once(html: str, text: str) -> None:
    assert fragment(f"<p>So {html} holds.</p>").replace("  ", " ") == f"So {text} holds."


@pytest.mark.parametrize(
    ("head", "inner", "title"),
    [
        (
            "<title>Mill Times</title><meta property=og:title content='Mill Times'>"
            "<meta property=og:site_name content='Mill Times'>",
            "<h1>The wheel</h1>",
            "The wheel",
        ),
        ("<title>The wheel – Mill Times</title><meta property=og:site_name content='Mill Times'>", "", "The wheel"),
        ("<title>The wheel | Mill</title>", "<h1>The wheel</h1>", "The wheel"),
        ("<title>Rye: 7 - 8 crowns</title>", "", "Rye: 7 - 8 crowns"),
    ],
)
def test_a_title_is_never_the_name_of_the_site(written: Written, head: str, inner: str, title: str) -> None:
    assert page(written, f"<article>{inner}{PROSE}</article>", head).title == title


@pytest.mark.parametrize(
    ("head", "inner"),
    [
        ("", "<article><p>In May 2019 the wheel broke. It was 2019-05-06.</p></article>"),
        ("", "<footer>© 2021 Mill, last updated 2021-02-03</footer>"),
        ("<meta property=og:image content='https://a.example/2020/01/02/a.jpg'>", "<img src='/2020/01/02/b.jpg'>"),
        ("", "<div class=comments><time datetime=2020-01-02>2 Jan</time></div>"),
        ("<meta property=article:modified_time content=2020-01-02>", ""),
    ],
)
def test_no_date_is_made_up(written: Written, head: str, inner: str) -> None:
    assert page(written, f"{PROSE}{inner}", f"<title>x</title>{head}").published is None


@pytest.mark.parametrize(
    ("head", "inner"),
    [
        ('<script type="application/ld+json">[{"@type":["NewsArticle"],"datePublished":"2020-01-02"}]</script>', ""),
        ("<meta name=DC.date content=2020-01-02>", ""),
        ("<meta property=article:published_time content='2020-01-02T10:00:00+02:00'>", ""),
        ("", "<article><header><time datetime=2020-01-02>2 Jan</time></header></article>"),
        ("", "<time pubdate datetime=2020-01-02>2 Jan</time>"),
        ("<link rel=canonical href=https://a.example/2020/01/02/wheel>", ""),
    ],
)
def test_a_stated_date_is_read(written: Written, head: str, inner: str) -> None:
    published = page(written, f"{inner}{PROSE}", f"<title>x</title>{head}").published
    assert (published or "").startswith("2020-01-02")


@pytest.mark.parametrize(
    ("head", "inner"),
    [
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#a","name":"Ana Ruiz"},'
            '{"@type":"Article","author":[{"@id":"#a"},"Ben Ode"]}]}</script>',
            "",
        ),
        ("<meta name=author content='Ana Ruiz and Ben Ode'>", ""),
        ("", "<p class=byline>By Ana Ruiz and Ben Ode</p>"),
        ("<meta name=citation_author content='Ana Ruiz; Ben Ode'>", ""),
    ],
)
def test_authors_are_read_from_what_states_them(written: Written, head: str, inner: str) -> None:
    draft = page(written, f"<article>{inner}{PROSE}</article>", f"<title>x</title>{head}")
    assert draft.authors == ("Ana Ruiz", "Ben Ode")


@pytest.mark.parametrize(
    ("head", "inner", "published"),
    [
        (  # the address states the day that the readers saw
            "<meta property=article:published_time content=2023-11-09T03:28:35Z>"
            "<link rel=canonical href=https://a.example/2023/11/08/wheel>",
            "",
            "2023-11-08",
        ),
        (  # the same moment with its zone
            "<meta property=article:published_time content=2023-11-09T02:11:03Z>",
            "<article><time class=published datetime=2023-11-08T21:11:03-05:00>8 Nov</time></article>",
            "2023-11-08T21:11:03-05:00",
        ),
        (  # no zone makes this the day before
            "<meta property=article:published_time content=2023-11-09T10:04:00Z>"
            "<link rel=canonical href=https://a.example/2023/11/08/wheel>",
            "",
            "2023-11-09T10:04:00+00:00",
        ),
        ("", "<article><h1>The wheel</h1><span class=post-date>March 2, 2024</span></article>", "2024-03-02"),
        ("", "<div class=header><span class=date>March 2, 2024</span></div><article><h1>x</h1></article>", None),
        ("<link rel=canonical href=https://web.archive.org/web/20160218174457/http://a.example/x>", "", None),
        (
            '<script type="application/ld+json">{"@type":"Article", "datePublished": "2020-01-02",}</script>',
            "",
            "2020-01-02",
        ),
    ],
)
def test_a_date_is_the_one_that_the_readers_saw(written: Written, head: str, inner: str, published: str | None) -> None:
    assert page(written, f"{inner}{PROSE}", f"<title>x</title>{head}").published == published
