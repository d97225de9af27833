"""The command line: asking, building, evaluating; the groups of further commands have modules of their own.

Exit codes: 0 done · 1 the answer is a refusal, or a comparison found a significant loss · 2 the command was
used wrongly · 3 an error that names its remedy · 4 built, but something was set aside · 5 the encoder does not
read the whole corpus.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from index.errors import PostqaError, SettingsError
from index.settings import BuildSettings, default_index_path
from qa.cli import encoder_commands as cli_encoder
from qa.cli import feedback_commands as cli_feedback
from qa.cli import index_commands as cli_index
from qa.cli.options import (
    AuthorOption,
    EncoderOption,
    Exit,
    IndexOption,
    JsonFlag,
    PostOption,
    PublisherOption,
    SinceOption,
    UntilOption,
    chosen,
    writing,
)
from qa.settings import REFUSAL_COST

app = typer.Typer(
    name="qa",
    help="Ask a corpus of posts; every sentence of the answer is quoted from a post.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 refused or significant loss, 2 usage, 3 error, 4 set aside, 5 not all read.",
)


gold_app = typer.Typer(help="Gold questions: propose them from the corpus.", no_args_is_help=True)
app.add_typer(gold_app, name="gold")
user_app = typer.Typer(help="Who may ask, where a server asks for a login.", no_args_is_help=True)
app.add_typer(user_app, name="user")
cli_index.register(app)
cli_encoder.register(app)
cli_feedback.register(app)


RerankerOption = Annotated[
    str | None,
    typer.Option("--reranker", envvar="QA_RERANKER", help="Folder or plug-in of a reranker for the best passages."),
]


@app.command()
def build(
    sources: Annotated[list[Path] | None, typer.Argument(help="Files and folders with posts.")] = None,
    index: IndexOption = None,
    sample: Annotated[bool, typer.Option("--sample", help="Index the posts that come with the package.")] = False,
    encoder: Annotated[
        str | None,
        typer.Option(envvar="QA_ENCODER", help="A model's name (qa encoder list), or a sentence-transformers folder."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything cannot be read.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read posts, cut and encode them, and publish the index."""
    from index.building.build import build as build_index  # noqa: PLC0415  # numpy and faiss only where they are used

    paths = [*(sources or []), *([sample_posts()] if sample else [])]
    if not paths:
        raise typer.BadParameter("name a file or folder with posts, or use --sample")
    settings = _settings(strict=strict, **({"encoder": encoder} if encoder else {}))
    with _progress(quiet=as_json) as tell:
        report = build_index(paths, index, settings=settings, progress=tell)
    if as_json:
        print(report.model_dump_json(indent=1))
    else:
        print(
            f"{report.posts} posts in {report.chunks} passages and {report.sentences} sentences, generation "
            f"{report.generation} in {report.path}, {report.seconds:.1f} s\n"
            f"{report.encoded} passages encoded, {report.reused} reused, {report.removed} removed"
        )
        if report.duplicates:
            print(f"{report.duplicates} duplicate(s) kept once, with all their places")
        for one in report.set_aside:
            print(f"set aside: {one.origin}: {one.reason}", file=sys.stderr)
    raise typer.Exit(Exit.SET_ASIDE if report.set_aside else Exit.DONE)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Your question.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    post: PostOption = None,
    author: AuthorOption = None,
    publisher: PublisherOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show each passage's signals.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Answer a question with quotes, or say that the posts do not; QA_LLM_URL and QA_LLM_MODEL name who may write."""
    from qa.cli.terminal import print_answer  # noqa: PLC0415
    from qa.render import answer_to_json, explained  # noqa: PLC0415

    filters = chosen(post, author, publisher, since, until)
    answer = _assistant(index, encoder, reranker, writes=True).ask(question, filters=filters)
    if as_json:
        print(json.dumps(answer_to_json(answer), indent=1, ensure_ascii=False))
    else:
        print_answer(answer)
        if explain:
            print(f"\n{explained(answer.passages)}")
    raise typer.Exit(Exit.DONE if answer.answered else Exit.REFUSED)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 10,
    index: IndexOption = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    post: PostOption = None,
    author: AuthorOption = None,
    publisher: PublisherOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: JsonFlag = False,
) -> None:
    """List the passages nearest to a question, best first."""
    from qa.render import explained, passage_to_json  # noqa: PLC0415

    filters = chosen(post, author, publisher, since, until)
    passages = _assistant(index, encoder, reranker).search(question, k, filters=filters)
    if as_json:
        print(json.dumps([passage_to_json(one) for one in passages], indent=1, ensure_ascii=False))
    else:
        print(explained(passages))


@app.command()
def chat(
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on; default: QA_HOST, else this machine.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on; default: QA_PORT, else 7860.")] = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    users_file: Annotated[Path | None, typer.Option(help="Who may log in, as qa user add writes it.")] = None,
    no_auth: Annotated[bool | None, typer.Option("--no-auth", help="Let everybody who reaches the port ask.")] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="Chat here, without a browser.")] = False,
) -> None:
    """Serve the chat page and the HTTP API, or chat in the terminal."""
    if terminal:
        from qa.cli.terminal import chat_here  # noqa: PLC0415

        chat_here(_assistant(index, encoder, reranker, writes=True))
        return
    from qa.server.run import serve  # noqa: PLC0415  # gradio takes seconds to import
    from qa.server.settings import server_settings  # noqa: PLC0415

    settings = server_settings(host=host, port=port, users_file=users_file, no_auth=no_auth)
    serve(_assistant(index, encoder, reranker, writes=True), settings)


@app.command("eval")
def evaluate_gold(
    gold: Annotated[Path, typer.Argument(help="Gold questions: JSON Lines, a BEIR folder, or SQuAD JSON.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every question's row here.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="An earlier --json file to compare with.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a self-contained report page here.")] = None,
) -> None:
    """Measure answers, rankings and refusals against gold questions."""
    from qa.evaluation.compare import comparison_table  # noqa: PLC0415
    from qa.evaluation.gold import read_gold  # noqa: PLC0415
    from qa.evaluation.html_report import html_report  # noqa: PLC0415
    from qa.evaluation.runner import evaluate  # noqa: PLC0415
    from qa.evaluation.tables import table, to_json  # noqa: PLC0415

    questions = read_gold(gold)
    assistant = _assistant(index, encoder, reranker)
    with _progress() as tell:
        evaluation = evaluate(assistant, questions, progress=lambda done, total: tell("asking", done, total))
    comparison = _compared(baseline, evaluation) if baseline else None
    print(table(evaluation))
    with writing(json_file):
        if json_file:
            json_file.write_text(json.dumps(to_json(evaluation), indent=1, ensure_ascii=False), encoding="utf-8")
    with writing(html):
        if html:
            html.write_text(html_report(evaluation, comparison), encoding="utf-8")
    if comparison is not None:
        print(comparison_table(comparison))
        raise typer.Exit(Exit.REFUSED if comparison.significant_loss else Exit.DONE)


@app.command()
def calibrate(
    gold: Annotated[Path, typer.Argument(help="Gold questions about the posts of this index.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    refusal_cost: Annotated[
        float, typer.Option(min=0.01, help="Cost of a needless refusal; a wrong answer costs 1.")
    ] = REFUSAL_COST,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the figures, write nothing.")] = False,
) -> None:
    """Fit the confidence to your own questions; `qa ask` uses it from then on."""
    from qa.answering.weights import save_calibration  # noqa: PLC0415
    from qa.evaluation.calibrate import calibrate as fit  # noqa: PLC0415
    from qa.evaluation.gold import read_gold  # noqa: PLC0415

    assistant = _assistant(index, encoder)
    with _progress() as tell:
        found, figures = fit(assistant, read_gold(gold), refusal_cost, lambda done, total: tell("asking", done, total))
    for name, value in figures.items():
        print(f"{name}: {value:.3f}")
    if not dry_run:
        print(f"written: {save_calibration(found, assistant.index.root)}")


@gold_app.command("suggest")
def suggest_gold(
    out: Annotated[Path, typer.Argument(help="Accepted questions are added to this file.")],
    index: IndexOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Most questions to propose.")] = 20,
    seed: Annotated[int, typer.Option(help="Another seed, another choice.")] = 0,
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Take every proposal unseen.")] = False,
) -> None:
    """Propose gold questions from the posts, for you to accept, edit or reject."""
    from index.reader import Index  # noqa: PLC0415
    from qa.evaluation.suggest import review, suggest, to_gold_line  # noqa: PLC0415

    proposed = suggest(Index.open(index), limit, seed)
    accepted = proposed if accept_all else review(proposed, _shown_for_review)
    with writing(out), out.open("a", encoding="utf-8") as file:
        file.writelines(f"{to_gold_line(question)}\n" for question in accepted)
    print(f"{len(accepted)} of {len(proposed)} added to {out}")


@user_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    file: Annotated[Path, typer.Option("--file", envvar="QA_USERS_FILE", help="The users file.")],
    password: Annotated[
        str, typer.Option(envvar="QA_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    """Add a person to a users file, or give one a new password; running servers take it up by themselves."""
    from qa.server.users import add_user as add  # noqa: PLC0415

    add(file, name, password)
    print(f"{name} may log in: {file}")


@app.command()
def posts(index: IndexOption = None, as_json: JsonFlag = False) -> None:
    """List the posts of an index."""
    from index.reader import Index  # noqa: PLC0415

    for post in Index.open(index).posts():
        if as_json:
            print(json.dumps(post.model_dump(exclude={"body"}), ensure_ascii=False))
        else:
            about = " · ".join(filter(None, (", ".join(post.authors), post.publisher, post.published)))
            print(f"{post.id}\n    {post.title}" + (f"\n    {about}" if about else ""))


@app.command()
def doctor(index: IndexOption = None, encoder: EncoderOption = None, as_json: JsonFlag = False) -> None:
    """Check that the index is sound and that the encoder reads every token of the corpus."""
    from index.coverage import coverage  # noqa: PLC0415

    assistant = _assistant(index, encoder)
    found = coverage(assistant.index, assistant.encoder)
    if as_json:
        print(json.dumps(found.model_dump() | {"share": found.share}, indent=1, ensure_ascii=False))
    else:
        print(f"files: as published (generation {assistant.index.manifest.generation})")
        print(f"encoder: {assistant.encoder_name}, reads {assistant.encoder.identity.token_limit} tokens at once")
        print(
            f"read: {found.read:,} of {found.tokens:,} tokens of {found.posts} posts in {found.chunks} passages "
            f"({found.share:.2%})"
        )
        for one in found.unread:
            print(f"not read: {one.post_id} {one.start}:{one.end} {one.text!r}", file=sys.stderr)
    raise typer.Exit(Exit.DONE if found.share == 1.0 else Exit.UNREAD)


def _shown_for_review(question: Any) -> str:
    print(f"\n{question.question}\n  answers: {', '.join(question.answers)}\n  quote: {question.quotes[0]}")
    return str(typer.prompt("[a]ccept, [r]eject, e NEW WORDING, [q]uit", default="a"))


def sample_posts() -> Path:
    """The folder of posts that come with the package."""
    return Path(str(resources.files("index") / "samples" / "posts"))


def main() -> None:
    """Run the command line; an error of ours is one sentence and an exit code, never a traceback."""
    try:
        app()
    except PostqaError as error:
        print(f"qa: {error}", file=sys.stderr)
        sys.exit(Exit.ERROR)
    except KeyboardInterrupt:
        sys.exit(130)


def _assistant(
    index: Path | None, encoder: str | None = None, reranker: str | None = None, *, writes: bool = False
) -> Any:
    from qa.answering.llm.writer import configured_writer  # noqa: PLC0415
    from qa.assistant import Assistant  # noqa: PLC0415  # here and not above, for start's sake
    from qa.settings import AskSettings  # noqa: PLC0415

    # What measures answers measures the posts' own words: a language model would make every run another one.
    writer = configured_writer() if writes else None
    settings = AskSettings(reranker=reranker)
    return Assistant(index or default_index_path(), encoder=encoder, settings=settings, writer=writer)


def _compared(baseline: Path, evaluation: Any) -> Any:
    from qa.evaluation.compare import compare  # noqa: PLC0415

    try:
        old = json.loads(baseline.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            "the baseline cannot be read", where=baseline, seen=error, remedy="Name a file written by --json."
        ) from error
    return compare(old, evaluation, where=baseline)


def _settings(**values: object) -> BuildSettings:
    try:
        return BuildSettings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("a setting is wrong", seen=error, remedy="See qa build --help.") from error


@contextmanager
def _progress(*, quiet: bool = False) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def tell(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield tell
