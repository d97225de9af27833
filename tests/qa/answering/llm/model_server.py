"""A small server that speaks the chat protocol as language models' servers do, and breaks it on request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from qa.answering.llm.openai import OpenAIWriter
from qa.answering.llm.settings import LlmSettings

KEY = "sk-never-to-be-shown"


@dataclass
class ModelServer:
    """A model's server whose next replies a test decides.

    Attributes:
        pieces: What the model says, piece by piece; may be endless.
        ends: The reason given for its end; None breaks the stream off.
        status: Anything but 200 is an error that repeats the key, as some servers do.
        raw: Sent instead of events.
        waits: Whether it stops before its last piece until `freed`.
        freed: Lets what waits go on.
        left: Set when somebody hung up while it wrote.
        asked: The requests' bodies.
        headers: The requests' headers.
    """

    url: str = ""
    pieces: Iterable[str] = ()
    ends: str | None = "stop"
    status: int = 200
    raw: bytes | None = None
    waits: bool = False
    freed: Event = field(default_factory=Event)
    left: Event = field(default_factory=Event)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def says(self, *pieces: str, **changed: Any) -> None:
        """Decide what comes next."""
        self.pieces = pieces
        self.does(**changed)

    def does(self, **changed: Any) -> None:
        """Change how it answers."""
        for name, value in changed.items():
            setattr(self, name, value)

    def writer(self, **stated: Any) -> OpenAIWriter:
        """A writer that asks it."""
        return OpenAIWriter(LlmSettings.model_validate({"url": self.url, "model": "tiny", "key": KEY, **stated}))

    def chunks(self) -> Iterator[bytes]:
        """The reply as server-sent events."""
        pieces = iter(self.pieces)
        piece = next(pieces, None)
        while piece is not None:
            following = next(pieces, None)
            if self.waits and following is None:
                self.freed.wait(60)
            yield _event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            piece = following
        if self.ends is not None:
            yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": self.ends}]})
            yield b"data: [DONE]\n\n"


def _event(chunk: dict[str, Any]) -> bytes:
    told = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "tiny", **chunk}
    return f"data: {json.dumps(told)}\n\n".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """Answer a request as the test has decided."""
        try:
            self._answer(self.server.model)
        except OSError:  # hung up
            self.server.model.left.set()
        self.close_connection = True

    def _answer(self, model: ModelServer) -> None:
        model.headers.append({name.lower(): value for name, value in self.headers.items()})
        model.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        if self.path != "/v1/chat/completions":
            self._whole(404, b"{}")
        elif model.status != 200:
            self._whole(model.status, json.dumps({"error": {"message": f"bad key {KEY}"}}).encode())
        elif model.raw is not None:
            self._whole(200, model.raw)
        else:
            self._streamed(model)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _whole(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "text/event-stream" if status == 200 else "application/json")
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _streamed(self, model: ModelServer) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in model.chunks():
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.flush()
        if model.ends is not None:
            self.wfile.write(b"0\r\n\r\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, model: ModelServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model = model


@contextmanager
def served() -> Iterator[ModelServer]:
    """A server at work."""
    model = ModelServer()
    server = _Server(model)
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.freed.set()
        server.shutdown()
        server.server_close()
        thread.join()
