"""Documents made on the spot, and a way to read a folder in one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.records import Document, Post, SetAside
from index.settings import SourceSettings
from index.sources.posts import read_posts

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
        asides: list[SetAside] = []
        for item in read_posts([tmp_path], settings or SourceSettings()):
            if isinstance(item, Post):
                posts.append(item)
            else:
                asides.append(item)
        return posts, asides

    return read


@pytest.fixture
def pdf_of() -> Callable[..., bytes]:
    """Bytes of a PDF written by hand, one line of text under the other."""
    return _pdf_of


def _pdf_of(*pages: list[str], title: str = "", author: str = "") -> bytes:
    contents = [_page_content(lines) for lines in pages]
    first = 5  # objects 1 to 4 are catalog, pages, font and metadata
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /Author ({author}) >>".encode(),
    ]
    for at, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * at + 1} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _assembled(objects)


def _page_content(lines: list[str]) -> bytes:
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    return f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1") if lines else b""


def _assembled(objects: list[bytes]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, rows, trailer)
