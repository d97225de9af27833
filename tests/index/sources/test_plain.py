"""Plain text files: one post, or a bundle."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.records import Document
from index.settings import SourceSettings
from index.sources.plain import read

Written = Callable[[str, str | bytes], Document]


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("A title\n\nThe body.\nMore.", "A title", "The body.\nMore."),
        ("\n\n  A title  \n \nThe body.", "A title", "The body."),
        ("First line of a paragraph\nthat goes on.\n\nMore.", "notes", None),
        ("x" * 121 + "\n\nThe body.", "notes", None),
        ("Only one line", "notes", None),
        ("Only one line\n\n", "notes", None),
        ("", "notes", None),
        ("The gate opens at nine.\n\nBran is free.", "The gate opens at nine.", None),
        ("Moved my goats to Porto\n\nSold the boat", "Moved my goats to Porto", None),
        ("水車小屋は1744年に開業した。\n\n料金は500円です。", "水車小屋は1744年に開業した。", None),
        ("ประภาคารสร้างในปี 1874\n\nค่าเข้าชม 30 บาท", "ประภาคารสร้างในปี 1874", None),
        ("How deep is the lake?\n\nForty metres.", "How deep is the lake?", "Forty metres."),
        ("The mill\n\n" + "rye and oats " * 9, "The mill", "rye and oats " * 9),
    ],
)
def test_a_short_first_line_that_stands_alone_is_the_title(
    written: Written, text: str, title: str, body: str | None
) -> None:
    (draft,) = read(written("notes.txt", text), SourceSettings())
    assert draft.title == title
    assert draft.body.strip() == (text if body is None else body).strip()


def test_a_bundle_gives_a_draft_for_each_of_its_posts(written: Written) -> None:
    bundle = "One title here\n\nBody one.\n\nRead More\n\nAnother title\n\nBody two.\n\nRead More\n"
    drafts = list(read(written("bundle.txt", bundle), SourceSettings()))
    assert [draft.title for draft in drafts] == ["One title here", "Another title"]
    assert all(draft.place.startswith("#L") for draft in drafts)
