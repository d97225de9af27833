"""Serving an application: a port, one process, and an orderly end."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from starlette.types import ASGIApp
from uvicorn import Config

from index.errors import PostqaError
from qa.assistant import Assistant
from qa.server.app import create_app
from qa.server.logs import log_to
from qa.server.settings import ServerSettings
from qa.server.shutdown import BoundedServer


@dataclass(frozen=True)
class RunningServer:
    """A server in a thread of its own."""

    address: str
    server: BoundedServer
    thread: Thread

    def close(self) -> None:
        """Finish what runs, then stop."""
        self.server.should_exit = True
        self.thread.join()


def serve(assistant: Assistant, settings: ServerSettings) -> None:
    """Serve until SIGTERM or Ctrl+C; what runs then is finished first.

    Raises:
        SettingsError: The users file cannot be read.
        PostqaError: The port cannot be listened on.
    """
    log_to()
    listener = _listener(settings)
    server = _server(create_app(assistant, settings), settings)
    sys.stdout.write(f"Ask the posts at {_address(listener)} (Ctrl+C ends it)\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):  # raised again by uvicorn after an orderly end
        server.run(sockets=[listener])


def start(app: ASGIApp, settings: ServerSettings) -> RunningServer:
    """Serve an application in a thread of its own; returns when the first request can come.

    Raises:
        PostqaError: The port cannot be listened on.
    """
    listener = _listener(settings)
    server = _server(app, settings)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    return RunningServer(_address(listener), server, thread)


def _server(app: ASGIApp, settings: ServerSettings) -> BoundedServer:
    config = Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=int(settings.seconds) + 1,
        # What stands in X-Forwarded-For is believed only where a proxy has been named.
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
    )
    return BoundedServer(config)


def _listener(settings: ServerSettings) -> socket.socket:
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PostqaError(
            "the chat cannot listen", where=f"{host}:{port}", seen=error, remedy="Choose another port: QA_PORT=7861."
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
