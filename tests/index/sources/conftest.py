"""Documents made on the spot, and a way to read a folder in one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.records import Document, Post, SetAside
from index.settings import SourceSettings
from index.sources.read import read_posts
from tests.pdfs import make_pdf

Written = Callable[[str, str | bytes], Document]
Sorted = tuple[list[Post], list[SetAside]]
ReadAll = Callable[..., Sorted]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a file into the corpus folder and give its Document."""

    def write(name: str, content: str | bytes) -> Document:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Document(path=path, name=name)

    return write


@pytest.fixture
def read_all(tmp_path: Path) -> ReadAll:
    """Read the corpus folder: its posts, and what was set aside."""

    def read(settings: SourceSettings | None = None) -> Sorted:
        posts: list[Post] = []
        set_aside: list[SetAside] = []
        for item in read_posts([tmp_path], settings or SourceSettings()):
            if isinstance(item, Post):
                posts.append(item)
            else:
                set_aside.append(item)
        return posts, set_aside

    return read


@pytest.fixture
def pdf_of() -> Callable[..., bytes]:
    """Bytes of a PDF written by hand, one line of text under the other."""
    return make_pdf
