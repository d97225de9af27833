"""Web sites on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


@dataclass
class Site:
    """Pages by their path: status, headers and body; and the requests that came."""

    address: str = ""
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Set a page; `content_type` names the header `content-type`."""
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, _bytes(body))


@contextmanager
def serving() -> Iterator[Site]:
    """A server whose pages a test decides."""
    one = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("If-None-Match")
            one.asked.append((self.path, known))
            status, headers, body = one.pages.get(self.path, (404, {}, b""))
            status = 304 if known and known == headers.get("etag") else status
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
