"""Rows of the data files in the form in which posts are indexed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.reader.rows import laid_out, read_rows
from training.reader.sources import SOURCES, Layout, Origin, Role, source_of


def _file(folder: Path, **fields: object) -> Path:
    row = {"id": "r1", "source": "s", "question": "How?", "title": "T", "passage": "One. Two.", "answers": [], **fields}
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def test_answers_keep_their_words_when_lines_become_paragraphs_and_code(tmp_path: Path) -> None:
    passage = "Install it:\npip install tool\nThen rest."
    spans = [{"start": 0, "end": 11}, {"start": 12, "end": 28}]
    (row,) = read_rows(_file(tmp_path, passage=passage, answers=spans), Layout.COMMANDS)
    assert row.answer_texts == ["Install it:", "pip install tool"]


@pytest.mark.parametrize("layout", list(Layout))
def test_every_character_is_found_again_at_its_place(layout: Layout) -> None:
    passage = "What it does.\nRun all:\nrun --all\n\nimport os\nx = 1\nThe end."
    body, places = laid_out(passage, layout)
    assert all(body[place] == letter for letter, place in zip(passage, places, strict=False) if letter != "\n")


def test_a_command_stands_in_a_fence_of_its_own() -> None:
    body, _ = laid_out("What it does.\nRun all:\nrun --all", Layout.COMMANDS)
    assert "```\nrun --all\n```" in body


def test_an_answer_beyond_its_passage_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 1"):
        list(read_rows(_file(tmp_path, answers=[{"start": 0, "end": 99}]), Layout.MARKDOWN))


def test_a_row_without_answers_is_not_answered(tmp_path: Path) -> None:
    (row,) = read_rows(_file(tmp_path), Layout.MARKDOWN)
    assert row.answers == ()


def test_a_source_without_a_licence_is_not_trained_on() -> None:
    assert SOURCES["squadshifts-new-wiki"].role is Role.EXCLUDED


def test_a_further_source_was_written_for_training_unless_it_is_held_out() -> None:
    assert source_of("a-blog").origin is Origin.WRITTEN
    assert source_of("a-blog", held_out=frozenset({"a-blog"})).role is Role.HELD_OUT
