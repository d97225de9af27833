"""Elements put into the head of the page as it is sent: what Gradio itself calls a head is added by a script, later."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_END = b"</head>"


class Head:
    """Adds elements to the end of the head of an application's first page.

    Args:
        elements: HTML.
    """

    def __init__(self, app: ASGIApp, elements: str) -> None:
        self.app = app
        self._elements = elements.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the page is held until it is whole."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        page = b""

        async def send_whole(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start":
                start = message
                return
            page += message.get("body", b"")
            if message.get("more_body"):
                return
            if _END in page:
                before, _, after = page.rpartition(_END)  # the settings of Gradio stand before, and may hold anything
                page = b"".join([before, self._elements, _END, after])
                MutableHeaders(scope=start)["content-length"] = str(len(page))
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, send_whole)
