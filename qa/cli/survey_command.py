"""The command `qa survey`: what each post says to a question."""

from __future__ import annotations

from typing import Annotated

import typer

from index.filters import stated_filters
from qa.cli import options
from qa.cli.output import print_json


def survey(
    question: Annotated[str, typer.Argument(help='Your question; "in 2018" or "since May 2020" are understood.')],
    index: options.IndexOption = None,
    encoder: options.EncoderOption = None,
    post: options.PostOption = None,
    author: options.AuthorOption = None,
    publisher: options.PublisherOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Show what each post says to a question, the latest first: its strongest sentence, or that it is silent."""
    from qa.survey.records import Stance, survey_to_json  # noqa: PLC0415  # only where it is used

    filters = stated_filters(posts=post, authors=author, publishers=publisher, since=since, until=until)
    result = options.open_assistant(index, encoder).survey(question, filters=filters)
    if as_json:
        print_json(survey_to_json(result))
    else:
        print(result)
    raise typer.Exit(options.Exit.DONE if result.counts[Stance.ANSWER] else options.Exit.REFUSED)
