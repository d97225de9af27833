"""Blocks are marked as Markdown, words inside them are left as they are."""

from __future__ import annotations

import pytest
from lxml import html  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_tree import to_markdown


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("loose<p>a</p>tail", "loose\n\na\n\ntail"),
        ("<p>snake_case *star* [b] &lt;i&gt;</p>", "snake_case *star* [b] <i>"),
        ("<p>one<br>two  <b>three</b>\n four</p>", "one\ntwo three four"),
        ("<h3>Title <i>x</i></h3><p>a</p>", "### Title x\n\na"),
        ("<details><summary>Cost?</summary><p>4</p></details>", "### Cost?\n\n4"),
        ("<h1></h1><p></p>", ""),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n  b"),
        ("<ol start=9><li>a<p>b</p></li><li>c</li></ol>", "9. a\n   b\n10. c"),
        ("<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>", "- a: b\n- c"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "- a: b"),
        ("<p>call <code>f(x)</code> now</p>", "call f(x) now"),
        ("<pre>if a:\n    b</pre>", "```\nif a:\n    b\n```"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "a\n\nb"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1<p>x</p></td><td></td></tr></table>",
            "| A | B |\n|---|---|\n| 1 x |  |",
        ),
        ("<table><tr><td colspan=2>a</td><td>b|c</td></tr></table>", "| a |  | b\\|c |"),
        ("<table><tr><td><h2>Layout</h2><p>a</p></td></tr></table>", "## Layout\n\na"),
    ],
)
def test_blocks_become_markdown(body: str, text: str) -> None:
    assert to_markdown(html.document_fromstring(f"<body>{body}</body>").find("body")) == text
