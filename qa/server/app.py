"""The whole server as one ASGI application: the doors inside, what every request passes around them."""

from __future__ import annotations

import secrets

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Scope

from qa.server.api import routes, say_what_went_wrong
from qa.server.ending import IdleStreams
from qa.server.gate import Gate
from qa.server.health import watching
from qa.server.limits import PerMinute
from qa.server.login import LoginRequired
from qa.server.mcp_tools import PATH as MCP
from qa.server.mcp_tools import mcp_routes
from qa.server.metrics import Metrics
from qa.server.middleware import Bounded, Logged, OwnPagesOnly, Paced
from qa.server.settings import ServerSettings
from qa.server.users import Users
from qa.web.add_routes import ADD
from qa.web.mount import is_idle_page, mount_page
from qa.web.page import PageParts, page

_OWN_NAMES = ["localhost", "127.0.0.1", "[::1]"]
_AROUND_FILES = 64 * 2**10  # bytes of a form beside what its files hold
_COOKIE = "postqa"


def application(gate: Gate, settings: ServerSettings, metrics: Metrics, parts: PageParts) -> ASGIApp:
    """Page, API, health and metrics behind the limits; the first wrapped here is the innermost."""
    tools, lifespan = mcp_routes(gate)
    doors = FastAPI(title="postqa", docs_url=None, redoc_url=None, lifespan=lifespan)
    doors.include_router(routes(gate, log_questions=settings.log_questions))
    doors.include_router(watching(gate, metrics))
    doors.router.routes.extend(tools)
    say_what_went_wrong(doors)
    for router in parts.routes:
        doors.include_router(router)
    blocks = page(gate, parts)
    mount_page(doors, blocks)

    def is_idle(scope: Scope) -> bool:
        return is_idle_page(blocks, scope) or (scope["path"] == MCP and scope["method"] == "GET")

    def stop() -> None:
        for tab in parts.tabs:
            tab.stop()

    app: ASGIApp = IdleStreams(doors, is_idle, stop)
    app = Paced(app, PerMinute(settings.questions_per_minute))
    if settings.users_file is not None:
        app = LoginRequired(app, Users(settings.users_file), PerMinute(settings.logins_per_minute))
        app = _with_sessions(app, settings)
    uploads = {} if settings.add_posts is None else {ADD: settings.add_bytes + _AROUND_FILES}
    app = OwnPagesOnly(Bounded(app, settings.max_request_bytes, uploads))
    if settings.is_local:  # a stranger's domain that points to this machine gets no answer
        app = TrustedHostMiddleware(app, _OWN_NAMES)
    return Logged(app, metrics)


def _with_sessions(app: ASGIApp, settings: ServerSettings) -> ASGIApp:
    secret = settings.secret.get_secret_value() if settings.secret else secrets.token_hex(32)
    seconds = int(settings.session_hours * 3600)
    return SessionMiddleware(
        app, secret, session_cookie=_COOKIE, max_age=seconds, same_site="strict", https_only=settings.https
    )
