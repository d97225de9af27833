"""JSON Lines: a line a post, a bad line set aside, memory bounded."""

from __future__ import annotations

import codecs
import json
import tracemalloc
from collections.abc import Callable

import pytest

from index.errors import SourceError
from index.records import Document, NotPublished, SetAside
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.jsonl import read

Written = Callable[[str, str | bytes], Document]

SETTINGS = SourceSettings()


def items(written: Written, text: str | bytes, settings: SourceSettings = SETTINGS) -> list[DraftPost | SetAside]:
    return list(read(written("a.jsonl", text), settings))


def test_every_field_is_taken_and_unknown_keys_are_ignored(written: Written) -> None:
    record = {
        "id": "p-1",
        "title": "T",
        "text": "Body.",
        "url": "https://e.org",
        "authors": ["A", "B"],
        "published": "2024-03-02",
        "publisher": "P",
        "language": "en",
        "score": {"unknown": [1]},
    }
    (draft,) = items(written, json.dumps(record))
    assert draft == DraftPost(
        id="p-1",
        title="T",
        body="Body.",
        url="https://e.org",
        authors=("A", "B"),
        published="2024-03-02",
        publisher="P",
        language="en",
        place="#L1",
    )


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ('{"_id": "x", "text": "t"}', "id", "x"),
        ('{"id": 42, "text": "t"}', "id", "42"),
        ('{"id": 0, "_id": "x", "text": "t"}', "id", "0"),
        ('{"id": null, "_id": "x", "text": "t"}', "id", "x"),
        ('{"text": "t", "authors": "A B"}', "authors", ("A B",)),
        ('{"text": "t", "authors": null}', "authors", ()),
        ('{"text": "t", "published": NaN}', "published", None),
        ('{"text": "t", "published": 1e999}', "published", None),
        ('{"text": "The first words of it"}', "title", "The first words of it"),
        ('{"text": "t", "title": "\\ud800"}', "title", "t"),
        ('{"text": "a\\u0000b"}', "body", "a\0b"),
        ('{"text": "raw \t tab"}', "body", "raw \t tab"),
        ('{"text": "\\ud83d\\udc4b"}', "body", "👋"),
    ],
)
def test_values_are_taken_as_they_are_meant(written: Written, record: str, field: str, value: object) -> None:
    (draft,) = items(written, record)
    assert getattr(draft, field) == value


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "not JSON"),
        (b'{"text": "cut', "not JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"title": "T"}', 'no "text"'),
        (b'{"text": null}', 'no "text"'),
        (b'{"text": 5}', '"text" is not a string (seen: int 5)'),
        (b'{"text": ["a"]}', '"text" is not a string'),
        (b'{"text": "t", "title": {}}', '"title" is not a string'),
        (b'{"text": "t", "id": true}', '"id" is not a string'),
        (b'{"text": "t", "id": 1.5}', '"id" is not a string'),
        (b'{"text": "t", "url": 1}', '"url" is not a string'),
        (b'{"text": "t", "authors": {"a": 1}}', '"authors" is not a list of strings'),
        (b'{"text": "t", "authors": [1]}', '"authors" is not a list of strings'),
        (b'{"text": "t \xff"}', "invalid UTF-8 at byte 12 "),
        (b"[" * 100_000, "JSON nested too deeply"),
        (b'{"id": ' + b"9" * 5_000 + b', "text": "t"}', "not JSON"),
    ],
)
def test_a_bad_line_is_set_aside_with_its_number_and_reason(written: Written, line: bytes, reason: str) -> None:
    bad, good = items(written, line + b'\n{"text": "good"}')
    assert isinstance(bad, SetAside)
    assert isinstance(good, DraftPost)
    assert bad.origin.endswith("a.jsonl#L1")
    assert bad.reason.startswith(reason)
    assert (good.body, good.place) == ("good", "#L2")


def test_offsets_of_bad_bytes_count_from_the_start_of_the_file(written: Written) -> None:
    _, bad = items(written, codecs.BOM_UTF8 + b'{"text": "a"}\n{"text": "\xff"}')
    assert isinstance(bad, SetAside)
    assert "at byte 27 " in bad.reason


def test_blank_lines_windows_newlines_and_a_byte_order_mark_are_no_harm(written: Written) -> None:
    drafts = items(written, codecs.BOM_UTF8 + b'{"text": "a"}\r\n\r\n  \n{"text": "b"}')
    assert [item.place for item in drafts if isinstance(item, DraftPost)] == ["#L1", "#L4"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_refused(written: Written, encoding: str) -> None:
    with pytest.raises(SourceError, match=r"must be UTF-8.*Save it as UTF-8"):
        items(written, '{"text": "a"}\n'.encode(encoding))


def test_a_line_over_the_cap_is_set_aside_and_never_held_whole(written: Written) -> None:
    line = b'{"text": "' + b"x" * 20_000_000 + b'"}'
    document = written("a.jsonl", line + b'\n{"text": "good"}\n' + line)
    tracemalloc.start()
    first, good, last = read(document, SourceSettings(max_line_bytes=100_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, SetAside)
    assert isinstance(last, SetAside)
    assert "line longer than 100,000 bytes" in first.reason
    assert isinstance(good, DraftPost)
    assert (good.place, last.origin[-3:]) == ("#L2", "#L3")
    assert peak < 2_000_000


def test_a_line_of_exactly_the_cap_is_read(written: Written) -> None:
    line = b'{"text": "a"}'
    assert len(items(written, line + b"\n" + line, SourceSettings(max_line_bytes=len(line) + 1))) == 2
    assert all(isinstance(item, DraftPost) for item in items(written, line, SourceSettings(max_line_bytes=len(line))))


def test_a_file_that_grows_while_it_is_read_is_an_error_in_the_end(written: Written) -> None:
    document = written("a.jsonl", '{"text": "a"}\n{"text": "b"}\n')
    reading = read(document, SETTINGS)
    next(iter(reading))
    with document.path.open("a") as file:
        file.write('{"text": "c"}\n')
    with pytest.raises(SourceError, match="changed while it was read"):
        list(reading)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ('"draft": true', "draft: true"),
        ('"status": "Draft"', "status: Draft"),
        ('"visibility": "private"', "visibility: private"),
        ('"published": false', "published: false"),
        ('"draft": false, "status": "publish", "published": "2999-01-01"', None),
        ('"list": false, "password": "x", "date": "2999-01-01"', None),
    ],
)
def test_what_an_export_says_is_not_published_is_left_out(written: Written, state: str, reason: str | None) -> None:
    document = written("2999-01-01-a.jsonl", f'{{"text": "The safe code is 4711.", {state}}}\n')
    (item,) = read(document, SourceSettings())
    assert (item.reason if isinstance(item, NotPublished) else None) == reason
    (draft,) = read(document, SourceSettings(drafts=True))
    assert isinstance(draft, DraftPost)
