"""Builders that are really killed: what is read afterwards is the old generation or the new one, whole."""

from __future__ import annotations

import fcntl
import random
import signal

import pytest

from index.errors import IndexBusy
from tests.faults.bench import ALL, Bench
from tests.faults.builders import STEPS
from tests.stand_ins import build_small

pytestmark = pytest.mark.faults

KILLS = 200 if ALL else 20
COMMITTED = ("old generations are removed", "the checkpoint is removed")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_builder_killed_at_a_step_leaves_a_whole_generation(bench: Bench, step: str, after: bool) -> None:
    died = bench.build(step=step, after=after)
    assert died.code == -signal.SIGKILL, died.message
    published = step in COMMITTED or (step == "CURRENT is replaced" and after)
    assert bench.edition() == ((2, True) if published else (1, False))
    bench.must_go_on()


def test_builders_killed_at_random_moments_leave_a_whole_generation_each_time(bench: Bench) -> None:
    whole = max(bench.build().seconds for _ in range(3))
    moments = random.Random(7)  # noqa: S311  # moments, not secrets
    killed = 0
    for _ in range(KILLS):
        before = bench.edition()
        died = bench.build(seconds=moments.uniform(0, whole * 1.1))
        assert died.code in {-signal.SIGKILL, 0}, died.message
        killed += died.code != 0
        generation, second = bench.edition()
        assert (generation, second) == before or (generation > before[0] and second)
        if moments.random() < 0.2:
            build_small(bench.root)
            assert bench.edition()[1] is False
    assert killed > KILLS / 2
    bench.must_go_on()


def test_a_second_builder_ends_at_once_and_names_the_first(bench: Bench) -> None:
    with (bench.root / "write.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate()
        lock.write("4242\n")
        lock.flush()
        with pytest.raises(IndexBusy, match=r"locked by pid 4242: .* in .*Wait for it"):
            build_small(bench.root)
        assert bench.build().code == 3
    build_small(bench.root)


def test_the_lock_of_a_killed_builder_is_free_at_once(bench: Bench) -> None:
    assert bench.build(step="chunks are encoded").code == -signal.SIGKILL
    assert bench.build().code == 0
