"""Where the fuzzer and the made examples start from: one small, well-formed input of each kind."""

from __future__ import annotations

from tests.archives import make_docx, make_epub, paragraph, table
from tests.pdfs import Field, Placed, make_pdf

_PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A title</title></head><body><article>
<h1>A title</h1><p>Some <b>words</b>.</p><ul><li>one</li></ul><table><tr><td>x</td></tr></table><pre>f()</pre>
<script type="application/ld+json">{"@type": "Article", "author": "A B"}</script></article></body></html>"""
_FEED = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>F</title><item><title>T</title>
<link>https://e.org/a</link><pubDate>Mon, 06 Sep 2021 00:01:00 +0000</pubDate><description>&lt;p&gt;Words.&lt;/p&gt;
</description></item></channel></rss>"""
SEEDS: dict[str, tuple[bytes, ...]] = {
    "bundle": (
        b"A first title here\nBy Ann Lee\n\nWords of it.\nThe post A first title here first appeared on Blog.\n\n"
        b"A second title\nA second title\nMore words. Read more\n",
    ),
    "markdown": (
        b"---\ntitle: T\nauthors: [A, B]\ndate: 2024-03-02\n---\n\n# H\n\nBody.\n\n```\n# no\n```\n",
        b"+++\ntitle = 'T'\ndate = 2024-03-02\n+++\nBody.\n",
        b'!!! note "T"\n    A.\n\n> [!tip] B\n> C *d*\\\ne.\n\nF\n: g\n: h\n\n- [x] [i][j]\n\n[j]: k "l"\n<!-- m -->\n',
        b'{% raw %}{{ a }}{% endraw %} {{< b caption="c" >}} %%d%% [[e|f]] [^g] <sup>2</sup> a\n\n[^g]: h\n\n'
        b"A: b\nC: d\n\n<table><tr><th>i</th><td hidden>j</td></tr></table>\n\n"
        b"| k | l |\n|---|---|\n| m \\| n | `o` |\n",
    ),
    "text": (b"A title\n\nWords, and more words.\n", "Grüße\n\nÜber é 漢字".encode()),
    "html": (_PAGE, b'<meta charset="iso-8859-1"><p>Gr\xfc\xdfe aus M\xfcnchen</p>'),
    "feed": (_FEED, b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>i</id><content>w</content></entry></feed>'),
    "jsonl": (
        b'{"id": "a", "title": "T", "text": "Words.", "date": "2024-03-02", "authors": ["A"]}\n[]\n{"text": 1}\n',
    ),
    "json_feed": (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "F", "authors": [{"name": "A"}], "items": ['
        b'{"id": 1, "content_html": "<h2>H</h2><p>Words.</p>"}, {"id": "2", "content_text": "w", "tags": [3]}]}',
    ),
    "sitemap": (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://a.b/c </loc></url></urlset>',
    ),
    "pdf": (
        make_pdf(["Some words here."], title="T"),
        make_pdf(["Packed."], [], blanks=9),
        make_pdf(["Twice."], blanks=9, filters=["ASCII85Decode", "LZWDecode"]),
        make_pdf(["Runs."], blanks=9, filters=["ASCIIHexDecode", "RunLengthDecode"]),
        make_pdf(["Name", Placed(300, 720, "Side", 9)], ["Page 2"], fields=[Field(120, 716, "a", "b")], rotate=90),
    ),
    "notebook": (
        b'{"metadata": {"language_info": {"name": "python"}, "title": "T"}, "cells": [{"cell_type": "markdown",'
        b'"source": ["# H\\n", "Words."]}, {"cell_type": "code", "source": "x = 1", "metadata": {"tags": []}}]}',
    ),
    "restructured_text": (
        b"T\n=\n\n:date: 2024-03-02\n\nSee :ref:`it <x>` [1]_.\n\n.. note:: Words.\n\n.. unknown:: a\n   :b: c\n\n"
        b"   * d\n\n.. [1] Foot.\n\n.. code-block:: python\n   :x: 1\n\n   y\n",
        b"== ==\na  b\n== ==\nc  d\n== ==\n\nWords::\n\n  code\n",
    ),
    "asciidoc": (
        b"= T\nA B <a@b.c>\nv1, 2024-03-02\n:x: y\n\n== H {x}\n* a\n** b\n. c\nd:: e\n\n|===\n|f |g\n\n|h |i\n|===\n"
        b"[source,python]\n----\nj\n----\nhttps://k.l[m] *n* `+o+` <<p,q>>\n",
    ),
    "org": (
        b"#+TITLE: T\n#+DATE: <2024-03-02 Sat>\n* TODO H :a:\n:PROPERTIES:\n:b: c\n:END:\n| d | e |\n|---+---|\n"
        b"- f :: g\n#+begin_src python\n,* h\n#+end_src\n[[https://i.j][k]] *l* /m/ =n= [fn:1]\n\n[fn:1] o\n",
    ),
    "epub": (make_epub("<h1>H</h1><p>Words.</p>", metadata="<dc:title>T</dc:title><dc:date>2024</dc:date>"),),
    "docx": (make_docx(paragraph("H", "Heading1"), table(("a", "b")), properties="<dc:title>T</dc:title>"),),
    "chunker": (
        "# H\n\nA sentence. Another one, e.g. this!\n\n- item\n1. step\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "```\nx = f(1)\n```\n\n👩‍👩‍👧‍👦 e\u0301 漢字。\n".encode(),
    ),
    "quote": (b"\x00\x02\x00\x05The very words.",),
    "question": (b"Who built the lighthouse on Gull Rock?", b"What did the harbour wall give in 2020?"),
}
