"""An answer streamed while it is written, over HTTP and to threads: order, failures, and clients that leave."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from index.errors import PostqaError, QuestionError
from qa import Answer, Assistant, Passage
from qa.server.gate import Gate, Overloaded, TooSlow
from qa.server.metrics import Metrics
from qa.server.settings import server_settings
from tests.qa.answering.llm.model_server import ModelServer
from tests.qa.server.clients import ApiClient, StartServer
from tests.stand_ins import WordHashEncoder, plain_weights

pytestmark = pytest.mark.slow

QUESTION = "Who built the lighthouse on Gull Rock?"
BEGUN, ENDED = "The lighthouse on Gull Rock was built ", "by Ingrid Holm. [1]"


class BlockedWriter:
    """A writer that waits before its second piece until it is freed."""

    name = "blocked"
    seconds = 0.0

    def __init__(self) -> None:
        self.free = threading.Event()
        self.stopped = threading.Event()

    def write(self, question: str, passages: Sequence[Passage]) -> Iterator[str]:
        """Two pieces, with a wait between them."""
        try:
            yield BEGUN
            assert self.free.wait(30)
            yield ENDED
        finally:
            self.stopped.set()


@pytest.fixture
def blocked() -> Iterator[BlockedWriter]:
    """A blocked writer, freed at the end."""
    writer = BlockedWriter()
    yield writer
    writer.free.set()


def _assistant(root: Path, writer: Any) -> Assistant:
    return Assistant(root, encoder=WordHashEncoder(), weights=plain_weights(), writer=writer)


def _gate(assistant: Assistant, **stated: Any) -> Gate:
    return Gate(assistant, server_settings(**stated), Metrics())


@contextmanager
def _listening(client: ApiClient) -> Iterator[http.client.HTTPResponse]:
    """A stream whose events have begun to come."""
    where = urlsplit(client.server.address)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    headers = {"content-type": "application/json", "accept": "text/event-stream"}
    line.request("POST", "/v1/ask", json.dumps({"question": QUESTION}), headers)
    reply = line.getresponse()
    try:
        yield reply
    finally:
        reply.close()
        line.close()


def _next_event(reply: http.client.HTTPResponse) -> tuple[str, Any]:
    kind, data, _ = (reply.readline().decode().strip() for _ in range(3))
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def _metric(client: ApiClient, line: str) -> bool:
    return line in client.send("GET", "/metrics").body.decode().splitlines()


def test_events_come_while_the_model_writes(start_server: StartServer, small_index: Path, model: ModelServer) -> None:
    model.says(BEGUN, ENDED, waits=True)
    client = start_server(_assistant(small_index, model.writer()))
    with _listening(client) as reply:
        assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert _next_event(reply) == ("text", {"text": BEGUN})
        model.freed.set()
        assert _next_event(reply) == ("text", {"text": ENDED})
        kind, answer = _next_event(reply)
        assert reply.read() == b""
    assert (kind, answer["written_by"], answer["text"]) == ("answer", "tiny", BEGUN + ENDED)
    assert [statement["supported"] for statement in answer["statements"]] == [True]
    assert client.ask(QUESTION).json == answer
    assert _metric(client, 'postqa_questions_total{outcome="answered"} 2.0')


def test_a_model_that_fails_half_way_leaves_the_posts_words_in_the_answer(
    start_server: StartServer, small_index: Path, model: ModelServer
) -> None:
    model.says(BEGUN, ends=None)
    with _listening(start_server(_assistant(small_index, model.writer()))) as reply:
        assert _next_event(reply)[0] == "text"
        kind, answer = _next_event(reply)
    assert (kind, answer["written_by"]) == ("answer", None)
    assert answer["text"].startswith("Ingrid Holm built")
    assert "language model" in answer["warnings"][0]


def test_a_client_that_goes_away_ends_the_models_work(
    start_server: StartServer, small_index: Path, model: ModelServer
) -> None:
    model.does(pieces=itertools.repeat("The lighthouse. "))
    client = start_server(_assistant(small_index, model.writer()), concurrent=1)
    with _listening(client) as reply:
        assert _next_event(reply)[0] == "text"
    assert model.left.wait(30)
    while not _metric(client, "postqa_questions_inside 0.0"):
        pass
    assert client.ask("Which planet has rings?").status == 200


def test_a_question_that_cannot_be_used_has_its_status_before_any_event(start_server: StartServer) -> None:
    client = start_server()
    reply = client.ask("?!", accept="text/event-stream")
    assert (reply.status, "the question is empty" in reply.json["error"]) == (422, True)


@pytest.mark.parametrize(
    ("fault", "message"),
    [(RuntimeError("secret path /srv/x"), "something went wrong here"), (PostqaError("the disk is gone"), "disk")],
)
def test_an_error_half_way_becomes_an_event(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch, fault: Exception, message: str
) -> None:
    def broken(*_: object, **__: object) -> Iterator[str]:
        yield "The "
        raise fault

    client = start_server()
    monkeypatch.setattr(Assistant, "stream", broken)
    with _listening(client) as reply:
        assert _next_event(reply) == ("text", {"text": "The "})
        kind, data = _next_event(reply)
        assert reply.read() == b""
    assert kind == "error"
    assert message in data["error"]
    assert "secret" not in data["error"]


def test_a_stream_that_takes_too_long_ends_with_an_event(
    start_server: StartServer, small_index: Path, blocked: BlockedWriter
) -> None:
    with _listening(start_server(_assistant(small_index, blocked), seconds=1)) as reply:
        assert _next_event(reply)[0] == "text"
        kind, data = _next_event(reply)
    assert (kind, "took too long" in data["error"]) == ("error", True)


def test_the_description_says_that_an_answer_may_come_as_events(start_server: StartServer) -> None:
    described = start_server().send("GET", "/openapi.json").json
    assert set(described["paths"]["/v1/ask"]["post"]["responses"]["200"]["content"]) == {
        "application/json",
        "text/event-stream",
    }
    assert {"written_by", "statements"} <= set(described["components"]["schemas"]["AnswerReply"]["properties"])


def test_threads_and_coroutines_get_the_same_pieces(small_index: Path, model: ModelServer) -> None:
    model.says(BEGUN, ENDED)
    with _assistant(small_index, model.writer()) as assistant:
        gate = _gate(assistant)
        pieces = list(gate.stream(QUESTION))
        assert pieces == list(assistant.stream(QUESTION))
        assert [type(piece) for piece in pieces] == [str, str, Answer]
        with pytest.raises(QuestionError):
            next(gate.stream("?"))
        gate.close()


def test_quotes_alone_do_not_ask_the_model(start_server: StartServer, small_index: Path, model: ModelServer) -> None:
    model.says(BEGUN, ENDED)
    client = start_server(_assistant(small_index, model.writer()))  # the page looks for examples that are answered
    assert model.asked == []
    gate = _gate(client.assistant)
    assert gate.quote(QUESTION).written_by is None
    assert model.asked == []
    assert gate.ask(QUESTION).written_by == "tiny"
    gate.close()


def test_a_stream_counts_like_a_question(small_index: Path, blocked: BlockedWriter) -> None:
    with _assistant(small_index, blocked) as assistant:
        gate = _gate(assistant, concurrent=1, waiting=0)
        pieces = gate.stream(QUESTION)
        assert (next(pieces), gate.admitted) == (BEGUN, 1)
        with pytest.raises(Overloaded):
            next(gate.stream(QUESTION))
        blocked.free.set()
        assert [type(piece) for piece in pieces] == [str, Answer]
        gate.close()
        assert gate.admitted == 0


def test_closing_a_stream_ends_the_work(small_index: Path, blocked: BlockedWriter) -> None:
    with _assistant(small_index, blocked) as assistant:
        gate = _gate(assistant)
        pieces = gate.stream(QUESTION)
        assert next(pieces) == BEGUN
        pieces.close()  # type: ignore[attr-defined]  # a generator
        blocked.free.set()
        assert blocked.stopped.wait(30)
        gate.close()
        assert gate.admitted == 0


def test_a_thread_waits_no_longer_than_the_limit(small_index: Path, blocked: BlockedWriter) -> None:
    with _assistant(small_index, blocked) as assistant:
        gate = _gate(assistant, seconds=0.2)
        with pytest.raises(TooSlow, match="took too long"):
            list(gate.stream(QUESTION))
        blocked.free.set()
        gate.close()
