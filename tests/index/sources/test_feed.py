"""Feeds: each entry a post; bombs and foreign entities refused."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable, Iterable

import pytest

from index.errors import SourceError
from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.feed import read

Written = Callable[[str, str | bytes], Document]

SETTINGS = SourceSettings()
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The &amp;amp; Blog</title><language>en-US</language><link>https://example.org</link>
<item><title>Hello &lt;b&gt;World&lt;/b&gt;</title><guid>g-1</guid><link>https://example.org/1</link>
<pubDate>Sat, 02 Mar 2024 10:00:00 +0200</pubDate><author>jane@example.org (Jane Doe)</author>
<description>Short.</description>
<content:encoded><![CDATA[<p>Long <i>text</i>.</p><script>alert(1)</script>]]>
</content:encoded></item>
<item><description>&lt;p&gt;Only a summary, with &amp;lt;tags&amp;gt; shown.&lt;/p&gt;</description>
<pubDate>soon</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es"><title>Blog</title>
<entry><id>urn:1</id><title>Uno</title><link href="https://example.org/1"/>
<updated>2024-03-02T10:00:00Z</updated>
<author><name>A B</name></author><author><name>C D</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hola.</p><ul><li>uno</li></ul></div></content>
</entry>
<entry><id>urn:2</id><title>Dos</title><content type="text">a &lt; b, plain_text</content></entry></feed>"""


def drafts(items: Iterable[DraftPost | SetAside]) -> list[DraftPost]:
    return [item for item in items if isinstance(item, DraftPost)]


def test_an_rss_entry_gives_every_field(written: Written) -> None:
    first, second = drafts(read(written("a.rss", RSS), SETTINGS))
    assert first == DraftPost(
        id="g-1",
        title="Hello World",
        body="Long text.",
        authors=("Jane Doe",),
        published="Sat, 02 Mar 2024 10:00:00 +0200",
        publisher="The & Blog",
        url="https://example.org/1",
        language="en-US",
        place="#entry-1",
        has_marks=True,
    )
    assert second.id is None
    assert second.body == "Only a summary, with <tags> shown."
    assert second.title == second.body


def test_an_atom_entry_gives_every_field(written: Written) -> None:
    first, second = drafts(read(written("a.atom", ATOM), SETTINGS))
    assert (first.id, first.title, first.authors) == ("urn:1", "Uno", ("A B", "C D"))
    assert (first.published, first.language, first.publisher) == ("2024-03-02T10:00:00Z", "es", "Blog")
    assert first.body == "Hola.\n\n- uno"
    assert second.body == "a < b, plain_text"


def test_a_feed_in_utf_16_is_read(written: Written) -> None:
    data = codecs.BOM_UTF16_LE + RSS.replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16-le")
    assert len(drafts(read(written("a.xml", data), SETTINGS))) == 2


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{BOMB}]>',
        '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % l9 SYSTEM "http://127.0.0.1/x.dtd"> %l9;]>',
        '<!DOCTYPE rss [<!-- <x --><!ENTITY l9 "harmless">]>',
        '<!DOCTYPE rss [\n<!ENTITY broken>\n<!-- --><!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["billion laughs", "XXE", "parameter entity", "behind a comment", "behind an error"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(written: Written, doctype: str, encoding: str) -> None:
    feed = f"{doctype}<rss version='2.0'><channel><item><title>&l9;</title></item></channel></rss>"
    with pytest.raises(SourceError, match=r"declares entities.*<!ENTITY (?:l|broken).*Remove its DOCTYPE"):
        list(read(written("a.rss", feed.encode(encoding)), SETTINGS))


def test_a_declared_encoding_cannot_hide_a_bomb(written: Written) -> None:
    hidden = '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'.encode("utf-7")
    feed = b'<?xml version="1.0" encoding="utf-7"?>' + hidden.replace(b"<", b"+ADw-") + RSS[38:].encode()
    assert all("root:" not in str(item) for item in read(written("a.rss", feed), SETTINGS))


def test_a_doctype_without_entities_and_a_post_about_entities_are_read(written: Written) -> None:
    rss = RSS.replace("<rss ", "<!DOCTYPE rss>\n<rss ").replace("Long", "&lt;!ENTITY x SYSTEM 'y'&gt; Long")
    assert "<!ENTITY x SYSTEM 'y'> Long" in drafts(read(written("a.rss", rss), SETTINGS))[0].body


def test_a_feed_nested_too_deeply_is_refused(written: Written) -> None:
    deep = "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<a>" * 100_000
    with pytest.raises(SourceError, match="XML nested deeper than 500"):
        list(read(written("a.xml", deep), SETTINGS))


def test_an_entry_nested_too_deeply_is_set_aside_and_the_next_one_read(written: Written) -> None:
    rss = RSS.replace("<p>Long", "<div>" * 100_000 + "<p>Long")
    bad, good = read(written("a.rss", rss), SETTINGS)
    assert isinstance(bad, SetAside)
    assert bad.origin.endswith("a.rss#entry-1")
    assert "nested deeper" in bad.reason
    assert isinstance(good, DraftPost)


def test_deep_nesting_after_a_syntax_error_crashes_nothing(written: Written) -> None:
    start = time.perf_counter()
    rss = RSS.replace("<item>", "<item><bad attr=x></worse>" + "<a>" * 50_000, 1)
    list(read(written("a.rss", rss), SETTINGS))
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("text", ["", "just words", "<html><p>a page</p></html>", "<?xml version='1.0'?><config/>"])
def test_what_is_no_feed_is_refused(written: Written, text: str) -> None:
    with pytest.raises(SourceError, match="not an RSS or Atom feed"):
        list(read(written("a.xml", text), SETTINGS))


def test_a_feed_cut_short_gives_the_entries_that_are_whole(written: Written) -> None:
    cut = RSS[: RSS.index("<item><description>")]
    assert [draft.title for draft in drafts(read(written("a.rss", cut), SETTINGS))] == ["Hello World"]


def test_a_feed_that_names_a_file_opens_nothing(written: Written) -> None:
    with pytest.raises(SourceError, match="not an RSS or Atom feed"):
        list(read(written("a.xml", "/etc/passwd"), SETTINGS))
