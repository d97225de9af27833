"""The whole server as one ASGI application: the doors inside, what every request passes around them."""

from __future__ import annotations

import secrets

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from qa.server.api import routes, say_what_went_wrong
from qa.server.gate import Gate
from qa.server.limits import PerMinute
from qa.server.login import LoginRequired
from qa.server.metrics import Metrics
from qa.server.middleware import Bounded, Logged, OwnPagesOnly, Paced
from qa.server.settings import ServerSettings
from qa.server.tools import mcp_routes
from qa.server.users import Users
from qa.server.watching import watching
from qa.web.map_routes import map_routes
from qa.web.mount import mount_page
from qa.web.page import PageParts, page
from qa.web.posts_routes import posts_routes
from qa.web.routes import page_routes

_OWN_NAMES = ["localhost", "127.0.0.1", "[::1]"]
_COOKIE = "postqa"


def application(gate: Gate, settings: ServerSettings, metrics: Metrics, parts: PageParts) -> ASGIApp:
    """Page, API, health and metrics behind the limits; the first wrapped here is the innermost."""
    tools, lifespan = mcp_routes(gate)
    doors = FastAPI(title="postqa", docs_url=None, redoc_url=None, lifespan=lifespan)
    doors.include_router(routes(gate, log_questions=settings.log_questions))
    doors.include_router(watching(gate, metrics))
    doors.router.routes.extend(tools)
    say_what_went_wrong(doors)
    doors.include_router(page_routes(lambda: gate.assistant.index))
    doors.include_router(posts_routes(lambda: gate.assistant.index))
    doors.include_router(map_routes(lambda: gate.assistant.serving, gate.work_soon))
    mount_page(doors, page(gate, parts))
    app: ASGIApp = Paced(doors, PerMinute(settings.questions_per_minute))
    if settings.users_file is not None:
        app = LoginRequired(app, Users(settings.users_file), PerMinute(settings.logins_per_minute))
        app = _with_sessions(app, settings)
    app = OwnPagesOnly(Bounded(app, settings.max_request_bytes))
    if settings.is_local:  # a stranger's domain that points to this machine gets no answer
        app = TrustedHostMiddleware(app, _OWN_NAMES)
    return Logged(app, metrics)


def _with_sessions(app: ASGIApp, settings: ServerSettings) -> ASGIApp:
    secret = settings.secret.get_secret_value() if settings.secret else secrets.token_hex(32)
    seconds = int(settings.session_hours * 3600)
    return SessionMiddleware(
        app, secret, session_cookie=_COOKIE, max_age=seconds, same_site="strict", https_only=settings.https
    )
