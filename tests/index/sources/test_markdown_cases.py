"""Markdown that real corpora contain, as files: what its reader sees is there, what its reader does not see is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.records import Post, SentenceKind
from index.settings import SourceSettings
from index.sources.read import read_posts
from index.text.chunking import chunk_post
from tests.stand_ins import WordHashEncoder

SEEN = {
    "20-md-blocks/hr.md": (
        ("Intro paragraph of the post about the wheel.", "Bold line as heading", "1) paren item", "* star", "+ plus"),
        ("---", "**", "\\"),
    ),
    "20-md-blocks/indented.md": (
        (
            *("First step:\n\nmill --open\n", "- oil\n- rope\n", "A paragraph inside the item costs 5 crowns."),
            *("- Done task\n- Open task", "Term: Definition of the term.", "Quote line one quote line two, 7 crowns."),
            *("a | b | 2", "A | B\nrye | 7\noats | 5", "Text with a hard break\nnext line."),
            *(
                "Final emphasis and strong and gone code link",
                "The footnote says 99.",
                "Price list\n\nRye costs 7 crowns.",
            ),
            *("# not a heading\nx = 1\n~~~\ny = 2", "def f(): pass", "indented code line one\nindented code line two"),
        ),
        ("alt text", "x.example", "<", "[^1]", "**", "--|--", "```", "~~gone", "[x]", "\\|"),
    ),
    "20-md-blocks/mdx-ish.md": (
        (
            *("My tip\n\nUse this advice: oil the shaft weekly.", "Rye costs 7 crowns.", "The mill wheel in 1911"),
            *("The notice says the toll is 3 crowns.", "Heading with id", "{{ page.title }}"),
        ),
        ("import", "export", "Tabs", "hidden", "99", "{{<", "{{%", ":::", "custom-id", "a.png"),
    ),
    "20-md-blocks/obsidian.md": (
        (
            "shown words",
            "A callout\n\nThe callout says 8 crowns.",
            "the key is under the mat.",
            "highlight and $E = mc^2$",
        ),
        ("Other note", "image.png", "[!note]", "hidden", "55", "=="),
    ),
    "20-md-blocks/notion/Mill 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d.md": (
        ("The Notion export has properties under the title. The wheel is 3 m wide.", "Sub page"),
        ("Created", "Tags", "Mill%20", "Author"),
    ),
    "25-quote-comments/post.md": (
        (
            "The festival of Orveda starts in June. Tickets are sold at the gate; see the history.",
            "The festival ends on 12 June.",
        ),
        ("TODO", "9000", "https", "[t]", "nine gates", "map.png", "<div", "footnote"),
    ),
    "25-quote-comments/other.md": (("The bridge was closed for repairs. More is told elsewhere.",), ("#",)),
}
OWN = {
    "two lists.md": (
        "* oil\n    * rope\n        1. hemp\n* [x] done\n\n    More of it.\n\nApple\n:   A fruit.\n:   A firm.\n",
        ("oil\n* rope\n1. hemp\n* done\n\nMore of it.", "Apple: A fruit.\n\nApple: A firm."),
        ("[x]", ":   "),
    ),
    "tables.md": (
        "Name | Cost\n:-- | --:\n`a` \\| **b** | 7\n\n<table><tr><th>Boat</th></tr><tr><td>Gull</td></tr></table>\n",
        ("Name | Cost\na | b | 7", "Boat\nGull"),
        ("--", "**", "`", "<"),
    ),
    "notes.mdx": (
        "import A from './a';\nexport const price = 9000;\n\n<A>\n\nRye: 7 crowns.\n\n</A>\n\n"
        "{/* secret\nbudget */}\n\nImport is free.\n",
        ("Rye: 7 crowns.", "Import is free."),
        ("9000", "import A", "export", "secret", "budget", "<A>"),
    ),
    "admonitions.md": (
        '!!! warning "Hot"\n    It is 90 degrees.\n\n::: tip\nOil it.\n:::\n\n'
        "{{% notice %}}\nRye is out.\n{{% /notice %}}\n",
        ("Hot\n\nIt is 90 degrees.", "Oil it.", "Rye is out."),
        ("!!!", ":::", "{{%", "notice", "warning"),
    ),
    "vault.md": (
        "[[Mill#Wheel|the wheel]] and ![[plan.pdf]] it. ^4f2a1c\n\n"
        "%%\nsecret 9000\n\nmore\n%%\n\n> [!tip]- Folded\n> Inner 6.\n",
        ("the wheel and  it.", "Folded\n\nInner 6."),
        ("Mill#", "plan", "^4f", "9000", "more", "[!tip]", "%%"),
    ),
    "details.md": (
        "<details><summary>Prices</summary>\n\n- rye 7\n\n</details>\n\n"
        "Long.[^n]\n\n[^n]: A *note*.\n\n    Its second part.\n",
        ("Prices\n- rye 7", "Long.\n\nA note.\n\nIts second part."),
        ("<", "[^", "*"),
    ),
    "comments.md": (
        "<!--\ndraft 9000\n\nstill hidden\n-->\nShown.<!-- 44 --> More.\n\n"
        "[//]: # (a comment 45)\n[a]: <https://x.example>\n  'T'\n",
        ("Shown. More.",),
        ("9000", "hidden", "44", "45", "x.example", "[a]"),
    ),
    "raw.md": (
        "<p style='display:none'>9000</p>\n\n"
        "![Map with nine gates][m] <b>Open</b> <script>x(1)</script>[at][t] nine.\n\n"
        "[m]: m.png\n[t]: https://t.example 'Tickets'\n",
        ("Open at nine.",),
        ("9000", "gates", "m.png", "x(1)", "Tickets", "<b>"),
    ),
}


def posts_of(path: Path) -> list[Post]:
    """The posts of a file."""
    return [item for item in read_posts([path], SourceSettings()) if isinstance(item, Post)]


def assert_seen(post: Post, there: tuple[str, ...], absent: tuple[str, ...]) -> None:
    """Every part is visible, none of the others is, and the sentences are cut from where they stand."""
    text = post.visible.text
    assert all(part in text for part in there), text
    assert not any(part in text for part in absent), text
    for chunk in chunk_post(post, WordHashEncoder().token_spans, 40):
        for sentence, shown in zip(chunk.sentences, chunk.sentence_texts, strict=True):
            assert post.visible.between(sentence.start, sentence.end) == shown
            assert not any(part in shown for part in absent)
            assert post.body[sentence.start : sentence.end].strip() or sentence.kind is SentenceKind.CODE


@pytest.mark.parametrize("name", SEEN)
def test_what_the_readers_of_each_case_see_is_what_is_indexed(shared: Path, name: str) -> None:
    (post,) = posts_of(shared / "cases" / name)
    assert_seen(post, *SEEN[name])


@pytest.mark.parametrize("name", OWN)
def test_so_it_is_in_other_files_of_the_kind(tmp_path: Path, name: str) -> None:
    text, there, absent = OWN[name]
    (tmp_path / name).write_text(f"# Notes\n\n{text}", encoding="utf-8")
    (post,) = posts_of(tmp_path / name)
    assert_seen(post, there, absent)


def test_a_post_of_comments_alone_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\n\n<!-- only this -->\n\n[a]: https://x.example\n", encoding="utf-8")
    assert posts_of(tmp_path / "a.md") == []


def test_the_properties_of_a_notion_page_are_its_facts(shared: Path) -> None:
    folder = shared / "cases/20-md-blocks/notion"
    (post,) = posts_of(folder)
    assert (post.title, post.authors, post.published) == ("Mill", ("Mira Holt",), "2022-03-04T10:15:00")
