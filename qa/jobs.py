"""Background jobs: one at a time, in a thread that changes a state which others read and wait for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition, Thread
from typing import Any, Generic, TypeVar

from index.errors import PostqaError

_LOG = logging.getLogger(__name__)


class JobBusy(PostqaError):
    """Another job of the same runner has not ended yet."""


@dataclass(frozen=True)
class JobState:
    """What a job has done so far; runners add what their jobs produce.

    Attributes:
        fault: Why the last job ended early.
    """

    running: bool = False
    done: int = 0
    total: int | None = None
    fault: str | None = None


State = TypeVar("State", bound=JobState)


class JobRunner(Generic[State]):
    """Runs one job at a time; its state is always the whole truth about the running or the last job.

    Args:
        name: Of a job, for its thread and for error texts.
        idle: The state before the first job.
    """

    def __init__(self, name: str, idle: State) -> None:
        self._name = name
        self._state = idle
        self._changed = Condition()

    @property
    def state(self) -> State:
        """The state now."""
        return self._state

    def wait(self, until: Callable[[State], bool], timeout: float) -> State:
        """The state as soon as it meets a condition, or as it is after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: until(self._state), timeout)
            return self._state

    def follow(self, seen: State, timeout: float) -> State:
        """The state as soon as it differs from the one seen, or as it is after `timeout` seconds."""
        return self.wait(lambda state: state != seen, timeout)

    def _begin(self, first: State, job: Callable[[], None], busy: Callable[[State], JobBusy]) -> None:
        """Start a job in a thread and return at once; `busy` makes the error where another one is running."""
        with self._changed:
            if self._state.running:
                raise busy(self._state)
            self._state = replace(first, running=True)
        Thread(target=self._run, args=(job,), name=self._name, daemon=True).start()

    def _run(self, job: Callable[[], None]) -> None:
        fault = None
        try:
            job()
        except PostqaError as error:
            fault = str(error)
        except Exception:  # the last frame of the thread: a job that failed must not be reported as running for ever
            _LOG.exception("%s failed", self._name)
            fault = f"something went wrong, and the {self._name} was not finished"
        self._update(running=False, fault=fault)

    def _update(self, **changes: Any) -> None:
        with self._changed:
            self._state = replace(self._state, **changes)
            self._changed.notify_all()
