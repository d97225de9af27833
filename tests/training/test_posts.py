"""Passages of the data files as posts."""

from __future__ import annotations

import json
from pathlib import Path

from training.reader.posts import write_markdown, write_plain


def test_a_markdown_passage_has_its_title_in_front(tmp_path: Path) -> None:
    write_markdown(tmp_path / "posts", "p1", 'The "mill": rye', "## How\n\nIt grinds.")
    front, body = (tmp_path / "posts/p1.md").read_text().removeprefix("---\n").split("\n---\n")
    assert 'title: "The \\"mill\\": rye"' in front
    assert body == "## How\n\nIt grinds."


def test_a_passage_without_a_title_is_called_by_its_first_words(tmp_path: Path) -> None:
    write_plain(
        tmp_path / "posts.jsonl", {"p1": ("", "one two three four five six seven eight nine"), "p2": ("T", "x")}
    )
    posts = [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text().splitlines()]
    assert [post["title"] for post in posts] == ["one two three four five six seven eight", "T"]
