"""The tab Add posts: a form, which add.js sends, and what became of the documents."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from index.reader import Index
from index.sources.registry import suffixes
from qa.jobs import JobBusy
from qa.uploads import Upload, UploadError, UploadJobs, UploadState, pasted
from qa.web.chat_tab import ChatTab
from qa.web.page import Tab
from qa.web.reading import Span
from qa.web.templating import render

ADD_PATH = "/page/add"
_LONGEST_TITLE = 300
_TEXT_FIELDS = 2  # title and text
_LISTED = 50  # of many posts or faults the first are named


def add_tab(uploads: UploadJobs, index: Callable[[], Index], max_files: int, max_bytes: int) -> Tab:
    """The tab.

    Args:
        index: Gives the one that answers now.
        max_files: Sent at once.
        max_bytes: Of a field; the whole request is bounded before it comes here.
    """
    router = APIRouter(include_in_schema=False)

    @router.post(ADD_PATH)
    async def add(request: Request) -> Response:
        """Take documents; they are read and indexed after the reply."""
        if uploads.state.running:  # before anything is read
            return _error(409, "Other posts are being added at this moment. Try again when they are in.")
        async with request.form(max_files=max_files, max_fields=_TEXT_FIELDS, max_part_size=max_bytes) as form:
            try:
                await run_in_threadpool(uploads.start, await _documents(form))
            except JobBusy as error:
                return _error(409, str(error))
            except UploadError as error:
                return _error(422, str(error))
        return JSONResponse({}, 202)

    @router.get(ADD_PATH)
    def state() -> Response:
        """Their progress."""
        return HTMLResponse(state_html(uploads.state, index))

    megabytes = max(1, max_bytes // 2**20)
    form = render("add.html", suffixes=suffixes(), megabytes=megabytes, longest=_LONGEST_TITLE)

    def build(_: ChatTab) -> None:
        with gr.Column(elem_id="pq-add"):
            gr.HTML(form, apply_default_css=False)

    return Tab("Add posts", "add", build, router)


async def _documents(form: FormData) -> list[Upload]:
    """The files that have a name, and the pasted text if there is any."""
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    documents = [Upload(file.filename or "", await file.read()) for file in files]
    title, text = (str(form.get(name) or "") for name in ("title", "text"))
    if title.strip() or text.strip():
        documents.append(pasted(title[:_LONGEST_TITLE], text))
    return documents


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status)


def state_html(state: UploadState, index: Callable[[], Index]) -> Markup:
    """The progress or the outcome of an upload; an element with data-running while it goes on."""
    # A duplicate of a post that was there already is found by that one's id alone.
    added = [(post, Span(post.id) if index().post(post.id) else None) for post in state.added[:_LISTED]]
    return render("upload.html", state=state, added=added, listed=_LISTED)
