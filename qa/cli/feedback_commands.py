"""Commands for votes on answers: `qa feedback list`, `qa feedback review`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import IndexOption, JsonFlag
from qa.cli.output import confirm_question, one_line, print_json, print_line, writing

if TYPE_CHECKING:
    from qa.evaluation.feedback import Feedback, Vote
    from qa.evaluation.feedback_review import Case

FeedbackOption = Annotated[
    Path | None,
    typer.Option("--feedback", help="The file of votes; default: QA_FEEDBACK, else in your data folder."),
]
_VOTES = {1: "helpful", -1: "not helpful"}

feedback_app = typer.Typer(help="What people think of answers, and gold questions from it.", no_args_is_help=True)


@feedback_app.command("list")
def list_votes(feedback: FeedbackOption = None, as_json: JsonFlag = False) -> None:
    """List the votes, the oldest first."""
    votes = _feedback(feedback).votes()
    if as_json:
        print_json([vote.model_dump(mode="json") for vote in votes])
        return
    for vote in votes:
        print_line(f"{vote.at}  {_VOTES[vote.vote]:<11}  {vote.receipt.question}")
        _print_details(4, comment=vote.comment, reviewed=vote.verdict)


@feedback_app.command()
def review(
    out: Annotated[Path, typer.Argument(help="Accepted questions are added to this gold file.")],
    index: IndexOption = None,
    feedback: FeedbackOption = None,
) -> None:
    """Go through the votes and turn them into gold questions, for you to accept, edit or reject."""
    from index.reader import Index  # noqa: PLC0415
    from qa.evaluation.feedback_review import cases, review_votes  # noqa: PLC0415
    from qa.evaluation.gold_append import appending_gold  # noqa: PLC0415

    store = _feedback(feedback)
    counts = {"accepted": 0, "rejected": 0}
    with writing(out), appending_gold(out) as append:
        open_cases = cases(store.votes(), Index.open(index), _print_skipped)
        for reviewed in review_votes(open_cases, _choose, confirm_question):
            if reviewed.question is not None:
                append(reviewed.question)  # before it is marked as reviewed: what is marked does not come again
            store.judge(reviewed.vote.key, reviewed.verdict)
            counts[reviewed.verdict] += 1
    print(f"{counts['accepted']} added to {out}, {counts['rejected']} rejected")


def _feedback(path: Path | None) -> Feedback:
    from qa.evaluation.feedback import Feedback, default_feedback_path  # noqa: PLC0415

    return Feedback(path or default_feedback_path())


def _choose(case: Case) -> str:
    vote = case.vote
    print()
    print_line(f"{_VOTES[vote.vote]}, {vote.at}: {vote.receipt.question}")
    _print_details(2, comment=vote.comment, answer=vote.answer_text)
    for number, choice in enumerate(case.choices[:-1], 1):
        print_line(f"{number}. {choice.quotes[0]} ({choice.posts[0]})", indent=2)
    return str(typer.prompt("Which is right? a number, [u] the posts do not answer it, [r]eject, [q]uit"))


def _print_skipped(vote: Vote, reason: str) -> None:
    print(one_line(f"skipped: {vote.receipt.question}: {reason}"), file=sys.stderr)


def _print_details(indent: int, **details: str) -> None:
    for name, text in details.items():
        if text:
            print_line(f"{name}: {text}", indent)
