"""Votes: one for each turn, kept across threads and processes, and on the command line made into gold questions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa import Assistant
from qa.answering.receipt import Receipt
from qa.cli.main import app
from qa.evaluation.feedback import Feedback, FeedbackError, default_feedback_path
from qa.evaluation.gold import GoldQuestion, read_gold
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

RUN = CliRunner()
BUILT = "Who built the lighthouse on Gull Rock?"
RINGS = "Which planet has rings?"
KEY = "0123456789abcdef"


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        yield assistant


@pytest.fixture
def feedback(tmp_path: Path, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Feedback:
    monkeypatch.setenv("QA_FEEDBACK", str(tmp_path / "data" / "feedback.sqlite"))
    return Feedback(default_feedback_path(), lambda: assistant.index)


def _receipt(assistant: Assistant, question: str = BUILT) -> Receipt:
    return Receipt.of(assistant.ask(question))


def test_a_vote_is_kept_with_all_that_it_was_about(feedback: Feedback, assistant: Assistant) -> None:
    assert not feedback.path.exists()
    assert feedback.votes() == []
    answer = assistant.ask(BUILT)
    named = feedback.vote(Receipt.of(answer), -1, KEY)
    feedback.comment(named, "the year is missing")
    (kept,) = feedback.votes()
    assert (kept.vote, kept.comment, kept.key, kept.verdict) == (-1, "the year is missing", KEY, "")
    assert kept.answer_text == answer.text
    again = kept.receipt.answer(assistant.index)
    assert again.citations == answer.citations
    assert [one.text for one in again.passages] == [one.text for one in answer.passages]
    assert kept.receipt.generation == assistant.index.manifest.generation


def test_a_later_vote_replaces_the_first_with_its_comment_and_0_deletes_it(
    feedback: Feedback, assistant: Assistant
) -> None:
    receipt = _receipt(assistant)
    feedback.comment(feedback.vote(receipt, 1, KEY), "good")
    feedback.judge(KEY, "accepted")
    feedback.vote(receipt, -1, KEY)
    feedback.vote(receipt, 1, "another")
    assert [(one.key, one.vote, one.comment, one.verdict) for one in feedback.votes()] == [
        (KEY, -1, "", ""),
        ("another", 1, "", ""),
    ]
    feedback.vote(receipt, 0, KEY)
    feedback.comment(KEY, "too late")
    assert [one.key for one in feedback.votes()] == ["another"]


@pytest.mark.parametrize(("vote", "key"), [(2, KEY), (1, ""), (1, "x" * 65), (1, "'; DROP TABLE votes; --")])
def test_an_invalid_vote_or_key_is_refused(feedback: Feedback, assistant: Assistant, vote: int, key: str) -> None:
    with pytest.raises(FeedbackError, match="no vote"):
        feedback.vote(_receipt(assistant), vote, key)
    assert not feedback.path.exists()


def test_threads_vote_at_once_from_the_first_vote_on(feedback: Feedback, assistant: Assistant) -> None:
    receipt = _receipt(assistant)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: feedback.vote(receipt, 1, f"k{number}"), range(40)))
    assert {one.key for one in feedback.votes()} == {f"k{number}" for number in range(40)}
    assert [path.name for path in feedback.path.parent.iterdir() if path.name.startswith(".")] == []


def test_processes_vote_at_once_from_the_first_vote_on(feedback: Feedback, assistant: Assistant) -> None:
    receipt = _receipt(assistant).model_dump_json()
    script = (
        "import sys; from pathlib import Path; from qa.evaluation.feedback import Feedback\n"
        "from qa.answering.receipt import Receipt\n"
        "receipt = Receipt.model_validate_json(sys.stdin.read())\n"
        "for n in range(10): Feedback(Path(sys.argv[1])).vote(receipt, 1, f'{sys.argv[2]}-{n}')"
    )
    command = [sys.executable, "-c", script, str(feedback.path)]
    started = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    assert [process.communicate(receipt)[1] for process in started] == ["", "", ""]
    assert len(feedback.votes()) == 30


def test_a_file_that_holds_something_else_is_named_and_left_alone(tmp_path: Path, assistant: Assistant) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not votes, but long enough to be looked at as a file of rows", encoding="utf-8")
    with pytest.raises(FeedbackError, match=r"notes\.txt"):
        Feedback(other).vote(_receipt(assistant), 1, KEY)
    assert other.read_text(encoding="utf-8").startswith("not votes")


def test_votes_are_listed(feedback: Feedback, assistant: Assistant) -> None:
    assert RUN.invoke(app, ["feedback", "list"]).stdout == ""
    feedback.comment(feedback.vote(_receipt(assistant), -1, KEY), "wrong\x1b[2J\nyear")
    shown = RUN.invoke(app, ["feedback", "list"]).stdout
    assert "not helpful" in shown
    assert BUILT in shown
    assert "comment: wrong[2J year" in shown
    (told,) = json.loads(RUN.invoke(app, ["feedback", "list", "--json"]).stdout)
    assert (told["vote"], told["receipt"]["question"]) == (-1, BUILT)


def _reviewed(index: Path, out: Path, replies: str) -> str:
    done = RUN.invoke(app, ["feedback", "review", str(out), "--index", str(index)], input=replies)
    assert done.exit_code in (0, 1), done.output  # 1 is the end of the replies
    return done.output


def test_a_helpful_answer_becomes_a_gold_question_with_its_first_quote(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    answer = assistant.ask(BUILT)
    feedback.vote(Receipt.of(answer), 1, KEY)
    shown = _reviewed(small_index, tmp_path / "gold.jsonl", "a\n")
    assert answer.citations[0].quote in shown
    assert read_gold(tmp_path / "gold.jsonl").questions == (
        GoldQuestion(
            id=f"asked-{KEY}",
            question=BUILT,
            posts=("The lighthouse on Gull Rock",),
            quotes=(answer.citations[0].quote,),
            kind="asked",
        ),
    )


def test_what_was_reviewed_does_not_come_again_and_what_was_not_does(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    out = tmp_path / "gold.jsonl"
    for name in ("first", "second", "third"):
        feedback.vote(_receipt(assistant), 1, name)
    assert "1 added" in _reviewed(small_index, out, "a\nq\n")
    assert "0 added" in _reviewed(small_index, out, "r\nq\n")
    assert "1 added" in _reviewed(small_index, out, "e Who was the builder?\n")
    assert "0 added" in _reviewed(small_index, out, "")
    assert [question.question for question in read_gold(out).questions] == [BUILT, "Who was the builder?"]
    assert [one.verdict for one in feedback.votes()] == ["accepted", "rejected", "accepted"]


def test_a_vote_that_was_changed_after_its_review_comes_again_under_a_name_of_its_own(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    out = tmp_path / "gold.jsonl"
    feedback.vote(_receipt(assistant), 1, KEY)
    _reviewed(small_index, out, "a\n")
    feedback.vote(_receipt(assistant), -1, KEY)
    _reviewed(small_index, out, "u\na\n")
    assert [question.id for question in read_gold(out).questions] == [f"asked-{KEY}", f"asked-{KEY}-2"]


def test_for_an_answer_that_did_not_help_a_person_chooses_the_right_quote_or_none(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    answer = assistant.ask(BUILT)
    feedback.comment(feedback.vote(Receipt.of(answer), -1, "one"), "not what I asked")
    feedback.vote(Receipt.of(answer), -1, "two")
    shown = _reviewed(small_index, tmp_path / "gold.jsonl", "99\n2\na\nu\na\n")
    assert "not what I asked" in shown
    assert f"1. {answer.citations[0].quote}" in shown
    assert "2. Storms had wrecked eleven ships there." in shown
    quoted, unanswerable = read_gold(tmp_path / "gold.jsonl").questions
    assert quoted.quotes == ("Storms had wrecked eleven ships there.",)
    assert quoted.answerable
    assert not unanswerable.answerable
    assert unanswerable.question == BUILT


def test_a_refusal_that_was_right_becomes_an_unanswerable_question(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    feedback.vote(_receipt(assistant, RINGS), 1, KEY)
    assert "the posts do not answer it" in _reviewed(small_index, tmp_path / "gold.jsonl", "a\n")
    assert [question.answerable for question in read_gold(tmp_path / "gold.jsonl").questions] == [False]


def test_a_vote_whose_quotes_are_gone_is_reported_and_skipped(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    feedback.vote(_receipt(assistant), 1, KEY)
    build_small(small_index, [{**POSTS[0], "text": "Nobody knows who built it."}, *POSTS[1:]])
    shown = _reviewed(small_index, tmp_path / "gold.jsonl", "")
    assert f"skipped: {BUILT}" in shown
    assert "no longer where it was" in shown
    assert [one.verdict for one in feedback.votes()] == [""]


def test_nothing_is_added_to_a_file_that_is_no_gold_set(
    feedback: Feedback, assistant: Assistant, small_index: Path, tmp_path: Path
) -> None:
    feedback.vote(_receipt(assistant), 1, KEY)
    (tmp_path / "notes.txt").write_text("shopping", encoding="utf-8")
    done = RUN.invoke(
        app, ["feedback", "review", str(tmp_path / "notes.txt"), "--index", str(small_index)], input="a\n"
    )
    assert done.exit_code != 0
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "shopping"
    assert [one.verdict for one in feedback.votes()] == [""]
