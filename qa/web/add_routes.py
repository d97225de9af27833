"""Where add.js sends documents, and asks how far they are."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from index.reader import Index
from qa.jobs import JobBusy
from qa.uploads import Upload, UploadError, UploadJobs, pasted
from qa.web.add_tab import LONGEST_TITLE, state_html

ADD = "/page/add"
_FIELDS = 2  # title and text


def add_routes(uploads: UploadJobs, index: Callable[[], Index], most_files: int, most_bytes: int) -> APIRouter:
    """The routes at `/page/add`.

    Args:
        most_files: Most files sent at once.
        most_bytes: Longest field; the whole request is bounded before it comes here.
    """
    router = APIRouter(include_in_schema=False)

    @router.post(ADD)
    async def add(request: Request) -> Response:
        """Take documents; they are read and indexed after the reply."""
        if uploads.state.running:  # before anything is read
            return _refused(409, "Other posts are being added at this moment. Try again when they are in.")
        async with request.form(max_files=most_files, max_fields=_FIELDS, max_part_size=most_bytes) as form:
            try:
                await run_in_threadpool(uploads.start, await _documents(form))
            except JobBusy as error:
                return _refused(409, str(error))
            except UploadError as error:
                return _refused(422, str(error))
        return JSONResponse({}, 202)

    @router.get(ADD)
    def state() -> Response:
        """How far they are."""
        return HTMLResponse(state_html(uploads.state, index))

    return router


async def _documents(form: FormData) -> list[Upload]:
    """The files that have a name, and what was pasted where anything was."""
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    documents = [Upload(one.filename or "", await one.read()) for one in files]
    title, text = (str(form.get(name) or "") for name in ("title", "text"))
    if title.strip() or text.strip():
        documents.append(pasted(title[:LONGEST_TITLE], text))
    return documents


def _refused(status: int, told: str) -> Response:
    return JSONResponse({"error": told}, status)
