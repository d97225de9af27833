"""The command `qa`: all its commands, which live in modules of their own by group.

Exit codes: 0 done · 1 the answer is a refusal, or a comparison found a significant loss · 2 the command was
used wrongly · 3 an error that names its remedy · 4 built, but something was set aside · 5 the encoder does not
read the whole corpus.
"""

from __future__ import annotations

import sys
import warnings
from typing import Annotated, Any

import typer

from index.errors import PostqaError
from qa.cli import encoder_commands, index_commands
from qa.cli.ask_commands import add_user, ask, chat, search
from qa.cli.build_commands import build, doctor, follow, posts
from qa.cli.evaluation_commands import calibrate, compare_runs, evaluate_gold, suggest_gold
from qa.cli.feedback_commands import feedback_app
from qa.cli.options import Exit
from qa.cli.survey_command import survey

app = typer.Typer(
    name="qa",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 refused or significant loss, 2 usage, 3 error, 4 set aside, 5 not all read.",
)
gold_app = typer.Typer(help="Gold questions: propose them from the corpus.", no_args_is_help=True)
user_app = typer.Typer(help="Who may ask, where a server asks for a login.", no_args_is_help=True)

for command in (build, follow, ask, survey, search, chat, calibrate, posts, doctor):
    app.command()(command)
app.command("eval")(evaluate_gold)
app.command("compare")(compare_runs)
index_commands.register(app)
encoder_commands.register(app)
app.add_typer(feedback_app, name="feedback")
app.add_typer(gold_app, name="gold")
gold_app.command("suggest")(suggest_gold)
app.add_typer(user_app, name="user")
user_app.command("add")(add_user)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        print(f"postqa {version('postqa')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Ask a corpus of posts; every sentence of the answer is quoted from a post."""


def _print_note(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """A warning of ours as a sentence; what libraries warn their programmers of is none of a reader's business."""
    if category is UserWarning:
        print(f"qa: note: {message}", file=sys.stderr)


def main() -> None:
    """Run the command line; an error of ours is one sentence and an exit code, never a traceback."""
    warnings.showwarning = _print_note
    try:
        app()
    except PostqaError as error:
        print(f"qa: {error}", file=sys.stderr)
        sys.exit(Exit.ERROR)
    except KeyboardInterrupt:
        sys.exit(130)
