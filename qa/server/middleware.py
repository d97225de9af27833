"""What every request passes: an id and a line in the log, security headers, and the limits."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.server.limits import PerMinute
from qa.server.logs import LOGGER
from qa.server.metrics import Metrics

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_READING = ("GET", "HEAD", "OPTIONS")
# The browser itself is told to ask nobody else, whatever a post or a library should try. Gradio needs inline
# scripts and styles, and compiles its templates.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def refusal(status: int, told: str, **headers: str) -> JSONResponse:
    """An answer that says in one sentence why there is none."""
    return JSONResponse({"error": told}, status, {name.replace("_", "-"): value for name, value in headers.items()})


def client_of(scope: Scope) -> str:
    """Who asks: the user logged in, else the address."""
    user = scope.get("state", {}).get("user")
    return f"user {user}" if user else address_of(scope)


def address_of(scope: Scope) -> str:
    """The address a request comes from."""
    return str((scope.get("client") or ("unknown",))[0])


class Logged:
    """Gives each request an id, adds the security headers to its answer, counts it and logs it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500
        given = Headers(scope=scope).get("x-request-id", "")
        named = given if _ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = named

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update({**_HEADERS, "x-request-id": named})
            await send(message)

        try:
            await self.app(scope, receive, told)
        finally:
            self._metrics.requested(status)
            facts = {
                "request_id": named, "method": scope["method"], "path": scope["path"], "status": status,
                "ms": round((time.perf_counter() - begun) * 1000, 1), "client": client_of(scope),
            }  # fmt: skip
            LOGGER.info("request", extra={**facts, **scope["state"].get("logged", {})})


class OwnPagesOnly:
    """Refuses what a page of another site sends here behind its reader's back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless its origin is another host."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != headers.get("host"):
                await refusal(403, "another site's page may not ask here")(scope, receive, send)
                return
        await self.app(scope, receive, send)


class Bounded:
    """Refuses bodies that are too large, before they are read, or as soon as they are.

    Args:
        most: Bytes of a body.
        larger: The same for paths that take more.
    """

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self._most = most
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], self._most)
        told = f"the request is larger than {most:,} bytes"
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated) > most:
            await refusal(413, told, connection="close")(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(413, told)
            return message

        await self.app(scope, counted, send)


class Paced:
    """Tells a client that asks too often to wait."""

    def __init__(self, app: ASGIApp, pace: PerMinute) -> None:
        self.app = app
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; reading costs nothing."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            wait = self._pace.take(client_of(scope))
            if wait:
                told = refusal(429, f"you ask too often; ask again in {wait} seconds", retry_after=str(wait))
                await told(scope, receive, send)
                return
        await self.app(scope, receive, send)
