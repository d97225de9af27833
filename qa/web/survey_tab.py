"""The tab Who says what: a question put to every post, which survey.js sends, and one row a post."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from index.errors import PostqaError
from index.filters import Filters, stated_filters
from qa.survey.records import PostStance, Stance, Survey
from qa.web.page import Tab, html_tab
from qa.web.reading import Span
from qa.web.render import error_html
from qa.web.templating import render
from qa.web.wording import shortened

SURVEY_PATH = "/page/survey"
_LONGEST = 420  # characters of a sentence
_LABELS = {Stance.ANSWER: "says so", Stance.NEAR: "comes near", Stance.SILENT: "silent"}


class Surveys(Protocol):
    """Puts a question to every post: `Gate.survey_async`, or a stand-in."""

    def __call__(self, question: str, *, filters: Filters | None = None) -> Awaitable[Survey]:
        """What each post says; a PostqaError says what is wrong with the question."""


def survey_tab(survey: Surveys, examples: Callable[[], str] = lambda: "") -> Tab:
    """The tab.

    Args:
        survey: Puts a question to every post.
        examples: Gives a question shown while the field is empty.
    """
    router = APIRouter(include_in_schema=False)

    @router.get(SURVEY_PATH)
    async def rows(
        q: Annotated[str, Query(max_length=4_000)],
        posts: Annotated[tuple[str, ...], Query(max_length=100)] = (),
        authors: Annotated[tuple[str, ...], Query(max_length=100)] = (),
        publishers: Annotated[tuple[str, ...], Query(max_length=100)] = (),
        since: Annotated[str, Query(max_length=10)] = "",
        until: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        """The rows of a question, or a sentence on what is wrong with it."""
        try:
            filters = stated_filters(posts=posts, authors=authors, publishers=publishers, since=since, until=until)
            return HTMLResponse(survey_html(await survey(q, filters=filters)))
        except PostqaError as error:
            return HTMLResponse(error_html(error), 422)

    return html_tab("Who says what", "survey", render("survey.html", example=examples()), router)


def survey_html(survey: Survey) -> Markup:
    """The counts, the posts that answer or come near by date, and the silent ones folded."""
    saying = [_row(row) for row in survey.rows if row.stance is not Stance.SILENT]
    silent = [Span(row.post.id) for row in survey.rows if row.stance is Stance.SILENT]
    posts = {row.post.id: row.post for row in survey.rows}
    return render("survey_rows.html", survey=survey, rows=saying, silent=silent, posts=posts)


def _row(row: PostStance) -> dict[str, object]:
    citation = row.citation
    assert citation is not None, "a post that is not silent is cited"  # noqa: S101
    place = citation.focus or citation
    return {
        "post": row.post,
        "whole": Span(row.post.id),
        "span": Span(row.post.id, place.start, place.end, place.quote),
        "sentence": shortened(citation.shown_focus, _LONGEST),
        "stance": row.stance,
        "label": _LABELS[row.stance],
        "figure": f"{row.probability:.0%}",
    }
