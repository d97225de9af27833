"""The page inside a server, locked down: nothing to upload, to fetch or to call but the chat."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from urllib.parse import parse_qs

import gradio as gr
from fastapi import FastAPI
from starlette.types import Scope

_MOST_WAITING = 64
_SESSIONS = 1_000
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
_STYLES = ("style.css", "reader.css", "posts.css", "map.css", "evaluate.css", "add.css")
_MAP = "map_plane.js map_marks.js map_hands.js map.js"  # together one module
_SCRIPTS = ("page.js", "reader.js", "posts.js", _MAP, "evaluate.js", "add.js")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def mount_page(app: FastAPI, blocks: gr.Blocks) -> None:
    """Serve the page at the root of an application; routes added before go first."""
    blocks.queue(max_size=_MOST_WAITING, api_open=False, default_concurrency_limit=1)
    blocks.state_session_capacity = _SESSIONS
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
        theme=_theme(),
        # As `css` Gradio would rewrite each selector, and miss those of the page's frame.
        head=_tags("style", _STYLES) + _tags("script type=module", _SCRIPTS),
    )


def is_idle_page(blocks: gr.Blocks, scope: Scope) -> bool:
    """Whether a request is a page's heartbeat, or the stream of its queue while nothing is asked."""
    if scope["path"] == "/gradio_api/queue/data":
        session = parse_qs(scope["query_string"].decode()).get("session_hash", [""])[0]
        return not blocks._queue.pending_event_ids_session.get(session)
    return str(scope["path"]).startswith("/gradio_api/heartbeat/")


def _theme() -> gr.themes.Base:
    # Fonts by name only, of those a system has: Gradio's own themes would send for some.
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", radius_size="md", font=_SANS, font_mono=_MONO)


def _tags(tag: str, names: Sequence[str]) -> str:
    texts = ("".join(_text(name) for name in together.split()) for together in names)
    return "".join(f"<{tag}>{text}</{tag.partition(' ')[0]}>" for text in texts)


def _text(name: str) -> str:
    return resources.files("qa.web").joinpath(name).read_text(encoding="utf-8")
