"""The whole server as one ASGI application: API, page, health and tools, and the middleware around them."""

from __future__ import annotations

import secrets

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Scope

from qa.assistant import Assistant
from qa.server import mcp_tools
from qa.server.api import SUGGEST_PATH, add_error_handlers, api_routes
from qa.server.gate import Gate
from qa.server.health import health_routes
from qa.server.limits import PerMinute
from qa.server.login import LoginRequired
from qa.server.metrics import Metrics
from qa.server.middleware import BodyLimit, RateLimit, RequestLog, SameOrigin
from qa.server.page_parts import page_parts
from qa.server.settings import ServerSettings
from qa.server.shutdown import IdleStreams
from qa.server.users import Users
from qa.web.add_tab import ADD_PATH
from qa.web.mount import is_idle_page, mount_page
from qa.web.page import PageParts, page
from qa.web.survey_tab import SURVEY_PATH

_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_LEAST_ZIPPED = 1_000  # bytes; streams of events are never compressed, or they would be held back
_FORM_BYTES = 64 * 2**10  # of a form beside what its files hold


def create_app(assistant: Assistant, settings: ServerSettings) -> ASGIApp:
    """The application over an assistant.

    Raises:
        SettingsError: The users file cannot be read.
    """
    metrics = Metrics()
    gate = Gate(assistant, settings, metrics)
    app = _with_limits(_routes(gate, settings, metrics, page_parts(gate, settings)), settings)
    return RequestLog(GZipMiddleware(app, minimum_size=_LEAST_ZIPPED, compresslevel=5), metrics)


def _routes(gate: Gate, settings: ServerSettings, metrics: Metrics, parts: PageParts) -> ASGIApp:
    tools, lifespan = mcp_tools.mcp_routes(gate)
    app = FastAPI(title="postqa", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.include_router(api_routes(gate, log_questions=settings.log_questions))
    app.include_router(health_routes(gate, metrics))
    app.router.routes.extend(tools)
    add_error_handlers(app)
    for router in (parts.routes, *(tab.routes for tab in parts.tabs)):
        app.include_router(router)
    blocks = page(gate, parts)
    mount_page(app, blocks)

    def is_idle(scope: Scope) -> bool:
        return is_idle_page(blocks, scope) or (scope["path"] == mcp_tools.PATH and scope["method"] == "GET")

    def stop() -> None:
        for tab in parts.tabs:
            tab.stop()

    return IdleStreams(app, is_idle, stop)


def _with_limits(app: ASGIApp, settings: ServerSettings) -> ASGIApp:
    """Wrap what every request passes around an application; the first wrapped is the innermost."""
    questions, suggestions = (PerMinute(settings.questions_per_minute) for _ in range(2))
    app = RateLimit(app, questions, {SURVEY_PATH: questions, SUGGEST_PATH: suggestions})
    if settings.users_file is not None:
        app = LoginRequired(app, Users(settings.users_file), PerMinute(settings.logins_per_minute), settings.root_path)
        secret = settings.secret.get_secret_value() if settings.secret else secrets.token_hex(32)
        app = SessionMiddleware(
            app,
            secret,
            session_cookie="postqa",
            path=settings.root_path or "/",
            max_age=int(settings.session_hours * 3600),
            same_site="strict",
            https_only=settings.https,
        )
    uploads = {} if settings.add_posts is None else {ADD_PATH: settings.add_bytes + _FORM_BYTES}
    app = SameOrigin(BodyLimit(app, settings.max_request_bytes, uploads))
    if settings.is_local:  # another domain that resolves to this machine gets no answer
        app = TrustedHostMiddleware(app, _LOCAL_HOSTS)
    return app
