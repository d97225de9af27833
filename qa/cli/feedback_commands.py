"""Commands over what people think of answers: `qa feedback list`, `qa feedback review`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import IndexOption, JsonFlag, writing

if TYPE_CHECKING:
    from qa.evaluation.feedback import Feedback, Voted
    from qa.evaluation.feedback_review import Case
    from qa.evaluation.gold import GoldQuestion

FeedbackOption = Annotated[
    Path | None,
    typer.Option("--feedback", help="The file of votes; default: QA_FEEDBACK, else in your data folder."),
]
_VOTES = {1: "helpful", -1: "not helpful"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="What people think of answers, and gold questions from it.", no_args_is_help=True)
    group.command("list")(list_votes)
    group.command()(review)
    app.add_typer(group, name="feedback")


def list_votes(feedback: FeedbackOption = None, as_json: JsonFlag = False) -> None:
    """List the votes, the oldest first."""
    votes = _feedback(feedback).votes()
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in votes], indent=1, ensure_ascii=False))
        return
    for one in votes:
        _print(f"{one.at}  {_VOTES[one.vote]:<11}  {one.receipt.question}")
        for detail in (f"word: {one.word}" if one.word else "", f"reviewed: {one.verdict}" if one.verdict else ""):
            if detail:
                _print(detail, indent=4)


def review(
    out: Annotated[Path, typer.Argument(help="Accepted questions are added to this gold file.")],
    index: IndexOption = None,
    feedback: FeedbackOption = None,
) -> None:
    """Go through the votes and turn them into gold questions, for you to accept, edit or reject."""
    from index.reader import Index  # noqa: PLC0415
    from qa.evaluation.feedback_review import cases, review_votes  # noqa: PLC0415
    from qa.evaluation.suggest import to_gold_line  # noqa: PLC0415

    store = _feedback(feedback)
    taken = _ids(out)
    counts = {"accepted": 0, "rejected": 0}
    with writing(out), out.open("a", encoding="utf-8") as file:
        found = cases(store.votes(), Index.open(index), _stale)
        for done in review_votes(found, _choose, _confirm):
            if done.question is not None:
                question = done.question.model_copy(update={"id": _free(done.question.id, taken)})
                file.write(f"{to_gold_line(question)}\n")
                file.flush()  # before it is marked: what is marked does not come again
            store.judge(done.voted.key, done.verdict)
            counts[done.verdict] += 1
    print(f"{counts['accepted']} added to {out}, {counts['rejected']} rejected")


def _feedback(path: Path | None) -> Feedback:
    from qa.evaluation.feedback import Feedback, default_feedback_path  # noqa: PLC0415

    return Feedback(path or default_feedback_path())


def _ids(out: Path) -> set[str]:
    """The ids that a gold file has already; one that cannot be read as gold is not added to."""
    from qa.evaluation.gold import read_gold  # noqa: PLC0415

    if not out.exists() or not out.stat().st_size:
        return set()
    return {question.id for question in read_gold(out).questions}


def _free(name: str, taken: set[str]) -> str:
    """A name that the file has not: a vote that was changed after its review comes a second time."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


def _choose(case: Case) -> str:
    _show(case.voted)
    for number, choice in enumerate(case.choices[:-1], 1):
        _print(f"{number}. {choice.quotes[0]} ({choice.posts[0]})", indent=2)
    return str(typer.prompt("Which is right? a number, [u] the posts do not answer it, [r]eject, [q]uit"))


def _confirm(question: GoldQuestion) -> str:
    print()
    _print(question.question)
    if question.quotes:
        _print(f"quote: {question.quotes[0]} ({question.posts[0]})", indent=2)
    else:
        _print("the posts do not answer it", indent=2)
    return str(typer.prompt("[a]ccept, [r]eject, e NEW WORDING, [q]uit", default="a"))


def _show(voted: Voted) -> None:
    print()
    _print(f"{_VOTES[voted.vote]}, {voted.at}: {voted.receipt.question}")
    for name, text in (("word", voted.word), ("said", voted.said)):
        if text:
            _print(f"{name}: {text}", indent=2)


def _stale(voted: Voted, reason: str) -> None:
    print(_line(f"passed over: {voted.receipt.question}: {reason}"), file=sys.stderr)


def _print(text: str, indent: int = 0) -> None:
    print(" " * indent + _line(text))


def _line(text: str) -> str:
    """Strangers' words in one line: what would steer a terminal is taken out."""
    from index.sources.decoding import clean  # noqa: PLC0415

    return " ".join(clean(text).split())
