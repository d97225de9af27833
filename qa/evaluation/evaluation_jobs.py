"""Evaluations beside the chat: one at a time in a thread, with its progress visible and its result kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa.evaluation.gold import GoldSet
from qa.evaluation.results import EvaluationError
from qa.evaluation.runner import Evaluated, evaluate
from qa.evaluation.runs import Runs
from qa.jobs import JobBusy, JobRunner, JobState

_STEP = 0.02  # seconds between two checks whether a chat question is being answered
_LONGEST_WAIT = 2.0  # seconds that one question of an evaluation waits for those of the chat


@dataclass(frozen=True)
class EvaluationState(JobState):
    """Progress in questions.

    Attributes:
        gold: The gold set being asked, or asked last.
        run: The name of the finished run.
        stopping: Whether somebody asked to end it.
    """

    gold: str = ""
    run: str | None = None
    stopping: bool = False


class EvaluationJobs(JobRunner[EvaluationState]):
    """Asks an assistant the questions of a gold set, one set at a time.

    Args:
        assistant: Evaluated directly, not through the gate: an evaluation takes no place from those who ask.
        runs: Where finished evaluations are kept.
        busy: Whether a chat question is being answered, which goes first.
    """

    def __init__(self, assistant: Evaluated, runs: Runs, busy: Callable[[], bool] = lambda: False) -> None:
        super().__init__("evaluation", EvaluationState())
        self.runs = runs
        self._assistant = assistant
        self._busy = busy

    def start(self, gold: GoldSet) -> None:
        """Begin, and return at once.

        Raises:
            JobBusy: Another evaluation is running.
        """
        self._begin(EvaluationState(gold=gold.name, total=len(gold.questions)), lambda: self._evaluate(gold), _busy)

    def stop(self) -> None:
        """End the running evaluation after its current question; nothing of it is kept."""
        self._update(stopping=True)

    def _evaluate(self, gold: GoldSet) -> None:
        self._update(run=self.runs.keep(evaluate(self._assistant, gold, progress=self._progress)))

    def _progress(self, done: int, total: int) -> None:
        self._update(done=done, total=total)
        waits = 0.0
        while self._busy() and waits < _LONGEST_WAIT and not self.wait(lambda state: state.stopping, _STEP).stopping:
            waits += _STEP
        if self.state.stopping and done < total:
            raise EvaluationError("stopped; nothing of it was kept")


def _busy(state: EvaluationState) -> JobBusy:
    progress = f"{state.done} of {state.total} questions of {state.gold}"
    return JobBusy(f"another evaluation is running: {progress}", remedy="Wait for it, or stop it.")
