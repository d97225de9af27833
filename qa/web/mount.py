"""The page inside a server, locked down: nothing to upload, to fetch or to call but the chat."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import Response
from starlette.types import Scope

from qa.web.gradio_assets import Assets
from qa.web.head import Head
from qa.web.templating import web_file

_MAX_WAITING = 64
_MAX_SESSIONS = 1_000
_STYLES = (
    "style.css", "filters.css", "conversations.css", "suggest.css", "reader.css", "posts.css", "survey.css", "map.css",
    "evaluate.css", "add.css",
)  # fmt: skip
_MAP = "map_plane.js map_queries.js map_gestures.js map.js"  # together one module
_SCRIPTS = (
    "page.js", "draft.js", "conversations.js", "filters.js", "suggest.js", "reader.js", "posts.js", "survey.js", _MAP,
    "evaluate.js", "add.js", "addresses.js",
)  # fmt: skip
_UNCHANGING = {"cache-control": "public, max-age=31536000, immutable"}
_ICON = (
    "<link rel=icon href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<rect width='16' height='16' rx='4' fill='%230b6258'/>"
    "<path d='M4 5h3v4l-2 2V8H4zm5 0h3v4l-2 2V8H9z' fill='%23fff'/></svg>\">"
)
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def mount_page(app: FastAPI, blocks: gr.Blocks) -> None:
    """Serve the page at the root of an application; routes added before go first."""
    blocks.queue(max_size=_MAX_WAITING, api_open=False, default_concurrency_limit=1)
    blocks.state_session_capacity = _MAX_SESSIONS
    # As `css` Gradio would rewrite each selector, and miss those of the page's frame.
    assets = Assets.of({block.get_block_name() for block in blocks.blocks.values()})
    app.add_route(f"/{assets.path}", lambda _: Response(assets.style, media_type="text/css", headers=_UNCHANGING))
    elements = [assets.links(), _elements("style", _STYLES), _elements("script type=module", _SCRIPTS), _ICON]
    app.add_middleware(Head, "".join(elements))
    gr.mount_gradio_app(
        app,
        blocks,
        path="",
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=1,  # byte: there is nothing to upload
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        # Fonts by name only, of those a system has: Gradio's own themes would fetch some.
        theme=gr.themes.Base(primary_hue="teal", neutral_hue="stone", radius_size="md", font=_SANS, font_mono=_MONO),
    )


def is_idle_page(blocks: gr.Blocks, scope: Scope) -> bool:
    """Whether a request is a page's heartbeat, or the stream of its queue while nothing is asked."""
    if scope["path"] == "/gradio_api/queue/data":
        session = parse_qs(scope["query_string"].decode()).get("session_hash", [""])[0]
        return not blocks._queue.pending_event_ids_session.get(session)
    return str(scope["path"]).startswith("/gradio_api/heartbeat/")


def _elements(tag: str, names: Sequence[str]) -> str:
    texts = ("".join(web_file(name) for name in together.split()) for together in names)
    return "".join(f"<{tag}>{text}</{tag.partition(' ')[0]}>" for text in texts)
