"""The tab Add posts: a form, which add.js sends, and what became of the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import gradio as gr
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from index.reader import Index
from index.sources.registry import suffixes
from qa.jobs import JobBusy
from qa.uploads import Upload, UploadError, UploadJobs, UploadState, pasted
from qa.web.chat_tab import ChatTab
from qa.web.page import Tab
from qa.web.reading import Span, read_link
from qa.web.safe import safe
from qa.web.static import web_file
from qa.web.wording import counted, sentence

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
    form = web_file("add.html").format(suffixes=",".join(suffixes()), megabytes=megabytes, longest=_LONGEST_TITLE)

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


def state_html(state: UploadState, index: Callable[[], Index]) -> str:
    """The progress or the outcome of an upload; an element with data-running while it goes on."""
    if state.running:
        return _progress_html(state)
    if not state.fault:
        return _added_html(state, index()) + _set_aside_html(state)
    kept = "What was read is kept, and comes in with the next build. " if state.added else ""
    return f'<p class="pq-notice" role="alert">{kept}{safe(sentence(state.fault))}</p>{_set_aside_html(state)}'


def _progress_html(state: UploadState) -> str:
    total = f" of {state.total:,}" if state.total else ""
    done = f": {state.done:,}{total}" if state.done else ""
    bounds = f' max="{state.total}" value="{state.done}"' if state.total else ""
    return (
        f'<div class="pq-progress" data-running><progress aria-label="Adding"{bounds}></progress>'
        f"<p>{safe(sentence(state.step))}{done}</p></div>"
    )


def _added_html(state: UploadState, index: Index) -> str:
    if not state.added:
        return "" if state.generation else '<p class="pq-done">No post was added.</p>'
    # A duplicate of a post that was there already is found by that one's id alone.
    titles = [
        read_link(Span(post.id), post.title, "pq-read") if index.post(post.id) else safe(post.title)
        for post in state.added[:_LISTED]
    ]
    return (
        f"<h2>{counted(len(state.added), 'post')} added in generation {state.generation}</h2>"
        f"{_list_html('pq-added', titles, len(state.added))}"
        '<p class="pq-done">Questions are asked of them from now on. <a href="">Load the page again</a> to see them in '
        "its lists.</p>"
    )


def _set_aside_html(state: UploadState) -> str:
    if not state.aside:
        return ""
    reasons = [f"<b>{safe(fault.origin)}</b> {safe(fault.reason)}" for fault in state.aside[:_LISTED]]
    return f"<h2>Set aside</h2>{_list_html('pq-set-aside', reasons, len(state.aside))}"


def _list_html(css: str, items: Iterable[str], total: int) -> str:
    more = f"<li>and {total - _LISTED:,} more</li>" if total > _LISTED else ""
    return f'<ul class="{css}">{"".join(f"<li>{item}</li>" for item in items)}{more}</ul>'
