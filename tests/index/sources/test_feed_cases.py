"""Feeds and exports that real corpora contain: what is published is read, with the facts that belong to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import SourceError
from index.records import Document, NoDocument, NotPublished, SetAside
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.registry import reader_for
from index.sources.wxr import shown_html

Written = Callable[[str, str | bytes], Document]

CASES = Path(__file__).parents[4] / "shared" / "cases"
EXPORT = """<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Mill</title>
<wp:author><wp:author_login>ana</wp:author_login><wp:author_display_name>Ana Ruiz</wp:author_display_name></wp:author>
<wp:author><wp:author_login>ben</wp:author_login><wp:author_display_name>Ben Ode</wp:author_display_name></wp:author>
<item><title>A</title><dc:creator>{author}</dc:creator><pubDate>{date}</pubDate><content:encoded>{text}</content:encoded>
<wp:post_date>2019-03-05 23:30:00</wp:post_date>{state}</item></channel></rss>"""


def items(document: Document, *, drafts: bool = False) -> list[DraftPost | SetAside]:
    settings = SourceSettings(drafts=drafts)
    return list(reader_for(document.path.suffix)(document, settings))


def case(name: str, *, drafts: bool = False) -> list[DraftPost | SetAside]:
    path = CASES / name
    if not path.is_file():
        pytest.skip(f"no {path}")
    return items(Document(path=path, name=path.name), drafts=drafts)


def posts(found: list[DraftPost | SetAside]) -> list[DraftPost]:
    return [item for item in found if isinstance(item, DraftPost)]


def export(written: Written, state: str, text: str = "Words.", author: str = "ana") -> list[DraftPost | SetAside]:
    date = "Wed, 06 Mar 2019 04:30:00 +0000"
    return items(written("export.xml", EXPORT.format(state=state, text=text, author=author, date=date)))


@pytest.mark.parametrize("name", ["16-wxr/export.xml", "28-drafts-leak/export.xml"])
def test_only_what_was_published_is_read_from_an_export(name: str) -> None:
    found = case(name)
    (post,) = posts(found)
    assert (post.title, post.authors, post.publisher) == ("Published post", ("Mira Holt",), "Mill Notes")
    assert post.published == "2019-03-05 10:00:00"
    assert post.body == (
        "The mill grinds 7 sacks a day.\n\nThe stone in 1911\n\n"
        "Plain paragraph without tags, as the classic editor saves it.\n\n"
        "Another plain paragraph, parted by a blank line only."
    )
    assert [item.reason for item in found if isinstance(item, NotPublished)] == [
        "status: draft",
        "status: private",
        "protected by a password",
        "status: trash",
    ]
    assert sum(isinstance(item, NoDocument) for item in found) == 2


def test_drafts_of_an_export_are_read_when_asked_for() -> None:
    titles = [post.title for post in posts(case("16-wxr/export.xml", drafts=True))]
    assert titles == ["Published post", "Draft post", "Private post", "Protected", "Trashed"]


@pytest.mark.parametrize(
    "state",
    [
        "<wp:status>pending</wp:status>",
        "<wp:status>future</wp:status><wp:post_type>page</wp:post_type>",
        "<wp:status>auto-draft</wp:status>",
        "<wp:status></wp:status>",
        "",
        "<wp:status>publish</wp:status><wp:post_password>x</wp:post_password>",
        "<wp:status>publish</wp:status><wp:post_type>wp_block</wp:post_type>",
    ],
)
def test_whatever_is_not_shown_to_everybody_is_not_published(written: Written, state: str) -> None:
    (item,) = export(written, state)
    assert isinstance(item, NotPublished)


KIND = (
    '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#{}"/>'
)
ENTRY = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app"
 xmlns:blogger="http://schemas.google.com/blogger/2018"><entry><id>1</id><title>A</title>{}
<content type="html">The safe code is 4711.</content></entry></feed>"""


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("<app:control><app:draft>yes</app:draft></app:control>", NotPublished),
        (KIND.format("post") + "<app:control><app:draft>yes</app:draft></app:control>", NotPublished),
        ("<blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status>", NotPublished),
        ("<blogger:type>POST</blogger:type><blogger:status>SOFT_TRASHED</blogger:status>", NotPublished),
        ("<blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status>", NoDocument),
        (KIND.format("comment"), NoDocument),
        (KIND.format("settings"), NoDocument),
        (KIND.format("template"), NoDocument),
        ("<app:control><app:draft>no</app:draft></app:control>", DraftPost),
        (KIND.format("page"), DraftPost),
        ("<blogger:type>PAGE</blogger:type><blogger:status>LIVE</blogger:status>", DraftPost),
    ],
)
def test_of_an_atom_feed_and_a_blogger_export_only_what_is_published_is_read(
    written: Written, state: str, kind: type[DraftPost | SetAside]
) -> None:
    (item,) = items(written("blog.xml", ENTRY.format(state)))
    assert type(item) is kind


def test_a_login_that_is_an_address_stands_for_its_name(written: Written) -> None:
    text = EXPORT.replace(">ana<", ">ana@mill.example<").format(
        state="<wp:status>publish</wp:status>", text="Words.", author="ana@mill.example", date=""
    )
    (post,) = posts(items(written("export.xml", text)))
    assert post.authors == ("Ana Ruiz",)


def test_a_published_page_has_its_author_and_the_day_that_its_readers_see(written: Written) -> None:
    (page,) = posts(export(written, "<wp:status>publish</wp:status><wp:post_type>page</wp:post_type>", author="ben"))
    assert (page.authors, page.published) == (("Ben Ode",), "2019-03-05 23:30:00")


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("One\ntwo\n\nThree", "<p>One<br>two</p>\n<p>Three</p>"),
        ("<!-- wp:list --><ul><li>a</li></ul><!-- /wp:list -->", "<ul><li>a</li></ul>"),
        ('[gallery ids="1"]Text [1] and [sic][audio src="x.mp3"]', "<p>Text [1] and [sic]</p>"),
        ("[box color='red']Inside[/box]", "<p>Inside</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ('[code lang="c"]a &lt; b[/code]', "<pre>a &lt; b</pre>"),
    ],
)
def test_an_exports_text_is_what_wordpress_shows(content: str, shown: str) -> None:
    assert shown_html(content).strip() == shown


def test_atom_entries_take_over_the_feeds_author_and_language() -> None:
    first, second, third, fourth, fifth = posts(case("17-feeds/atom.xml"))
    assert (first.title, first.publisher) == ("A <b> tag & more", "Mill & Stone")
    assert first.body == "The full entry: the wheel weighs 900 kg.\n\n- One\n- Two"
    assert first.published == "2019-03-04T05:06:07Z"
    assert {post.language for post in (first, second, third, fourth, fifth)} == {"en"}
    assert {post.authors for post in (first, second, third, fourth)} == {("Feed Author",)}
    assert fifth.authors == ("Ana Ruiz", "Ben Ode")
    assert second.body == "Relative link and x < y.\n\n```\na\n  b\n```"
    assert third.title == "Microblog note without a title. Second sentence."
    assert fourth.body == "Use the <main> tag; 3 < 4."


def test_rss_entries_are_read_in_every_form() -> None:
    both, podcast, escaped, media, entities, same = posts(case("17-feeds/rss2.xml"))
    assert (both.body, both.authors) == ("Full story: the dam leaks 40 litres.", ("Ana Ruiz",))
    assert podcast.authors == ("Ben Ode",)
    assert (escaped.title, escaped.body) == ("Double & escaped", "Escaped twice: 5 crowns.")
    assert media.body == "Video about the weir, 12 minutes."
    assert entities.body.replace("\xa0", " ") == "Café costs 3 €."
    assert same.body == "Another story under the same guid."


def test_rdf_json_feeds_and_old_doctypes_are_read() -> None:
    assert posts(case("17-feeds/rdf.rdf"))[0].body == "RSS one."
    (item,) = posts(case("17-feeds/jsonfeed.json"))
    assert (item.title, item.body, item.published) == ("T", "The weir is 3 m high.", "2020-01-01T00:00:00Z")
    assert posts(case("17-feeds/doctype.xml"))[0].body.replace("\xa0", " ") == "Toll is 5 crowns."


def test_a_sitemap_is_named_as_one(written: Written) -> None:
    with pytest.raises(SourceError, match="a sitemap, which lists addresses"):
        case("17-feeds/sitemap.xml")
    index = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>x</loc></sitemap></sitemapindex>'
    with pytest.raises(SourceError, match="a sitemap"):
        items(written("index.xml", index))


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("<author>ana@dam.example (Ana Ruiz)</author>", ("Ana Ruiz",)),
        ("<managingEditor>ben@dam.example (Ben Ode)</managingEditor>", ("Ben Ode",)),
    ],
)
def test_a_mail_address_with_a_name_gives_the_name(written: Written, author: str, names: tuple[str, ...]) -> None:
    item = f"<item><title>A</title>{author if author.startswith('<author') else ''}<description>x</description></item>"
    head = "" if author.startswith("<author") else author
    (post,) = posts(items(written("a.rss", f"<rss version='2.0'><channel>{head}{item}</channel></rss>")))
    assert post.authors == names


def test_a_json_feed_gives_every_field_and_survives_a_bad_item(written: Written) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "title": "Mill",
        "author": {"name": "Ana Ruiz"},
        "language": "en",
        "items": [
            {"id": 7, "url": "https://a.example/7", "content_html": "<p>Seven <b>sacks</b>.</p><ul><li>a</li></ul>"},
            "no item",
            {"content_text": "Plain <words>.", "authors": [{"name": "Ben Ode"}], "language": "fr"},
        ],
    }
    first, bad, last = items(written("feed.json", json.dumps(feed)))
    assert first == DraftPost(
        title="Seven sacks. - a",
        body="Seven sacks.\n\n- a",
        id="7",
        authors=("Ana Ruiz",),
        publisher="Mill",
        url="https://a.example/7",
        language="en",
        place="#entry-1",
        has_marks=True,
    )
    assert isinstance(bad, SetAside)
    assert isinstance(last, DraftPost)
    assert (last.body, last.authors, last.language) == ("Plain <words>.", ("Ben Ode",), "fr")


@pytest.mark.parametrize("text", ["{}", "[1, 2]", '{"version": 3}', "not json", "[" * 100_000, ""])
def test_other_json_is_no_document(written: Written, text: str) -> None:
    (item,) = items(written("a.json", text))
    assert isinstance(item, NoDocument)
