"""What can be measured of the server, in the format of Prometheus."""

from __future__ import annotations

from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from index.errors import PostqaError
from qa.answer import Answer
from qa.assistant import Assistant

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Watched(Protocol):
    """What admits questions."""

    assistant: Assistant

    @property
    def admitted(self) -> int:
        """How many questions are worked on or wait."""


class Metrics:
    """Counts of one server; several in one process do not mix."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._questions = Counter("postqa_questions", "Questions by their outcome.", ["outcome"], registry=registry)
        self._seconds = Histogram(
            "postqa_question_seconds", "From a question to its answer.", buckets=_SECONDS, registry=registry
        )
        self._requests = Counter("postqa_requests", "Requests by status.", ["status"], registry=registry)

    def follow(self, gate: Watched) -> None:
        """Read the gauges off a gate from now on."""
        self._gauge("questions_inside", "Questions worked on or waiting.").set_function(lambda: gate.admitted)
        self._gauge("generation", "The generation that answers.").set_function(
            lambda: gate.assistant.index.manifest.generation
        )
        self._gauge("degraded", "1 while an older generation answers for a damaged one.").set_function(
            lambda: gate.assistant.degraded is not None
        )

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count an answer, a refusal, or a reply without the posts."""
        outcome = "reply" if answer.is_reply else "answered" if answer.answered else "refused"
        self._questions.labels(outcome).inc()
        self._seconds.observe(seconds)

    def failed(self, error: Exception) -> None:
        """Count a question without an answer, by the name of its error."""
        self._questions.labels(type(error).__name__ if isinstance(error, PostqaError) else "error").inc()

    def left(self) -> None:
        """Count a question whose client did not wait for the answer."""
        self._questions.labels("left").inc()

    def requested(self, status: int) -> None:
        """Count a request."""
        self._requests.labels(str(status)).inc()

    def text(self) -> bytes:
        """Everything counted so far."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"postqa_{name}", about, registry=self._registry)
