"""What every request passes: an id and a line in the log, security headers, and the limits."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.server.limits import PerMinute
from qa.server.logs import LOGGER
from qa.server.metrics import Metrics

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
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
# Scripts and style sheets follow the policy of the page that loads them; a page has some fifty.
_PARTS = ("text/css", "text/javascript", "application/javascript")
_OF_PARTS = {"x-content-type-options": "nosniff"}


def error_response(status: int, message: str, **headers: str) -> JSONResponse:
    """A response that says in one sentence what is wrong; `retry_after` names the header `retry-after`."""
    return JSONResponse({"error": message}, status, {name.replace("_", "-"): value for name, value in headers.items()})


def client_of(scope: Scope) -> str:
    """Who asks: the user logged in, else the address."""
    user = scope.get("state", {}).get("user")
    return f"user {user}" if user else address_of(scope)


def address_of(scope: Scope) -> str:
    """The address a request comes from."""
    return str((scope.get("client") or ("unknown",))[0])


class RequestLog:
    """Gives each request an id, adds the security headers to its response, counts it and logs it."""

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
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                is_part = headers.get("content-type", "").startswith(_PARTS)
                headers.update({**(_OF_PARTS if is_part else _HEADERS), "x-request-id": request_id})
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            self._metrics.requested(status)
            fields = {
                "request_id": request_id, "method": scope["method"], "path": scope["path"], "status": status,
                "ms": round((time.perf_counter() - begun) * 1000, 1), "client": client_of(scope),
            }  # fmt: skip
            LOGGER.info("request", extra={**fields, **scope["state"].get("logged", {})})


class Guard:
    """Middleware that answers some requests itself and passes the others on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the guard's own response, or pass the request on."""
        response = await self.response(scope, receive) if scope["type"] == "http" else None
        await (response or self.app)(scope, receive, send)

    async def response(self, scope: Scope, receive: Receive) -> Response | None:
        """The guard's own response to an HTTP request; None passes it on."""
        raise NotImplementedError


class SameOrigin(Guard):
    """Refuses what a page of another site sends here behind its reader's back."""

    async def response(self, scope: Scope, receive: Receive) -> Response | None:
        """A refusal of what changes something, if its origin is another host."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if scope["method"] in _SAFE_METHODS or origin is None or urlsplit(origin).netloc == headers.get("host"):
            return None
        return error_response(403, "another site's page may not ask here")


class RateLimit(Guard):
    """Tells a client that asks too often to wait; reading is not limited.

    Args:
        limit: Of what changes or asks something.
        of_paths: Limits of paths that ask although they are read.
    """

    def __init__(self, app: ASGIApp, limit: PerMinute, of_paths: Mapping[str, PerMinute]) -> None:
        super().__init__(app)
        self._limit = limit
        self._of_paths = of_paths

    async def response(self, scope: Scope, receive: Receive) -> Response | None:
        """A refusal of what goes beyond the limit."""
        limit = self._limit if scope["method"] not in _SAFE_METHODS else self._of_paths.get(scope["path"])
        wait = limit.hit(client_of(scope)) if limit else 0
        if not wait:
            return None
        return error_response(429, f"you ask too often; ask again in {wait} seconds", retry_after=str(wait))


class BodyLimit:
    """Refuses bodies that are too large, before they are read or while they are.

    Args:
        limit: Bytes of a body.
        larger: The same for paths that take more.
    """

    def __init__(self, app: ASGIApp, limit: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self._limit = limit
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._limit)
        message = f"the request is larger than {limit:,} bytes"
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated) > limit:
            await error_response(413, message, connection="close")(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            part = await receive()
            received += len(part.get("body", b""))
            if received > limit:
                raise HTTPException(413, message)
            return part

        await self.app(scope, receive_counted, send)
