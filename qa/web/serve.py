"""Serving the page to this machine, locked down: nothing to upload, to fetch or to call but the chat."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import gradio as gr
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import PostqaError
from qa.assistant import Assistant
from qa.web.conversation import Asks
from qa.web.examples import example_questions
from qa.web.page import page
from qa.web.render import About

HOST = "127.0.0.1"
PORT = 7860
_MOST_WAITING = 64
_SESSIONS = 1_000
# The browser itself is told to ask nobody else, whatever a post or a library should try. Gradio needs inline
# scripts and styles, and compiles its templates.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


@dataclass(frozen=True)
class Served:
    """A page being served."""

    address: str
    blocks: gr.Blocks

    def close(self) -> None:
        """Stop serving."""
        self.blocks.close(verbose=False)


class Guarded:
    """ASGI middleware that sends the page's policy with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; add the headers to what comes back."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        await self.app(scope, receive, guarded)


def serve(assistant: Assistant, *, host: str = HOST, port: int = PORT, prevent_thread_lock: bool = False) -> Served:
    """Serve the chat over an assistant's index, and print the address.

    Args:
        assistant: Answers the questions.
        host: The address to listen on.
        port: The port to listen on; no other is tried.
        prevent_thread_lock: Return at once instead of when the server is stopped.

    Raises:
        PostqaError: The port cannot be listened on.
    """
    manifest = assistant.index.manifest
    about = About(posts=manifest.posts, generation=manifest.generation, encoder=assistant.encoder_name)
    served = launch(assistant, about, example_questions(assistant), host=host, port=port)
    sys.stdout.write(f"Ask the posts at {served.address} (Ctrl+C ends it)\n")
    sys.stdout.flush()
    if not prevent_thread_lock:
        served.blocks.block_thread()
    return served


def launch(asks: Asks, about: About, examples: Sequence[str], *, host: str = HOST, port: int = PORT) -> Served:
    """Serve the page in a thread of its own, and return.

    Raises:
        PostqaError: The port cannot be listened on.
    """
    blocks = page(asks, about, examples)
    blocks.queue(max_size=_MOST_WAITING, api_open=False, default_concurrency_limit=1)
    try:
        _, address, _ = blocks.launch(
            server_name=host,
            server_port=port,
            share=False,
            quiet=True,
            inbrowser=False,
            prevent_thread_lock=True,
            show_error=False,
            allowed_paths=[],
            max_file_size=1,  # byte: there is nothing to upload
            enable_monitoring=False,
            run_history=False,
            strict_cors=True,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            footer_links=[],
            state_session_capacity=_SESSIONS,
            app_kwargs={"middleware": [Middleware(Guarded)]},
            theme=_theme(),
            # As `css` Gradio would rewrite each selector, and miss those of the page's frame.
            head=f"<style>{_resource('style.css')}</style><script>{_resource('page.js')}</script>",
        )
    except OSError as error:
        raise PostqaError(
            "the chat cannot listen", where=f"{host}:{port}", seen=error, remedy="Choose another port: QA_PORT=7861."
        ) from error
    return Served(address, blocks)


def _theme() -> gr.themes.Base:
    # Fonts by name only, of those a system has: Gradio's own themes would send for some.
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", radius_size="md", font=_SANS, font_mono=_MONO)


def _resource(name: str) -> str:
    return resources.files("qa.web").joinpath(name).read_text(encoding="utf-8")
