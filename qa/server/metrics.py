"""What a machine that watches the server can read, in Prometheus' form."""

from __future__ import annotations

from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from index.errors import PostqaError
from qa.answer import Answer
from qa.assistant import Assistant

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Watched(Protocol):
    """What questions go through."""

    assistant: Assistant

    @property
    def inside(self) -> int:
        """How many questions are worked on or wait."""


class Metrics:
    """Counts of one server; several in one process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = Counter(
            "postqa_questions", "Questions by what became of them.", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "postqa_question_seconds", "From a question to its answer.", buckets=_SECONDS, registry=self._registry
        )
        self._requests = Counter("postqa_requests", "Requests by status.", ["status"], registry=self._registry)
        self._inside = self._gauge("postqa_questions_inside", "Questions worked on or waiting.")
        self._generation = self._gauge("postqa_generation", "The generation that answers.")
        self._degraded = self._gauge("postqa_degraded", "1 while an older generation answers for a damaged one.")

    def follow(self, gate: Watched) -> None:
        """Read the gauges off a gate from now on."""
        self._inside.set_function(lambda: gate.inside)
        self._generation.set_function(lambda: gate.assistant.index.manifest.generation)
        self._degraded.set_function(lambda: float(gate.assistant.degraded is not None))

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count an answer or a refusal."""
        self._questions.labels("answered" if answer.answered else "refused").inc()
        self._seconds.observe(seconds)

    def failed(self, error: Exception) -> None:
        """Count a question without an answer, by the name of its error."""
        self._questions.labels(type(error).__name__ if isinstance(error, PostqaError) else "error").inc()

    def left(self) -> None:
        """Count a question whose asker did not wait for the answer."""
        self._questions.labels("left").inc()

    def requested(self, status: int) -> None:
        """Count a request."""
        self._requests.labels(str(status)).inc()

    def text(self) -> bytes:
        """Everything counted so far."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, registry=self._registry)
