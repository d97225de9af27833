"""The limits of the server: questions at once, bodies, time, requests a minute; what exceeds them is refused."""

from __future__ import annotations

import gzip
import socket
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from index.errors import SettingsError
from qa import Answer, Assistant
from qa.server.limits import PerMinute
from qa.server.settings import server_settings
from tests.qa.server.clients import StartServer
from tests.stand_ins import WordHashEncoder, plain_weights

pytestmark = pytest.mark.slow

QUESTION = "Who built the lighthouse on Gull Rock?"


class BlockedAssistant(Assistant):
    """Answers when it is let go."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, encoder=WordHashEncoder(), weights=plain_weights())
        self.free = threading.Event()
        self.most = self.now = 0
        self._counting = threading.Lock()

    def ask(self, question: str, **rest: Any) -> Answer:
        """Wait, then answer."""
        if question != QUESTION:
            return super().ask(question, **rest)
        with self._counting:
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.free.wait(30)
        with self._counting:
            self.now -= 1
        return super().ask(question, **rest)


def test_questions_beyond_the_waiting_limit_are_refused(start_server: StartServer, small_index: Path) -> None:
    blocked = BlockedAssistant(small_index)
    client = start_server(blocked, concurrent=2, waiting=3)
    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(client.ask, QUESTION) for _ in range(12)]
        turned_away = [future.result() for future in islice(as_completed(asked), 7)]
        blocked.free.set()
        replies = [future.result() for future in asked]
    assert {reply.status for reply in turned_away} == {503}
    assert sorted(reply.status for reply in replies) == [200] * 5 + [503] * 7
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in turned_away)
    assert blocked.most == 2
    assert client.ask(QUESTION).status == 200


def test_a_question_that_takes_too_long_is_given_up_but_keeps_its_place(
    start_server: StartServer, small_index: Path
) -> None:
    blocked = BlockedAssistant(small_index)
    client = start_server(blocked, concurrent=1, waiting=0, seconds=0.05)
    late = client.ask(QUESTION)
    assert (late.status, "took too long" in late.json["error"]) == (504, True)
    assert client.ask("What replaced whale oil?").status == 503
    blocked.free.set()
    while (reply := client.ask("What replaced whale oil?")).status == 503:
        pass
    assert reply.status in (200, 504)


def test_a_large_body_is_refused_whether_its_size_is_stated_or_not(start_server: StartServer) -> None:
    client = start_server(max_request_bytes=10_000)
    assert client.send("POST", "/v1/ask", b'"' + b"x" * 20_000 + b'"').status == 413
    where = urlsplit(client.server.address)
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as line:
        head = "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        line.sendall(f"{head}\r\n".encode() + (b"1000\r\n" + b"x" * 0x1000 + b"\r\n") * 4 + b"0\r\n\r\n")
        assert b" 413 " in line.recv(1000).splitlines()[0]
    assert client.ask(QUESTION).status == 200


def test_a_client_that_asks_too_often_has_to_wait(start_server: StartServer) -> None:
    client = start_server(questions_per_minute=3)
    statuses = [client.ask(QUESTION).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    reply = client.ask(QUESTION)
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert client.send("GET", "/healthz").status == 200


def test_suggestions_have_a_limit_of_their_own_and_a_survey_counts_as_a_question(start_server: StartServer) -> None:
    client = start_server(questions_per_minute=2)
    suggested = [client.send("GET", "/v1/suggest?q=Who+steers+the+ferry%3F") for _ in range(3)]
    assert [reply.status for reply in suggested] == [200, 200, 429]
    assert client.send("GET", "/page/survey?q=Who+steers+the+ferry%3F").status == 200
    assert [client.ask("Who steers the ferry?").status for _ in range(2)] == [200, 429]
    assert client.send("GET", "/v1/posts").status == 200


def test_each_client_has_a_limit_of_its_own() -> None:
    limit = PerMinute(2)
    assert [bool(limit.hit(client)) for client in ("a", "a", "a", "b")] == [False, False, True, False]
    assert limit.wait("a") > 0 == limit.wait("b")
    assert not any(PerMinute(0).hit("a") for _ in range(1_000))


def test_a_page_of_another_site_may_not_ask(start_server: StartServer) -> None:
    client = start_server()
    assert client.ask(QUESTION, Origin="https://evil.example").status == 403
    assert client.ask(QUESTION, Origin=client.server.address.rstrip("/")).status == 200


def test_another_domain_for_this_machine_gets_no_answer(start_server: StartServer) -> None:
    client = start_server()
    assert client.ask(QUESTION, Host="evil.example").status == 400
    assert client.ask(QUESTION, Host="localhost").status == 200


def test_large_replies_are_sent_in_gzip_and_streams_are_not(start_server: StartServer) -> None:
    client = start_server()
    page = client.send("GET", "/", accept_encoding="gzip")
    assert page.headers["content-encoding"] == "gzip"
    assert len(page.body) < len(gzip.decompress(page.body)) / 3
    assert "content-encoding" not in client.send("GET", "/").headers
    assert "content-encoding" not in client.ask(QUESTION, accept="text/event-stream", accept_encoding="gzip").headers


def test_behind_a_proxy_the_server_is_one_that_others_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ROOT_PATH", "https://posts.example/blog/")
    with pytest.raises(SettingsError, match="everybody who reaches the proxy in front could ask"):
        server_settings()
    settings = server_settings(no_auth=True)
    assert (settings.is_local, settings.is_restricted, settings.root_path) == (False, False, "/blog")


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1/nothing", "/../../etc/passwd", "/gradio_api/file=/etc/passwd", "/docs"]
)
def test_nothing_else_is_served(start_server: StartServer, path: str) -> None:
    assert start_server().send("GET", path).status in (401, 403, 404)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"port": 0}, "QA_PORT"),
        ({"port": "many"}, "QA_PORT"),
        ({"concurrent": 0}, "QA_CONCURRENT"),
        ({"waiting": -1}, "QA_WAITING"),
        ({"seconds": 0}, "QA_SECONDS"),
        ({"colour": "red"}, "QA_COLOUR"),
        ({"host": "0.0.0.0"}, "--no-auth"),  # noqa: S104  # it is refused
        ({"users_file": "nowhere.txt"}, None),
    ],
)
def test_invalid_settings_are_named(stated: dict[str, Any], message: str | None) -> None:
    if message is None:
        assert str(server_settings(**stated).users_file) == stated["users_file"]
        return
    with pytest.raises(SettingsError, match=message):
        server_settings(**stated)


def test_settings_not_stated_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "7999")
    monkeypatch.setenv("QA_SECRET", "hush")
    settings = server_settings(host="127.0.0.1")
    assert (settings.port, server_settings(port=8000).port) == (7999, 8000)
    assert "hush" not in repr(settings)
