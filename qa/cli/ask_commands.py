"""Commands that answer: `qa ask`, `qa search`, `qa chat`, and who may log in: `qa user add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.filters import stated_filters
from qa.cli import options
from qa.cli.output import print_json, print_notes


def ask(
    question: Annotated[str, typer.Argument(help="Your question.")],
    index: options.IndexOption = None,
    encoder: options.EncoderOption = None,
    reranker: options.RerankerOption = None,
    post: options.PostOption = None,
    author: options.AuthorOption = None,
    publisher: options.PublisherOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show each passage's features.")] = False,
    as_json: options.JsonFlag = False,
) -> None:
    """Answer a question with quotes, or say that the posts do not; QA_LLM_URL and QA_LLM_MODEL name who may write.

    A question such as "which posts mention …?" is put to every post, as by qa survey; --json has both.
    """
    from qa.cli.terminal import print_answer  # noqa: PLC0415
    from qa.render import answer_to_json, explained  # noqa: PLC0415
    from qa.survey.records import Stance, with_survey  # noqa: PLC0415
    from qa.survey.request import asks_for_posts  # noqa: PLC0415

    filters = stated_filters(posts=post, authors=author, publishers=publisher, since=since, until=until)
    assistant = options.open_assistant(index, encoder, reranker, writes=True)
    survey = assistant.survey(question, filters=filters) if asks_for_posts(question) else None
    if survey and not as_json:
        print(survey)
        raise typer.Exit(options.Exit.DONE if survey.counts[Stance.ANSWER] else options.Exit.REFUSED)
    answer = assistant.ask(question, filters=filters)
    if as_json:
        print_json(with_survey(answer_to_json(answer), survey))
    else:
        print_answer(answer)
        if explain:
            print(f"\n{explained(answer.passages)}")
    raise typer.Exit(options.Exit.DONE if answer or answer.is_reply else options.Exit.REFUSED)


def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 10,
    index: options.IndexOption = None,
    encoder: options.EncoderOption = None,
    reranker: options.RerankerOption = None,
    post: options.PostOption = None,
    author: options.AuthorOption = None,
    publisher: options.PublisherOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    as_json: options.JsonFlag = False,
) -> None:
    """List the passages nearest to a question, best first."""
    from qa.render import explained, search_to_json  # noqa: PLC0415

    filters = stated_filters(posts=post, authors=author, publishers=publisher, since=since, until=until)
    result = options.open_assistant(index, encoder, reranker).search_result(question, k, filters=filters)
    if as_json:
        print_json(search_to_json(result))
    else:
        print(explained(result.passages))
        print_notes(result.warnings)


def chat(
    index: options.IndexOption = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on; default: QA_HOST, else this machine.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on; default: QA_PORT, else 7860.")] = None,
    encoder: options.EncoderOption = None,
    reranker: options.RerankerOption = None,
    users_file: Annotated[Path | None, typer.Option(help="Who may log in, as qa user add writes it.")] = None,
    no_auth: Annotated[bool | None, typer.Option("--no-auth", help="Let everybody who reaches the port ask.")] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="Chat here, without a browser.")] = False,
) -> None:
    """Serve the chat page and the HTTP API, or chat in the terminal."""
    if terminal:
        from qa.cli.terminal import chat_here  # noqa: PLC0415

        chat_here(options.open_assistant(index, encoder, reranker, writes=True))
        return
    from qa.server.run import serve  # noqa: PLC0415  # gradio takes seconds to import
    from qa.server.settings import server_settings  # noqa: PLC0415

    settings = server_settings(host=host, port=port, users_file=users_file, no_auth=no_auth)
    serve(options.open_assistant(index, encoder, reranker, writes=True), settings)


def add_user(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    file: Annotated[Path, typer.Option("--file", envvar="QA_USERS_FILE", help="The users file.")],
    password: Annotated[
        str, typer.Option(envvar="QA_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    """Add a person to a users file, or give one a new password; running servers pick it up by themselves."""
    from qa.server.users import add_user as add  # noqa: PLC0415

    add(file, name, password)
    print(f"{name} may log in: {file}")
