"""Markdown: facts from the front matter, the body to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.records import Document
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.markdown import read

Written = Callable[[str, str | bytes], Document]


def one(written: Written, text: str) -> DraftPost:
    (draft,) = read(written("a-file.md", text), SourceSettings())
    assert isinstance(draft, DraftPost)
    return draft


def test_front_matter_states_every_field(written: Written) -> None:
    draft = one(
        written,
        "---\ntitle: T\nid: p-1\nauthors: [A B, C D]\ndate: 2024-03-02\npublisher: P\n"
        "canonical_url: https://e.org/a\nlang: en-US\n---\n\n# Not the title\n\nBody.\n",
    )
    assert draft == DraftPost(
        title="T",
        id="p-1",
        authors=("A B", "C D"),
        published="2024-03-02",
        publisher="P",
        url="https://e.org/a",
        language="en-US",
        body=draft.body,
        is_markdown=True,
    )
    assert draft.body.strip() == "# Not the title\n\nBody."


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("title: 1984", "title", "1984"),
        ("title: No", "title", "No"),
        ("id: 007", "id", "007"),
        ("slug: a-slug", "id", None),
        ("id: null", "id", None),
        ("id:", "id", None),
        ("id: [1, 2]", "id", None),
        ("author: A B", "authors", ("A B",)),
        ("author: {name: A}", "authors", ("A",)),
        ("published: 2024-13-45", "published", None),
        ("link: https://e.org", "url", "https://e.org"),
        ("language: es", "language", "es"),
        ("x: !!python/object/apply:os.system ['echo no']", "id", None),
    ],
)
def test_yaml_values_stay_the_words_written(written: Written, line: str, field: str, value: object) -> None:
    assert getattr(one(written, f"---\n{line}\n---\nBody."), field) == value


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Before.\n\n# The title #\n\nAfter.", "The title", "Before.\n\n\nAfter."),
        ("## Second level\n\nText.", "Second level", "Text."),
        ("```\n# a comment\n```\n\n# Title", "Title", "```\n# a comment\n```\n\n"),
        ("~~~\n```\n# no\n~~~\n#hashtag\n", "a file", "~~~\n```\n# no\n~~~\n#hashtag\n"),
        ("No heading.", "a file", "No heading."),
        ("---\n---\n# T\nBody.", "T", "Body."),
        ("", "a file", ""),
        ("## A part\n\nText.\n\n## Another\n\nText.", "a file", "## A part\n\nText.\n\n## Another\n\nText."),
        ("The title\n=========\n\nText.", "The title", "Text."),
        (
            "{% highlight sh %}\n# no title\n{% endhighlight %}\n",
            "a file",
            "{% highlight sh %}\n# no title\n{% endhighlight %}\n",
        ),
    ],
)
def test_without_a_stated_title_the_first_heading_is_it(written: Written, text: str, title: str, body: str) -> None:
    draft = one(written, text)
    assert (draft.title, draft.body.strip("\n")) == (title, body.strip("\n"))


@pytest.mark.parametrize("text", ["---\nA text between rules.\n---\nMore.", "---\nOne rule only.", '{"a": 1}\n}\nx'])
def test_a_text_that_only_looks_like_front_matter_is_kept_whole(written: Written, text: str) -> None:
    assert one(written, text).body == text


@pytest.mark.parametrize(
    ("yaml", "title"),
    [
        ("title: [unclosed", "[unclosed"),
        ("title: a: b", "a: b"),
        ("title: T\na: " + "[" * 100_000, "T"),
        ("title: T\n\t- tab", "T"),
    ],
    ids=["unclosed", "colon", "100,000 deep", "tab"],
)
def test_what_yaml_refuses_is_read_line_by_line(written: Written, yaml: str, title: str) -> None:
    draft = one(written, f"---\n{yaml}\ndate: 2020-01-02\n---\nBody.")
    assert (draft.title, draft.published, draft.body) == (title, "2020-01-02", "Body.")


def test_an_alias_bomb_is_not_unfolded(written: Written) -> None:
    lines = [
        "a0: &a0 [lol, lol]",
        *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)),
        "authors: *a59",
    ]
    assert one(written, "---\n" + "\n".join(lines) + "\n---\nBody.").authors == ()


def test_a_title_of_half_surrogates_falls_back_to_the_files_name(written: Written) -> None:
    assert one(written, '---\ntitle: "\\uD800"\n---\nBody.').title == "a file"


def test_front_matter_in_toml_states_every_field(written: Written) -> None:
    draft = one(
        written,
        "+++\ntitle = 'T'\nauthors = ['A B', 'C D']\ndate = 2024-03-02\npublisher = \"P\"\n"
        "url = 'https://e.org/a'\nlang = 'en'\n[extra]\nx = 1\n+++\n\nBody.\n",
    )
    assert (draft.title, draft.authors, draft.published) == ("T", ("A B", "C D"), "2024-03-02")
    assert (draft.publisher, draft.url, draft.language) == ("P", "https://e.org/a", "en")
    assert draft.body.strip() == "Body."


@pytest.mark.parametrize("text", ["+++\nno end", "a\n+++\nx\n+++\n", "+++ x\ny\n+++\n"])
def test_pluses_that_are_no_front_matter_are_kept(written: Written, text: str) -> None:
    assert one(written, text).body.strip() == text.strip()


def test_what_toml_refuses_is_read_line_by_line(written: Written) -> None:
    draft = one(written, "+++\na = [\ntitle = 'T'\n+++\nBody.\n")
    assert (draft.title, draft.body) == ("T", "Body.\n")
