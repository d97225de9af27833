"""Blocks are marked as Markdown, words inside them are left as they are."""

from __future__ import annotations

import pytest
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_tree import to_markdown


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("loose<p>a</p>tail", "loose\n\na\n\ntail"),
        ("<p>snake_case *star* [b] &lt;i&gt;</p>", "snake_case *star* [b] <i>"),
        ("<p>one<lb/>two  <hi>three</hi>\n four</p>", "one\ntwo three four"),
        ('<head rend="h3">Title <hi>x</hi></head><p>a</p>', "### Title x\n\na"),
        ("<head>Summary</head>", "## Summary"),
        ('<head rend="h1"/><p/>', ""),
        ("<list><item>a</item><item>b<list><item>c</item></list></item></list>", "- a\n- b\n  - c"),
        ("<list><item><p>a</p><p>b</p></item></list>", "- a\n  b"),
        ("<p>call <code>f(x)</code> now</p>", "call f(x) now"),
        ("<code>if a:\n    b</code>", "```\nif a:\n    b\n```"),
        ("<code><code>one line</code></code>", "```\none line\n```"),
        ("<quote><p>a</p><p>b</p></quote>", "a\n\nb"),
        (
            '<table><row><cell role="head">A</cell><cell role="head">B</cell></row>'
            "<row><cell>1<p>x</p></cell><cell/></row></table>",
            "| A | B |\n|---|---|\n| 1 x |  |",
        ),
    ],
)
def test_blocks_become_markdown(body: str, text: str) -> None:
    assert to_markdown(etree.fromstring(f"<body>{body}</body>")) == text
