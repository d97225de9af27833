"""Authentication: a session after the login page, or a name and password with each request of a program."""

from __future__ import annotations

import base64
import binascii
import html

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.server.limits import PerMinute
from qa.server.middleware import Guard, address_of, error_response
from qa.server.users import Users

_OPEN = "/healthz"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px system-ui,sans-serif;max-width:20rem;margin:15vh auto;padding:0 1rem}}
label,input,button{{display:block;width:100%;box-sizing:border-box;margin:.4rem 0;font:inherit;padding:.4rem 0}}
</style><h1>Ask the posts</h1><p role="alert">{message}</p><form method="post" action="login">
<label>Name<input name="name" autocomplete="username" required autofocus></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button></form></html>"""


class LoginRequired(Guard):
    """Admits only users of the users file, and records in the request's state who asks.

    Args:
        root_path: The path that a proxy serves the server under.
    """

    def __init__(self, app: ASGIApp, users: Users, failures: PerMinute, root_path: str = "") -> None:
        super().__init__(app)
        self._root_path = root_path
        self._users = users
        self._failures = failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As a guard; no websocket is served, and none gets past unauthenticated."""
        if scope["type"] != "websocket":
            await super().__call__(scope, receive, send)

    async def response(self, scope: Scope, receive: Receive) -> Response | None:
        """The login page, or a refusal; None for who is logged in."""
        request = Request(scope, receive)
        if scope["path"] == "/login":
            return await self._login(request)
        if scope["path"] == "/logout":
            request.session.clear()
            return RedirectResponse(f"{self._root_path}/login", 303)
        user = self._user(request)
        if isinstance(user, Response):
            return user
        scope["state"]["user"] = user
        return None

    def _user(self, request: Request) -> str | Response | None:
        """The name of who asks; None for what is open to all; else the refusal."""
        name = request.session.get("user")
        if name is not None and self._users.fingerprint(name) == request.session.get("mark"):
            return str(name)
        if request.url.path == _OPEN:
            return None
        credentials = _basic_credentials(request.headers)
        if credentials is not None:
            return self._refusal(request.scope, *credentials) or credentials[0]
        if "text/html" in request.headers.get("accept", "") and request.method == "GET":
            return RedirectResponse(f"{self._root_path}/login", 303)
        return error_response(401, "log in first, or send a name and password", www_authenticate='Basic realm="postqa"')

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return HTMLResponse(_PAGE.format(message=""))
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        refusal = self._refusal(request.scope, name, password)
        if refusal is None:
            request.session.update({"user": name, "mark": self._users.fingerprint(name)})
            return RedirectResponse(f"{self._root_path}/", 303)
        if refusal.status_code != 401:
            return refusal
        return HTMLResponse(_PAGE.format(message=html.escape("The name or the password is wrong.")), 401)

    def _refusal(self, scope: Scope, name: str, password: str) -> Response | None:
        """None when the password is right; after too many failures no attempt of the address is looked at."""
        client = address_of(scope)
        wait = self._failures.wait(client)
        if wait:
            return error_response(429, f"too many failed logins; try again in {wait} seconds", retry_after=str(wait))
        if self._users.verify(name, password):
            return None
        self._failures.hit(client)
        return error_response(401, "the name or the password is wrong")


def _basic_credentials(headers: Headers) -> tuple[str, str] | None:
    """Name and password of an Authorization header, if there is one (RFC 7617)."""
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return name, password
