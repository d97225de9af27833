"""Who is asking: a session after the login page, or a name and password with each request of a program."""

from __future__ import annotations

import base64
import binascii
import html

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.server.limits import PerMinute
from qa.server.middleware import address_of, refusal
from qa.server.users import Users

_OPEN = "/healthz"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px system-ui,sans-serif;max-width:20rem;margin:15vh auto;padding:0 1rem}}
label,input,button{{display:block;width:100%;box-sizing:border-box;margin:.4rem 0;font:inherit;padding:.4rem 0}}
</style><h1>Ask the posts</h1><p role="alert">{told}</p><form method="post" action="/login">
<label>Name<input name="name" autocomplete="username" required autofocus></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button></form></html>"""


class LoginRequired:
    """Lets nobody past whom the users file does not name; everything behind it knows who asks."""

    def __init__(self, app: ASGIApp, users: Users, failures: PerMinute) -> None:
        self.app = app
        self._users = users
        self._failures = failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, show the login page, or say no."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no websocket is served; none gets in unasked
            return
        request = Request(scope, receive)
        if scope["path"] == "/login":
            await (await self._login(request))(scope, receive, send)
            return
        if scope["path"] == "/logout":
            request.session.clear()
            await RedirectResponse("/login", 303)(scope, receive, send)
            return
        user = self._user(request)
        if isinstance(user, Response):
            await user(scope, receive, send)
            return
        scope["state"]["user"] = user
        await self.app(scope, receive, send)

    def _user(self, request: Request) -> str | Response | None:
        """The name of who asks; None for what is open to all; else the answer that says no."""
        name = request.session.get("user")
        if name is not None and self._users.mark(name) == request.session.get("mark"):
            return str(name)
        if request.url.path == _OPEN:
            return None
        stated = _basic(request.headers)
        if stated is not None:
            wait = self._attempted(request.scope, *stated)
            if wait is None:
                return stated[0]
            return _too_often(wait) if wait else refusal(401, "the name or the password is wrong")
        if "text/html" in request.headers.get("accept", "") and request.method == "GET":
            return RedirectResponse("/login", 303)
        return refusal(401, "log in first, or send a name and password", www_authenticate='Basic realm="postqa"')

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return HTMLResponse(_PAGE.format(told=""))
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        wait = self._attempted(request.scope, name, password)
        if wait:
            return _too_often(wait)
        if wait is not None:
            return HTMLResponse(_PAGE.format(told=html.escape("The name or the password is wrong.")), 401)
        request.session.update({"user": name, "mark": self._users.mark(name)})
        return RedirectResponse("/", 303)

    def _attempted(self, scope: Scope, name: str, password: str) -> int | None:
        """None when the password is right; 0 when it is wrong; else how many seconds no attempt will be heard."""
        client = address_of(scope)
        wait = self._failures.spent(client)
        if wait:
            return wait
        if self._users.admits(name, password):
            return None
        self._failures.take(client)
        return 0


def _basic(headers: Headers) -> tuple[str, str] | None:
    """Name and password of an Authorization header, if there is one (RFC 7617)."""
    kind, _, stated = headers.get("authorization", "").partition(" ")
    if kind.casefold() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(stated, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return name, password


def _too_often(wait: int) -> Response:
    return refusal(429, f"too many failed logins; try again in {wait} seconds", retry_after=str(wait))
