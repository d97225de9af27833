"""Front matter in each form that site generators take: title, date and authors read, nothing of it in the body."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.records import Document, NotPublished, Post
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.markdown import read
from index.sources.read import read_posts

Written = Callable[[str, str | bytes], Document]
ANA, BEN = "Ana Ruiz", "Ben Ode"
ALL = SourceSettings(drafts=True)


def draft_of(document: Document) -> DraftPost:
    (draft,) = read(document, ALL)
    assert isinstance(draft, DraftPost)
    return draft


@pytest.mark.parametrize(
    ("folder", "name", "title", "published", "authors", "body"),
    [
        ("01-zola-path-date", "hello.md", "Releasing Quill 4", "2024-02-28", ("Mira Holt",), "Quill 4 adds"),
        ("03-front-matter", "bom.md", "BOM post", "2020-02-03", (), "The body after a mark."),
        ("03-front-matter", "crlf.md", "CRLF post", "2020-02-02", (), "The body has\nwindows lines."),
        (
            "03-front-matter",
            "hexo-noopen.md",
            "Hexo without the opening rule",
            "2016-11-02T21:09:33",
            (),
            "The body of",
        ),
        ("03-front-matter", "hugo-nested.md", "Nested authors", "2023-05-01", (ANA, BEN), "Text of the nested"),
        ("03-front-matter", "jekyll-tz.md", "Zone date", "2013-05-06T02:12:52+02:00", (), "Text."),
        ("03-front-matter", "json.md", "JSON front matter", "2018-04-04", (ANA,), "Hugo also allows braces"),
        ("03-front-matter", "liquid.md", "turns ten", "2018-04-07", (), "{% include"),
        ("03-front-matter", "pelican.md", "Pelican post", "2010-12-03T10:20:00", (ANA,), "Pelican's Markdown"),
        ("03-front-matter", "published-bool.md", "Jekyll published true", "2017-01-09", (), "A Jekyll post states"),
        ("03-front-matter", "relative-url.md", "Permalink", "2017-05-06", (), "Astro says pubDate."),
        ("03-front-matter", "slash-date.md", "Slash date", "2023-05-01T10:20:00", (ANA, BEN), "Text."),
        ("03-front-matter", "tabs.md", "Colon: in the title", "2018-04-05", (), "Unquoted colon"),
        (
            "03-front-matter",
            "toml-extra.md",
            "TOML with taxonomies and extra",
            "2022-01-02T03:04:05+00:00",
            (ANA, BEN),
            "Zola's taxonomies.",
        ),
        ("28-drafts-leak", "pub.md", "Toll", "2021-01-01", (), "The toll is 7 crowns"),
    ],
)
def test_the_front_matter_of_each_case(
    shared: Path, folder: str, name: str, title: str, published: str, authors: tuple[str, ...], body: str
) -> None:
    draft = draft_of(Document(path=shared / "cases" / folder / name, name=name))
    assert (draft.title, draft.published, draft.authors) == (title, published, authors)
    assert draft.body.strip().startswith(body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: Salt\ndate: 2019/1/2\ncategories:\n  - sea\n---\nB", ("Salt", "2019-01-02", ())),
        ("layout: post\ntitle: 'Salt: a life'\n---\nB", ("Salt: a life", None, ())),
        ("Title: Salt\nAuthors: Ana Ruiz; Ben Ode\nModified: 2020-02-02\n\nB", ("Salt", "2020-02-02", (ANA, BEN))),
        ("Date: 2 March 2020\nAuthor: Ana Ruiz, Ben Ode\nTags: a\n\nB", ("a file", "2020-03-02", (ANA, BEN))),
        ('{"title": "Salt", "authors": [{"display_name": "Ana Ruiz"}]}\n\nB', ("Salt", None, (ANA,))),
        ('---json\n{"title": "Salt", "datePublished": "2020-01-02"}\n---\nB', ("Salt", "2020-01-02", ())),
        ("---\ntitle: Salt\nauthor:\n  email: a@b.example\n  name: Ana Ruiz\n...\nB", ("Salt", None, (ANA,))),
        ("---\r\ntitle: Salt\r\nauthor: a@b.example (Ana Ruiz)\r\n---\r\nB", ("Salt", None, (ANA,))),
        ("\ufeff\n---\ntitle: Salt\npublished: 2018-03-04\n---\nB", ("Salt", "2018-03-04", ())),
        (
            "---\ntitle: '{% t salt %} Salt'\nupdated: 2020-01-01\ncreated: 2019-01-01\n---\nB",
            ("Salt", "2019-01-01", ()),
        ),
        (
            "---\ntitle: Salt: or not\ntags:\n  - a\n  - b\nauthors: [Ana Ruiz, Ben Ode]\n---\nB",
            ("Salt: or not", None, (ANA, BEN)),
        ),
        (
            "+++\ntitle = 'Salt'\nslug = '2020/04/05/salt'\n[taxonomies]\nauthor = ['Ana Ruiz']\n+++\nB",
            ("Salt", "2020-04-05", (ANA,)),
        ),
        (
            "+++\ntitle = 'Salt'\ndate = 2020-04-05 10:00:00\n[params]\nauthors = ['Ana Ruiz']\n+++\nB",
            ("Salt", "2020-04-05T10:00:00", (ANA,)),
        ),
        ("title: Salt\ndate: 2020-01-02\n---\n\nB", ("Salt", "2020-01-02", ())),
        (';;;\n{"title": "Salt"}\n;;;\nB', ("Salt", None, ())),
        ('"title": "Salt",\n"date": "2013/7/13"\n;;;\nB', ("Salt", "2013-07-13", ())),
        ("---js\n{title: 'Salt', date: '2020-01-02'}\n---\nB", ("Salt", "2020-01-02", ())),
        ('{\n\t"title": "Salt: {a}",\n\t"date": "2020-01-02",\n}\nB', ("Salt: {a}", "2020-01-02", ())),
        ("% Salt\n% Ana Ruiz; Ben Ode\n% 2 March 2020\n\nB", ("Salt", "2020-03-02", (ANA, BEN))),
        (
            "---\ntitle: Salt\ndate:\n  updated: 2022-01-01\n  created: 2021-05-06\n---\nB",
            ("Salt", "2021-05-06", ()),
        ),
        (
            "---\ntitle: Salt\nlast_update:\n  date: 2021-05-06\nauthor_name: Ana Ruiz\n---\nB",
            ("Salt", "2021-05-06", (ANA,)),
        ),
        (
            "---\ntitle: Salt\npubDatetime: 2022-07-08T10:00:00Z\nauthors: ['@mira']\n---\nB",
            ("Salt", "2022-07-08T10:00:00+00:00", ("mira",)),
        ),
        ("---\ntitle: Salt\ndate: 0001-01-01\nlastmod: 2022-01-01\n---\nB", ("Salt", "2022-01-01", ())),
        (
            "<!--\n.. title: Salt\n.. date: 2012-03-30 23:00:00 UTC-03:00\n.. author: Ana Ruiz\n-->\n\nB",
            ("Salt", "2012-03-30T23:00:00-03:00", (ANA,)),
        ),
        ("# Salt\n\nCreated: March 4, 2021 10:20 AM\nTags: a, b\n\nB", ("Salt", "2021-03-04T10:20:00", ())),
        (
            "# Salt\n\nCreated time: 4 March 2021\nWeather: dry\nCreated by: Ana Ruiz\n\nB",
            ("Salt", "2021-03-04", (ANA,)),
        ),
    ],
)
def test_the_body_begins_behind_every_form(
    written: Written, text: str, expected: tuple[str, str | None, tuple[str, ...]]
) -> None:
    draft = draft_of(written("a-file.md", text))
    assert (draft.title, draft.published, draft.authors) == expected
    assert draft.body.strip() == "B"


@pytest.mark.parametrize(
    ("file", "listed", "name"),
    [
        ("blog/authors.yml", "ana:\n  name: Ana Ruiz\n  url: https://a.example\n", "blog/2020-01-02-a/index.md"),
        ("_data/authors.yml", "ana:\n  display_name: Ana Ruiz\nben: {email: b@a.example}\n", "_posts/a.md"),
        ("docs/.authors.yml", "authors:\n  ana:\n    name: Ana Ruiz\n", "docs/posts/a.md"),
    ],
)
def test_an_authors_key_stands_for_the_name_that_the_blog_lists(
    written: Written, file: str, listed: str, name: str
) -> None:
    written(file, listed)
    assert draft_of(written(name, "---\nauthors: ['@ana', Ben Ode, cy]\n---\nB")).authors == (ANA, BEN, "cy")


@pytest.mark.parametrize("listed", ["a: [", "- x", "ana: Ana", "", "ana: {}", "[" * 10_000])
def test_a_list_of_authors_that_gives_no_name_changes_none(written: Written, listed: str) -> None:
    written("authors.yml", listed)
    assert draft_of(written("a.md", "---\nauthor: ana\n---\nB")).authors == ("ana",)


@pytest.mark.parametrize(
    "text",
    [
        "Entry: 4 crowns\nHours: nine to five\n\nCome in.",
        "Date: 4 May\nPlace: the hall\n\nAll are welcome.",
        "Mira: Is it open?\nJonas: It is.\n\nThey went in.",
        "{\n  key: value,\n}\n\nAn object is shown above.",
        "% of the flour is lost.\n\nThe rest is sold.",
        "{% include a.html %}\n\nText.",
        '{"key": "value"}\n\nA JSON file is shown above.',
        "# Visit\n\nEntry: 4 crowns\nHours: nine to five\n\nCome in.",
    ],
)
def test_a_body_that_looks_like_a_header_is_kept(written: Written, text: str) -> None:
    assert draft_of(written("a-file.md", text)).body.split() == text.removeprefix("# Visit").split()


@pytest.mark.parametrize(
    ("name", "title", "published"),
    [
        ("2021-03-04-harbour-wall.md", "harbour wall", "2021-03-04"),
        ("blog/2021/03/04/harbour-wall.md", "harbour wall", "2021-03-04"),
        ("blog/2021/03/harbour-wall/index.md", "harbour wall", "2021-03"),
        ("2021-03-04-harbour-wall/README.md", "harbour wall", "2021-03-04"),
        ("20210304_Harbour wall.md", "Harbour wall", "2021-03-04"),
        ("Harbour wall 0123456789abcdef0123456789abcdef.md", "Harbour wall", None),
        ("2021-13-04-harbour.md", "2021 13 04 harbour", None),
        ("1066-10-14-hastings.md", "1066 10 14 hastings", None),
        ("photos-2021/10-things.md", "10 things", None),
    ],
)
def test_names_of_files_and_folders_state_title_and_date(
    written: Written, name: str, title: str, published: str | None
) -> None:
    draft = draft_of(written(name, "Text with 2011-11-11 in it. © 2012 Mill Press ![](/img/2013/04/05/a.png)"))
    assert (draft.title, draft.published) == (title, published)


def test_a_name_states_the_language_before_the_suffix(written: Written) -> None:
    assert draft_of(written("mill/index.fr.md", "Texte.")).language == "fr"
    assert draft_of(written("mill/index.fr.md", "---\nlang: de\n---\nText.")).language == "de"


def test_the_date_of_the_last_change_counts_only_where_no_other_is_stated(written: Written) -> None:
    text = "---\nlastmod: 2022-02-02\n---\nText."
    assert draft_of(written("2021-03-04-a.md", text)).published == "2021-03-04"
    assert draft_of(written("a.md", text)).published == "2022-02-02"


@pytest.mark.slow
def test_every_post_of_a_jekyll_blog_has_its_title_date_and_author(shared: Path) -> None:
    folder = shared / "corpus" / "jekyll-news"
    posts = [item for item in read_posts([folder], SourceSettings()) if isinstance(item, Post)]
    assert len(posts) == len(list(folder.iterdir())) == 102
    for post in posts:
        path = Path(post.origin)
        lines = path.read_text().split("---")[1].strip().splitlines()
        stated = {key: value.strip() for key, value in (line.split(": ", 1) for line in lines if ": " in line)}
        title = re.sub(r"""^(["'])(.*)\1$""", r"\2", stated["title"])
        assert post.title == " ".join(title.split())
        assert (post.published or "")[:10] == stated.get("date", path.name).strip("\"'")[:10]
        assert post.authors == (stated["author"].strip("\"'"),)
        assert not post.body.startswith("---")


@pytest.mark.slow
def test_every_note_of_a_collection_has_its_heading_for_title(shared: Path) -> None:
    folder = shared / "corpus" / "til"
    posts = [item for item in read_posts([folder], SourceSettings()) if isinstance(item, Post)]
    files = list(folder.rglob("*.md"))
    assert len(posts) == len(files) == 577
    for post in posts:
        assert post.title == " ".join(Path(post.origin).read_text().split("\n", 1)[0].removeprefix("# ").split())
        assert post.published is None  # neither name nor text states one


CLOCK = SourceSettings.model_validate({"clock": "2024-06-01T12:00:00Z"})


def test_drafts_of_the_cases_are_left_out_unless_they_are_asked_for(shared: Path) -> None:
    left_out = {"03-front-matter": ["draft.md"], "28-drafts-leak": ["draft.md", "unpub.md"]}
    for folder, names in left_out.items():
        for name in names:
            document = Document(path=shared / "cases" / folder / name, name=name)
            (item,) = read(document, SourceSettings())
            assert isinstance(item, NotPublished)
            assert draft_of(document).body


@pytest.mark.parametrize(
    ("name", "stated", "reason"),
    [
        ("a.md", "draft: yes", "draft: true"),
        ("a.md", "published: no", "published: false"),
        ("a.md", "publish: false", "publish: false"),
        ("a.md", "status: Draft", "status: Draft"),
        ("a.md", "visibility: private", "visibility: private"),
        ("a.md", "private: true", "private: true"),
        ("a.md", "password: otter", "protected by a password"),
        ("a.md", "isDraft: true", "isdraft: true"),
        ("a.md", "unlisted: true", "unlisted: true"),
        ("a.md", "wip: true", "wip: true"),
        ("a.md", "published: draft", "published: draft"),
        ("a.md", "visibility: members", "visibility: members"),
        ("a.md", "access: private", "access: private"),
        ("a.md", "visibility: unlisted", "visibility: unlisted"),
        ("a.md", "build:\n  render: never", "render: false"),
        ("a.md", "_build:\n  list: never", "list: false"),
        ("a.md", "pubDate: 2024-07-01", "due on 2024-07-01"),
        ("a.md", "published: 2024-07-01", "due on 2024-07-01"),
        ("a.md", "unlisted: false\nbuild:\n  render: always", None),
        ("_drafts/a.md", "title: T", "in _drafts"),
        ("a.md", "date: 2024-07-01", "due on 2024-07-01"),
        ("2024-07-01-a.md", "title: T", "due on 2024-07-01"),
        ("a.md", "date: 2024-01-01\npublishDate: 2024-06-02T12:00:00Z", "due on 2024-06-02T12:00:00+00:00"),
        ("a.md", "expiryDate: 2024-05-01", "expired on 2024-05-01"),
        ("a.md", "draft: false\npublished: true\nstatus: publish", None),
        ("a.md", "date: 2024-06-01 20:00", None),
        ("a.md", "expiryDate: 2025-05-01", None),
        ("a.md", "date: 2024-07", None),
    ],
)
def test_what_a_generator_holds_back_is_not_published(
    written: Written, name: str, stated: str, reason: str | None
) -> None:
    (item,) = read(written(name, f"---\n{stated}\n---\nThe price is 9 crowns."), CLOCK)
    assert (item.reason if isinstance(item, NotPublished) else None) == reason


def test_a_note_without_front_matter_is_held_back_by_no_date(written: Written) -> None:
    (item,) = read(written("2024-07-01-a.md", "Plans."), CLOCK)
    assert isinstance(item, DraftPost)
