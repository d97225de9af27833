"""A client of the HTTP API, for tests."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa import Assistant

if TYPE_CHECKING:
    from qa.server.run import RunningServer  # gradio takes seconds to import


@dataclass(frozen=True)
class Reply:
    """A response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The JSON in the body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class ApiClient:
    """A server, and requests to it."""

    server: RunningServer
    assistant: Assistant

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Send a request; a body other than bytes is sent as JSON. `under_score` names a header `under-score`."""
        where = urlsplit(self.server.address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        payload = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, payload, {"content-type": "application/json", **named})
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def ask(self, question: str, **headers: str) -> Reply:
        """Ask over the API."""
        return self.send("POST", "/v1/ask", {"question": question}, **headers)


StartServer = Callable[..., ApiClient]
