"""Finished evaluations kept as files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.files import write_file
from qa.evaluation.results import Evaluation, EvaluationError
from qa.evaluation.tables import from_json, read_stored, to_json

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)-(.+)-g(\d+)(?:-\d+)?\.json")
_GOLD_CHARACTERS = 40  # of a gold set's name in a file's name


@dataclass(frozen=True)
class Runs:
    """Finished evaluations, each as JSON in a file named by its time, gold set and generation."""

    folder: Path

    def names(self) -> list[str]:
        """File names, the newest first; none where the folder does not exist yet."""
        if not self.folder.is_dir():
            return []
        return sorted((path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)

    def label(self, name: str) -> str:
        """A run's name as people read it."""
        return _NAME.sub(r"\1 \2:\3:\4, \5, generation \6", name)

    def stored(self, name: str) -> Any:
        """A run as `qa.evaluation.tables.to_json` gave it.

        Raises:
            EvaluationError: There is no run of this name, or it cannot be read.
        """
        if name not in self.names():  # so that no name leads out of the folder
            raise EvaluationError("there is no such run", seen=name, remedy="Choose one from the list.")
        return read_stored(self.folder / name)

    def evaluation(self, name: str) -> Evaluation:
        """A run.

        Raises:
            EvaluationError: There is no run of this name, or it cannot be read.
        """
        return from_json(self.stored(name), where=name)

    def keep(self, evaluation: Evaluation) -> str:
        """Write a run, whole or not at all, and return its name.

        Raises:
            EvaluationError: It cannot be written.
        """
        content = json.dumps(to_json(evaluation), indent=1, ensure_ascii=False).encode()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return self._write(content, _stem(evaluation))
        except OSError as error:
            remedy = "Name a file in a folder of your own in QA_FEEDBACK: runs are kept beside it."
            raise EvaluationError("a run cannot be kept", where=self.folder, seen=error, remedy=remedy) from error

    def _write(self, content: bytes, stem: str, number: int = 1) -> str:
        """Write a file of the first free name: runs of the same second get a number."""
        name = f"{stem}.json" if number == 1 else f"{stem}-{number}.json"
        try:
            write_file(self.folder / name, content, replace=False)
        except FileExistsError:
            return self._write(content, stem, number + 1)
        return name


def _stem(evaluation: Evaluation) -> str:
    gold = re.sub(r"[^A-Za-z0-9._-]+", "-", evaluation.gold.rpartition("/")[2])[:_GOLD_CHARACTERS].strip("-.")
    generation = max(evaluation.generations, default=0)
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}-{gold or 'gold'}-g{generation}"
