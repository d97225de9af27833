"""What the server takes on: questions at once, bodies, time, pace; the rest is told to wait, and it goes on."""

from __future__ import annotations

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

QUESTION = "Who built the lighthouse on Gull Rock?"


class Held(Assistant):
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


def test_beyond_those_that_may_wait_people_are_told_to_come_back(start_server: StartServer, small_index: Path) -> None:
    held = Held(small_index)
    client = start_server(held, concurrent=2, waiting=3)
    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(client.ask, QUESTION) for _ in range(12)]
        turned_away = [one.result() for one in islice(as_completed(asked), 7)]
        held.free.set()
        replies = [one.result() for one in asked]
    assert {reply.status for reply in turned_away} == {503}
    assert sorted(reply.status for reply in replies) == [200] * 5 + [503] * 7
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in turned_away)
    assert held.most == 2
    assert client.ask(QUESTION).status == 200


def test_a_question_that_takes_too_long_is_given_up_but_keeps_its_place(
    start_server: StartServer, small_index: Path
) -> None:
    held = Held(small_index)
    client = start_server(held, concurrent=1, waiting=0, seconds=0.05)
    late = client.ask(QUESTION)
    assert (late.status, "took too long" in late.json["error"]) == (504, True)
    assert client.ask("What replaced whale oil?").status == 503
    held.free.set()
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


def test_who_asks_too_often_waits(start_server: StartServer) -> None:
    client = start_server(questions_per_minute=3)
    statuses = [client.ask(QUESTION).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    reply = client.ask(QUESTION)
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert client.send("GET", "/healthz").status == 200


def test_each_client_has_a_limit_of_its_own() -> None:
    limit = PerMinute(2)
    assert [bool(limit.hit(client)) for client in ("a", "a", "a", "b")] == [False, False, True, False]
    assert limit.wait("a") > 0 == limit.wait("b")
    assert not any(PerMinute(0).hit("a") for _ in range(1_000))


def test_another_sites_page_may_not_ask(start_server: StartServer) -> None:
    client = start_server()
    assert client.ask(QUESTION, Origin="https://evil.example").status == 403
    assert client.ask(QUESTION, Origin=client.server.address.rstrip("/")).status == 200


def test_a_strangers_name_for_this_machine_gets_no_answer(start_server: StartServer) -> None:
    client = start_server()
    assert client.ask(QUESTION, Host="evil.example").status == 400
    assert client.ask(QUESTION, Host="localhost").status == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1/nothing", "/../../etc/passwd", "/gradio_api/file=/etc/passwd", "/docs"]
)
def test_nothing_else_is_served(start_server: StartServer, path: str) -> None:
    assert start_server().send("GET", path).status in (401, 403, 404)


@pytest.mark.parametrize(
    ("stated", "said"),
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
def test_settings_that_cannot_be_are_named(stated: dict[str, Any], said: str | None) -> None:
    if said is None:
        assert str(server_settings(**stated).users_file) == stated["users_file"]
        return
    with pytest.raises(SettingsError, match=said):
        server_settings(**stated)


def test_the_environment_is_read_where_nothing_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "7999")
    monkeypatch.setenv("QA_SECRET", "hush")
    settings = server_settings(host="127.0.0.1")
    assert (settings.port, server_settings(port=8000).port) == (7999, 8000)
    assert "hush" not in repr(settings)
