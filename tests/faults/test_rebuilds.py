"""Rebuilds while people ask: no failed question, and no answer out of two generations."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa import Assistant
from tests.faults.bench import ALL, Bench
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

pytestmark = pytest.mark.faults

REBUILDS = 50 if ALL else 8


def test_answers_under_rebuilds_come_from_one_generation_each(bench: Bench) -> None:
    """Generations with even numbers are of the second edition, others of the first."""
    finished = threading.Event()

    def ask(assistant: Assistant) -> list[tuple[int, set[bool]]]:
        found = []
        while not finished.is_set():
            answer = assistant.ask("Who built the lighthouse on Gull Rock?")
            cited = {"A second edition." in citation.post.body for citation in answer.citations}
            found.append((answer.generation, cited | {"A second edition." in one.post.body for one in answer.passages}))
        return found

    with (
        Assistant(bench.root, encoder=WordHashEncoder(), weights=plain_weights()) as assistant,
        ThreadPoolExecutor(8) as pool,
    ):
        asking = [pool.submit(ask, assistant) for _ in range(8)]
        for number in range(2, REBUILDS + 2):
            if number % 2:
                build_small(bench.root)
            else:
                assert bench.build().code == 0
        finished.set()
        answers = [one for asked in asking for one in asked.result()]
    assert all(editions == {generation % 2 == 0} for generation, editions in answers)
    assert len({generation for generation, _ in answers}) > REBUILDS / 2
