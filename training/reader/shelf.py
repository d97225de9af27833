"""What training and measurement read: passages as units, and questions with the passages that go with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qa.reading.windows import Unit


@dataclass(frozen=True)
class StoredPassage:
    """A passage as the index cuts it: what the reader is given of it."""

    context: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Candidate:
    """A passage retrieved for a question: its key, the ranking's score, and the ranking's score of each unit."""

    key: str
    score: float
    unit_scores: tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """A question with its passages, by their keys.

    Attributes:
        gold: Passages that answer, with the places of the units that do.
        ignored: Units that hold the answer's words elsewhere: neither right nor wrong.
        same: Other passages of the same post.
        near: Passages on the same subject that do not answer.
        retrieved: What the project's retrieval returns, best first; for training without what may answer.
        answerable: False for a question that its posts do not answer.
        confidence: What the project says without the reader; known of development questions only.
    """

    id: str
    source: str
    question: str
    gold: dict[str, list[int]]
    ignored: dict[str, list[int]] = field(default_factory=dict)
    same: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    retrieved: list[Candidate] = field(default_factory=list)
    answerable: bool = True
    confidence: float = 0.0

    def passage_keys(self) -> list[str]:
        """Of all its passages."""
        return [*self.gold, *self.same, *self.near, *(candidate.key for candidate in self.retrieved)]

    def under(self, name: str) -> Question:
        """The same with every passage's key behind a name and a slash."""
        return replace(
            self,
            gold={f"{name}/{key}": places for key, places in self.gold.items()},
            ignored={f"{name}/{key}": places for key, places in self.ignored.items()},
            same=[f"{name}/{key}" for key in self.same],
            near=[f"{name}/{key}" for key in self.near],
            retrieved=[replace(candidate, key=f"{name}/{candidate.key}") for candidate in self.retrieved],
        )


class Shelf:
    """Passages by key and questions, kept in two JSON Lines files of a folder."""

    def __init__(self) -> None:
        self.passages: dict[str, StoredPassage] = {}
        self.questions: list[Question] = []

    def save(self, folder: Path) -> None:
        """Write both files; a shelf that is there is replaced."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "passages.jsonl", (_passage_fields(key, passage) for key, passage in self.passages.items()))
        _write(folder / "questions.jsonl", map(_question_fields, self.questions))

    @classmethod
    def load(cls, folder: Path) -> Shelf:
        """Read both files."""
        shelf = cls()
        for fields in _read(folder / "passages.jsonl"):
            units = tuple(Unit(start, end, text, scored) for start, end, text, scored in fields["units"])
            shelf.passages[fields["key"]] = StoredPassage(fields["context"], units)
        for fields in _read(folder / "questions.jsonl"):
            retrieved = [Candidate(key, score, tuple(scores)) for key, score, scores in fields.pop("retrieved")]
            shelf.questions.append(Question(**fields, retrieved=retrieved))
        return shelf


def _passage_fields(key: str, passage: StoredPassage) -> dict[str, Any]:
    units = [[unit.start, unit.end, unit.text, unit.is_scored] for unit in passage.units]
    return {"key": key, "context": passage.context, "units": units}


def _question_fields(question: Question) -> dict[str, Any]:
    retrieved = [[candidate.key, candidate.score, candidate.unit_scores] for candidate in question.retrieved]
    return {**vars(question), "retrieved": retrieved}


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
