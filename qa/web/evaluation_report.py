"""A run's report in the tab Evaluate, and the run as a file."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from index.errors import PostqaError
from qa.evaluation.compare import compare
from qa.evaluation.html_report import reasons_missed, report_body, report_style
from qa.evaluation.results import Evaluation, EvaluationError
from qa.evaluation.runs import Runs
from qa.web.reading import Span, read_link
from qa.web.render import notice_html
from qa.web.safe import safe
from qa.web.templating import render

_MAX_QUERIES = 2_000  # on the map, of a larger set the first
_RunName = Annotated[str, Query(max_length=200)]


def evaluation_routes(runs: Runs) -> APIRouter:
    """The routes that evaluate.js fetches."""
    router = APIRouter(include_in_schema=False)

    @router.get("/page/evaluation")
    def report(run: _RunName = "", baseline: _RunName = "") -> Response:
        """A run's report, against an earlier run where one is named; that of the latest where none is."""
        run = run or next(iter(runs.names()), "")
        if not run:
            return HTMLResponse(render("no_run.html"))
        try:
            evaluation = runs.evaluation(run)
        except EvaluationError as error:
            return HTMLResponse(notice_html(str(error)), 404)
        return HTMLResponse(_report_html(runs, run, evaluation, baseline))

    @router.get("/page/evaluation/run.json")
    def stored(run: _RunName) -> Response:
        """A run, to be kept elsewhere or compared with by `qa eval --baseline`."""
        try:
            values = runs.stored(run)
        except EvaluationError as error:
            return JSONResponse({"error": str(error)}, 404)
        return JSONResponse(values, headers={"content-disposition": f'attachment; filename="{run}"'})

    return router


def _report_html(runs: Runs, run: str, evaluation: Evaluation, baseline: str) -> str:
    notice, comparison = "", None
    if baseline:
        try:
            comparison = compare(runs.stored(baseline), evaluation, where=runs.label(baseline))
        except PostqaError as error:
            notice = notice_html(str(error))
    address = safe(f"page/evaluation/run.json?{urlencode({'run': run})}")
    download = f'<p class="pq-download-run"><a href="{address}" download>Download this run as JSON</a></p>'
    body = report_body(evaluation, comparison, _read_link)
    return f"<style>#pq-report {{ {report_style()} }}</style>{notice}{body}{download}{_queries_html(evaluation)}"


def _read_link(post_id: str, title: str, start: int, end: int, quote: str) -> str:
    return read_link(Span(post_id, start, end, quote), title, "pq-read")


def _queries_html(evaluation: Evaluation) -> str:
    """What evaluate.js gives to the map: every question that was refused, and every other that was missed."""
    queries = [
        {"kind": "miss" if row.answered else "refusal", "question": row.question}
        for row in evaluation.rows
        if not row.error and (not row.answered or reasons_missed(row))
    ]
    data = json.dumps(queries[:_MAX_QUERIES]).replace("<", "\\u003c")  # nothing in it ends the element
    return f'<script type="application/json" id="pq-report-queries">{data}</script>'
