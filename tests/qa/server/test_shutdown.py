"""A server that is told to end finishes answers, closes idle streams, takes nothing new, and ends in bounded time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ROOT = Path(__file__).resolve().parents[3]
QUESTION = "Who built the lighthouse on Gull Rock?"
# A server whose answers to "Who" wait until a file appears; it says on standard output when a question has come.
SERVER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from qa import Assistant
    from qa.server.run import serve
    from qa.server.settings import server_settings
    from tests.stand_ins import WordHashEncoder, plain_weights

    class Slow(Assistant):
        def ask(self, question, **rest):
            if question.startswith("Who"):
                print("asked", flush=True)
                while not Path(sys.argv[3]).exists():
                    pass
            return super().ask(question, **rest)

    assistant = Slow(sys.argv[1], encoder=WordHashEncoder(), weights=plain_weights())
    serve(assistant, server_settings(port=int(sys.argv[2]), seconds=600))
    """
)


@contextmanager
def running(index: Path, port: int, freed: Path) -> Iterator[subprocess.Popen[str]]:
    """A server in a process of its own; its graceful limit is ten minutes."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(index), str(port), str(freed)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert server.stdout is not None
    assert "Ask the posts at" in server.stdout.readline()
    try:
        yield server
    finally:
        server.kill()


def stream(port: int, path: str) -> socket.socket:
    """A connection on which a stream has been asked for; it has begun, unless nothing comes before an event."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n"
    connection.sendall(head.encode())
    assert connection.recv(17).startswith(b"HTTP/1.1 200 OK")
    return connection


def read_to_end(connection: socket.socket) -> bytes:
    """What comes until the server closes a connection."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def fetched(port: int, path: str, body: object = None) -> Any:
    """The JSON of a reply; with a body it is a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def use_queue(port: int, session: str) -> None:
    """Ask through the page's queue, as a session whose queue is idle from then on."""
    functions = fetched(port, "/config")["dependencies"]
    asking = next(function["id"] for function in functions if function["api_name"] == "ask")
    event = {"data": ["Which planet has rings?"], "fn_index": asking, "session_hash": session}
    fetched(port, "/gradio_api/queue/join", event)
    with stream(port, f"/gradio_api/queue/data?session_hash={session}") as connection:
        while b"close_stream" not in connection.recv(65_536):
            pass


def test_a_running_question_is_finished(small_index: Path, tmp_path: Path) -> None:
    port, freed = free_port(), tmp_path / "freed"
    with running(small_index, port, freed) as server, ThreadPoolExecutor(1) as pool:
        asking = pool.submit(fetched, port, "/v1/ask", {"question": QUESTION})
        assert server.stdout is not None
        assert server.stdout.readline() == "asked\n"
        server.send_signal(signal.SIGTERM)
        freed.touch()
        assert asking.result()["answered"]
        _, logged = server.communicate(timeout=60)
        assert server.returncode in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in logged.splitlines()]
    assert any(line.get("path") == "/v1/ask" and line.get("status") == 200 for line in lines)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_idle_streams_are_closed_at_once(small_index: Path, tmp_path: Path, signum: signal.Signals) -> None:
    port = free_port()
    queue = "/gradio_api/queue/data?session_hash=page0"
    paths = [*(f"/gradio_api/heartbeat/page{n}" for n in range(10)), queue, "/mcp"]
    with running(small_index, port, tmp_path / "freed") as server, ExitStack() as stack:
        use_queue(port, "page0")
        streams = [stack.enter_context(stream(port, path)) for path in paths]
        server.send_signal(signum)
        ends = [read_to_end(connection) for connection in streams]
        _, logged = server.communicate(timeout=60)  # far below the graceful limit
    assert all(end.endswith(b"0\r\n\r\n") for end in ends)  # a whole response: nothing broke off
    assert server.returncode in (0, -signal.SIGTERM)
    assert {json.loads(line)["status"] for line in logged.splitlines()} == {200}


# Servers in a thread, each with something that goes on whatever cancels it, and a graceful limit of a second.
STUBBORN = textwrap.dedent(
    """
    import asyncio, socket, sys
    from contextlib import asynccontextmanager
    from threading import Event
    from fastapi import FastAPI
    from qa.server import shutdown
    from qa.server.run import start
    from qa.server.settings import server_settings

    async def stay():
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                pass

    @asynccontextmanager
    async def lifespan(_):
        task = asyncio.create_task(stay()) if sys.argv[1] == "task" else None
        yield
        if sys.argv[1] == "lifespan":
            await stay()

    app, asked = FastAPI(lifespan=lifespan), Event()

    @app.get("/")
    async def request():
        asked.set()
        await stay()

    shutdown._UNWIND_SECONDS = 0.1
    served = start(app, server_settings(port=int(sys.argv[2]), seconds=0.5))
    client = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
    if sys.argv[1] == "request":
        client.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
        asked.wait()
    served.close()
    print("ended", flush=True)
    """
)


@pytest.mark.parametrize("kind", ["request", "task", "lifespan"])
def test_tasks_that_do_not_end_are_named_and_abandoned(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STUBBORN, kind, str(free_port())],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.stdout == "ended\n"
    assert "a task did not end with the server" in done.stderr
