"""Evaluations beside the chat: one at a time, in a thread of its own, with its progress seen and its end kept."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

from index.errors import PostqaError
from qa.evaluation.gold import GoldSet
from qa.evaluation.results import Evaluation, EvaluationError
from qa.evaluation.runner import Asked, evaluate
from qa.evaluation.tables import from_json, to_json

_LOG = logging.getLogger(__name__)
_RUN = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)-(.+)-g(\d+)(?:-\d+)?\.json")
_NAMED = 40  # characters of a gold set's name in that of a run's file
_BROKEN = "something went wrong, and the evaluation was not finished"
_STEP = 0.02  # seconds between two looks at whether the chat has come to rest
_LONGEST_WAIT = 2.0  # seconds that one question lets those of people go first


class LaboratoryBusy(PostqaError):
    """An evaluation is running already."""


class _Stopped(Exception):
    """Somebody asked for the end of it."""


class Runs:
    """Finished evaluations, each as JSON in a file named by its time, gold set and generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """The newest first; none where nothing was kept yet."""
        if not self.folder.is_dir():
            return []
        return sorted((path.name for path in self.folder.iterdir() if _RUN.fullmatch(path.name)), reverse=True)

    def label(self, name: str) -> str:
        """A run's name as people read it."""
        found = _RUN.fullmatch(name)
        if found is None:
            return name
        day, hour, minute, second, gold, generation = found.groups()
        return f"{day} {hour}:{minute}:{second}, {gold}, generation {generation}"

    def stored(self, name: str) -> dict[str, Any]:
        """What was kept of a run, as `qa.evaluation.tables.to_json` gave it.

        Raises:
            EvaluationError: There is no run of this name, or it cannot be read.
        """
        if name not in self.names():  # so that no name leads out of the folder
            raise EvaluationError("there is no such run", seen=name, remedy="Choose one from the list.")
        path = self.folder / name
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EvaluationError("a run cannot be read", where=path, seen=error, remedy="Run it again.") from error
        if not isinstance(told, dict):
            raise EvaluationError("a run is no JSON object", where=path, remedy="Run it again.")
        return told

    def evaluation(self, name: str) -> Evaluation:
        """A run.

        Raises:
            EvaluationError: There is no run of this name, or it cannot be read.
        """
        return from_json(self.stored(name), where=name)

    def keep(self, evaluation: Evaluation) -> str:
        """Write a run, whole or not at all; gives its name.

        Raises:
            EvaluationError: It cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".run-") as beside:
                made = Path(beside) / "run.json"
                made.write_text(json.dumps(to_json(evaluation), indent=1, ensure_ascii=False), encoding="utf-8")
                return self._linked(made, _named(evaluation))
        except OSError as error:
            remedy = "Name a file in a folder of your own in QA_FEEDBACK: runs are kept beside it."
            raise EvaluationError("a run cannot be kept", where=self.folder, seen=error, remedy=remedy) from error

    def _linked(self, made: Path, stem: str) -> str:
        number, name = 1, f"{stem}.json"
        while True:
            try:
                os.link(made, self.folder / name)
            except FileExistsError:
                number += 1
                name = f"{stem}-{number}.json"
            else:
                return name


@dataclass(frozen=True)
class State:
    """Where the laboratory stands.

    Attributes:
        gold: The set that is asked, or was last.
        run: The name of the finished run.
        fault: Why it ended without one.
    """

    gold: str = ""
    done: int = 0
    total: int = 0
    running: bool = False
    run: str | None = None
    fault: str | None = None


class Laboratory:
    """Asks an assistant the questions of a gold set, one set at a time.

    Args:
        assistant: Asked directly, behind no gate: an evaluation takes no place from those who ask.
        busy: Whether somebody else's question is being worked on, which goes first.
    """

    def __init__(self, assistant: Asked, runs: Runs, busy: Callable[[], bool] = lambda: False) -> None:
        self.runs = runs
        self._assistant = assistant
        self._busy = busy
        self._stop = Event()
        self._changed = Condition()
        self._state = State()

    @property
    def state(self) -> State:
        """As it is now."""
        return self._state

    def start(self, gold: GoldSet) -> None:
        """Begin, and return at once.

        Raises:
            LaboratoryBusy: Another one is running.
        """
        with self._changed:
            now = self._state
            if now.running:
                raise LaboratoryBusy(
                    f"another evaluation is running: {now.done} of {now.total} questions of {now.gold}",
                    remedy="Wait for it, or stop it.",
                )
            self._stop.clear()
            self._state = State(gold.name, 0, len(gold.questions), running=True)
        Thread(target=self._run, args=(gold,), name="evaluation", daemon=True).start()

    def stop(self) -> None:
        """End the one that runs after the question it is at; nothing of it is kept."""
        self._stop.set()

    def follow(self, seen: State, patience: float) -> State:
        """The state as soon as it is another than the one seen, or as it is when patience (seconds) ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._state != seen, patience)
            return self._state

    def _run(self, gold: GoldSet) -> None:
        try:
            run = self.runs.keep(evaluate(self._assistant, gold, progress=self._tell))
        except _Stopped:
            self._become(running=False, fault="stopped; nothing of it was kept")
        except PostqaError as error:
            self._become(running=False, fault=str(error))
        except Exception:  # the thread's last line: what is running must not be said to run for ever
            _LOG.exception("an evaluation failed")
            self._become(running=False, fault=_BROKEN)
        else:
            self._become(running=False, run=run)

    def _tell(self, done: int, total: int) -> None:
        self._become(done=done, total=total)
        waits = 0.0
        while self._busy() and waits < _LONGEST_WAIT and not self._stop.wait(_STEP):
            waits += _STEP
        if self._stop.is_set() and done < total:
            raise _Stopped

    def _become(self, **changed: Any) -> None:
        with self._changed:
            self._state = replace(self._state, **changed)
            self._changed.notify_all()


def _named(evaluation: Evaluation) -> str:
    gold = re.sub(r"[^A-Za-z0-9._-]+", "-", evaluation.gold.rpartition("/")[2])[:_NAMED].strip("-.") or "gold"
    generation = max(evaluation.generations, default=0)
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}-{gold}-g{generation}"
