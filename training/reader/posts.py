"""Passages of the data files as posts that can be indexed."""

from __future__ import annotations

import json
from pathlib import Path


def write_markdown(folder: Path, post: str, title: str, body: str) -> None:
    """Write a passage of a blog as the Markdown file that it was cut from, for it to be read as such.

    Args:
        folder: Where the file goes; it is made where it is missing.
        post: The post's id, and the file's name.
        title: Empty where the passage has none.
        body: Markdown, without front matter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    front = {"id": post, "title": title, "lang": "en"}
    lines = "\n".join(f"{name}: {json.dumps(value)}" for name, value in front.items() if value)
    (folder / f"{post}.md").write_text(f"---\n{lines}\n---\n{body}", encoding="utf-8")


def write_plain(path: Path, posts: dict[str, tuple[str, str]]) -> None:
    """Write passages as the lines of one JSON Lines file.

    Args:
        path: The file.
        posts: Title and body by id; a passage without a title is called by its first words.
    """
    with path.open("w", encoding="utf-8") as file:
        for post, (title, body) in posts.items():
            named = title or " ".join(body.split()[:8])
            file.write(json.dumps({"id": post, "title": named, "text": body, "language": "en"}) + "\n")
