"""CLAP NQ's annotated files as rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.reader.clapnq import rows

SENTENCES = ["The mill grinds rye .", "It was built in 1911 ."]


def _file(folder: Path, *outputs: dict[str, Any]) -> Path:
    passages = [{"title": "The mill", "sentences": SENTENCES}]
    lines = [{"input": "what does it grind", "passages": passages, "output": [output]} for output in outputs]
    path = folder / "annotated.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _answers(row: dict[str, Any]) -> list[str]:
    return [row["passage"][answer["start"] : answer["end"]] for answer in row["answers"]]


def test_the_selected_sentences_are_the_answers(tmp_path: Path) -> None:
    (row,) = rows([_file(tmp_path, {"answer": "Rye.", "selected_sentences": [f"{SENTENCES[0]} &"]})])
    assert _answers(row) == [SENTENCES[0]]


def test_a_question_without_an_answer_has_none(tmp_path: Path) -> None:
    (row,) = rows([_file(tmp_path, {"answer": "", "selected_sentences": []})])
    assert row["answers"] == []


def test_an_answer_whose_sentences_are_not_in_the_passage_is_left_out(tmp_path: Path) -> None:
    assert list(rows([_file(tmp_path, {"answer": "Rye.", "selected_sentences": ["Something else ."]})])) == []
