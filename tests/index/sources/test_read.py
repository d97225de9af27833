"""From folders to posts: ids, languages, one clean form, and everything bad set aside."""

from __future__ import annotations

import json
import os
import re
import socket
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import CorpusError
from index.records import Document, Post, SetAside
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.read import read_posts

Written = Callable[[str, str | bytes], Document]
ReadAll = Callable[..., tuple[list[Post], list[SetAside]]]


def test_a_post_carries_its_origin_and_an_id_from_title_and_place(written: Written, read_all: ReadAll) -> None:
    document = written("sub/a.md", "# Grüße, World!\n\nThis is a body in plain English words.")
    ((post,), _) = read_all()
    assert re.fullmatch(r"grusse-world-[0-9a-f]{8}", post.id)
    assert post.origin == str(document.path)
    assert (post.title, post.language) == ("Grüße, World!", "en")


def test_ids_do_not_depend_on_where_the_folder_lies(tmp_path: Path, written: Written) -> None:
    for folder in ("here", "there"):
        written(f"{folder}/a.md", "# Title\n\nBody.")
    ids = [
        post.id
        for folder in ("here", "there")
        for post in read_posts([tmp_path / folder], SourceSettings())
        if isinstance(post, Post)
    ]
    assert ids[0] == ids[1]


def test_the_same_title_twice_in_a_document_gives_two_ids(written: Written, read_all: ReadAll) -> None:
    written("a.jsonl", "\n".join(json.dumps({"title": "T", "text": text}) for text in "abc"))
    posts, _ = read_all()
    first, second, third = (post.id for post in posts)
    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_a_given_id_is_kept_as_it_is(written: Written, read_all: ReadAll) -> None:
    written("a.jsonl", '{"id": "Odd/ID 7", "text": "a"}\n{"id": "Odd/ID 7", "text": "b"}\n{"id": "", "text": "c"}')
    posts, _ = read_all()
    assert [post.id for post in posts[:2]] == ["Odd/ID 7", "Odd/ID 7"]
    assert posts[2].id.startswith("c-")


@pytest.mark.parametrize(("title", "slug"), [("日本語", "post"), ("x" * 200, "x" * 60), ("A—B & c", "a-b-c")])
def test_slugs_are_short_ascii_words(written: Written, read_all: ReadAll, title: str, slug: str) -> None:
    written("a.jsonl", json.dumps({"title": title, "text": "body"}))
    ((post,), _) = read_all()
    assert re.fullmatch(rf"{slug}-[0-9a-f]{{8}}", post.id)


@pytest.mark.parametrize(
    ("stated", "body", "language"),
    [
        ("pt-BR", "Anything", "pt"),
        ("English", "Este es un texto escrito en español para la prueba.", "es"),
        (None, "Dies ist ein Text, der auf Deutsch geschrieben wurde.", "de"),
        (None, "12 + 34 = 46", "und"),
    ],
)
def test_language_is_the_one_stated_or_else_detected(
    written: Written, read_all: ReadAll, stated: str | None, body: str, language: str
) -> None:
    written("a.jsonl", json.dumps({"text": body, "language": stated}))
    ((post,), _) = read_all()
    assert post.language == language


def test_every_field_is_clean(written: Written, read_all: ReadAll) -> None:
    dirty = "a\u202e\0b\ud800 e\u0301"
    record = dict.fromkeys(["title", "text", "publisher", "id"], dirty)
    written(
        "a.jsonl",
        json.dumps({**record, "authors": [dirty, "\0"], "url": "javascript:x", "published": "soon"}),
    )
    ((post,), _) = read_all()
    assert post.title == post.body == post.publisher == post.id == "ab é"
    assert post.authors == ("ab é",)
    assert post.url is None
    assert post.published is None
    post.model_dump_json().encode()


def test_composed_and_decomposed_letters_give_the_same_post(written: Written, read_all: ReadAll) -> None:
    text = "# Crème brûlée\n\nÀ la carte, déjà vu."
    written("a.md", unicodedata.normalize("NFC", text))
    composed = read_all()
    written("a.md", unicodedata.normalize("NFD", text))
    assert read_all() == composed


def test_a_megabyte_with_no_space_is_a_post(written: Written, read_all: ReadAll) -> None:
    written("a.txt", "x" * 1_000_000)
    ((post,), _) = read_all()
    assert len(post.body) == 1_000_000


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "no text"),
        ("a.txt", b" \n\0\n", "no text"),
        ("a.html", b"", "no text"),
        ("a.jsonl", b"", "no post in it"),
        ("a.jsonl", b'{"text": " "}', "no text"),
        ("a.rss", b"", "not an RSS or Atom feed"),
        ("a.rss", b"<rss version='2.0'><channel><title>t</title></channel></rss>", "no post in it"),
        ("a.pdf", b"", "a broken PDF"),
        ("a.md", b"caf\xe9", "invalid UTF-8 at byte 3"),
        ("a.html", b"<div>" * 100_000, "HTML nested deeper"),
        ("a.md", b"---\na: [\n---\n", "no text"),
        ("a.doc", b"x", "no reader for .doc"),
    ],
)
def test_a_bad_document_is_set_aside_with_its_reason_and_the_next_one_read(
    written: Written, read_all: ReadAll, name: str, content: bytes, reason: str
) -> None:
    written(name, content)
    written("z.md", "Good.")
    posts, set_aside = read_all()
    assert [post.body for post in posts] == ["Good."]
    (bad,) = set_aside
    assert bad.reason.startswith(reason)
    assert name in bad.origin


def test_a_file_over_the_cap_is_set_aside(written: Written, read_all: ReadAll) -> None:
    written("a.md", "more than ten bytes")
    posts, (bad,) = read_all(SourceSettings(max_document_bytes=10))
    assert posts == []
    assert "larger than 10 bytes" in bad.reason


def test_a_file_that_changes_while_it_is_read_is_set_aside(written: Written, tmp_path: Path) -> None:
    document = written("a.jsonl", '{"text": "a"}\n{"text": "b"}\n')
    reading = read_posts([tmp_path], SourceSettings())
    next(reading)
    document.path.write_text("other")
    *_, last = reading
    assert not isinstance(last, Post)
    assert "changed while it was read" in last.reason


def test_an_error_of_the_machine_is_not_swallowed(
    written: Written, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(_document: Document, _settings: SourceSettings) -> Iterator[DraftPost]:
        raise MemoryError

    monkeypatch.setattr("index.sources.markdown.read", exhausted)
    written("a.md", "x")
    with pytest.raises(MemoryError):
        read_all()


def test_a_missing_source_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="gone"):
        list(read_posts([tmp_path / "gone"], SourceSettings()))


def test_posts_come_one_by_one(written: Written, tmp_path: Path) -> None:
    written("a.md", "First.")
    written("b.md", "Second.")
    reading = read_posts([tmp_path], SourceSettings())
    next(reading)
    (tmp_path / "b.md").write_text("Changed before its turn.")
    assert [post.body for post in reading if isinstance(post, Post)] == ["Changed before its turn."]


def test_a_mixed_folder_is_read_without_any_network(
    written: Written,
    read_all: ReadAll,
    pdf_of: Callable[..., bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*address: object) -> None:
        raise AssertionError(f"the network was asked for {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    written("1.md", "---\ntitle: One\nurl: https://example.org\n---\nBody one.")
    written("2.txt", "Two\n\nBody two.")
    written(
        "3.html",
        '<html><head><link rel="stylesheet" href="https://example.org/x.css"></head><p>Three.</p></html>',
    )
    entries = "<item><title>Four</title><description>4</description></item><item><title>Empty</title></item>"
    written("4.rss", f"<rss version='2.0'><channel>{entries}</channel></rss>")
    written("5.jsonl", '{"text": "Five."}\n{"text": 5}\n{"text": "Five again."}\n')
    written("6/6.pdf", pdf_of(["Six in a PDF."]))
    written("7.bin", b"\0\1")
    written("8.md", b"\xff")
    written(".hidden.md", "hidden")
    os.mkfifo(tmp_path / "9.md")
    posts, set_aside = read_all()
    assert sorted(post.body[:3] for post in posts) == sorted(["Bod", "Bod", "Thr", "4", "Fiv", "Fiv", "Six"])
    assert len(set_aside) == 5  # an empty entry, a bad line, a suffix, bad bytes, a pipe
    assert len({post.id for post in posts}) == len(posts)
