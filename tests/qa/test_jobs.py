"""A job runner: one job at a time, with a state that others read and wait for."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from index.errors import SettingsError
from qa.jobs import JobBusy, JobRunner, JobState


class Runner(JobRunner[JobState]):
    """Runs whatever it is given."""

    def __init__(self) -> None:
        super().__init__("count", JobState())

    def start(self, job: Callable[[], None]) -> None:
        """Begin."""
        self._begin(JobState(total=2), job, lambda state: JobBusy(f"{state.done} of {state.total} done"))

    def progress(self, done: int) -> None:
        """Tell how far the job is."""
        self._update(done=done)


def _ended(runner: Runner) -> JobState:
    return runner.wait(lambda state: not state.running, 30)


def test_progress_is_followed_and_a_second_job_is_refused_until_the_first_ends() -> None:
    runner, proceed = Runner(), Event()

    def job() -> None:
        runner.progress(1)
        assert proceed.wait(30)
        runner.progress(2)

    runner.start(job)
    assert runner.wait(lambda state: state.done == 1, 30).running
    with pytest.raises(JobBusy, match="1 of 2 done"):
        runner.start(job)
    seen = runner.state
    proceed.set()
    assert runner.follow(seen, 30).done == 2
    assert _ended(runner) == JobState(running=False, done=2, total=2, fault=None)
    runner.start(lambda: None)
    assert _ended(runner).done == 0


def test_an_error_of_ours_is_the_fault_and_any_other_is_not_shown() -> None:
    def refuse() -> None:
        raise SettingsError("no such folder", where="/data")

    def crash() -> None:
        raise RuntimeError("secret")

    runner = Runner()
    runner.start(refuse)
    assert _ended(runner).fault == "no such folder in /data."
    runner.start(crash)
    assert _ended(runner).fault == "something went wrong, and the count was not finished"


def test_waiting_ends_when_its_time_is_over() -> None:
    assert Runner().wait(lambda state: state.running, 0.0) == JobState()
