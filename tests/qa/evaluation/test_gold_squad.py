"""SQuAD-style JSON as gold questions and as posts to index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import GoldError
from qa.evaluation.gold import read_gold, squad_posts

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Old_Towns",
            "paragraphs": [
                {
                    "context": "Bath is old.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "Which town is old?",
                            "is_impossible": False,
                            "answers": [
                                {"text": "Bath", "answer_start": 0},
                                {"text": "Bath", "answer_start": 0},
                            ],
                        },
                        {"id": "s2", "question": "How old?", "is_impossible": True, "answers": []},
                    ],
                },
                {
                    "context": "York is older.",
                    "qas": [
                        {
                            "id": "s3",
                            "question": "Which is older?",
                            "answers": [{"text": "York", "answer_start": 0}],
                        }
                    ],
                },
            ],
        }
    ],
}


@pytest.mark.parametrize("indent", [None, 2])
def test_squad_questions_point_to_their_paragraph(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(SQUAD, indent=indent), encoding="utf-8")
    first, impossible, third = read_gold(path).questions
    assert (first.id, first.post_ids, first.answers) == ("s1", ("Old_Towns#0",), ("Bath",))
    assert (impossible.answerable, impossible.post_ids, impossible.kind) == (False, (), "near-miss")
    assert third.post_ids == ("Old_Towns#1",)


def test_squad_paragraphs_become_posts_under_the_ids_of_their_questions(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    assert list(squad_posts(path)) == [
        {"id": "Old_Towns#0", "title": "Old Towns", "text": "Bath is old."},
        {"id": "Old_Towns#1", "title": "Old Towns", "text": "York is older."},
    ]


def test_two_articles_of_one_title_do_not_share_ids(tmp_path: Path) -> None:
    article = {"title": "T", "paragraphs": [{"context": "C", "qas": []}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [article, article]}), encoding="utf-8")
    assert [post["id"] for post in squad_posts(path)] == ["T#0", "T#1"]


def test_a_missing_part_of_a_squad_document_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "T", "paragraphs": [{"qas": []}]}]}), encoding="utf-8")
    with pytest.raises(GoldError, match=r"data\.0\.paragraphs\.0\.context"):
        read_gold(path)
    path.write_text('{\n "data": [', encoding="utf-8")
    with pytest.raises(GoldError, match="not JSON"):
        read_gold(path)
    with pytest.raises(GoldError, match="not JSON"):
        list(squad_posts(path))


def test_posts_of_a_file_that_is_no_squad_document_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"question": "Q?"}', encoding="utf-8")
    with pytest.raises(GoldError, match="no SQuAD document"):
        list(squad_posts(path))
