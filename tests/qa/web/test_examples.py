"""Example questions are made of the corpus at hand, few are tried, and only answered ones are offered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index import build
from index.records import Post
from qa import Answer, Assistant
from qa.answer import Level
from qa.cli.build_commands import sample_posts
from qa.web.examples import Outline, answered, candidates, example_questions, follow_ups
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder, plain_weights


class Counting:
    """Answers every nth question, or none, and remembers all."""

    def __init__(self, answer: Answer, nth: int) -> None:
        self.answer = answer
        self.nth = nth
        self.asked: list[str] = []

    def quote(self, question: str, *, history: Sequence[Answer] = (), filters: object = None) -> Answer:
        """A made answer."""
        self.asked.append(question)
        level = Level.NEAREST if len(self.asked) % self.nth else Level.ANSWER
        return self.answer.model_copy(update={"level": level, "confidence": len(self.asked) / 100})


def _outline(title: str, *headings: str, body: str = "Body.", language: str = "en") -> Outline:
    return Outline(Post(id=title, title=title, body=body, language=language), headings)


def test_names_headings_titles_and_questions_become_questions() -> None:
    made = list(
        candidates(
            [
                _outline("Replylet: Drafts", "About the author", body="Replylet drafts. Replylet is small."),
                _outline("Why do bees sleep? Notes", "Dilation instead of density", body="The dilation is wide."),
                _outline("Bees of the island"),
                _outline("Bienen der Insel", language="de"),
            ]
        )
    )
    assert made == [
        "What is Replylet?",
        "What do the posts say about dilation instead of density?",
        "Why do bees sleep?",
        "What do the posts say about bees of the island?",
    ]


def test_at_most_twelve_are_tried_and_the_three_surest_offered(answer: Answer) -> None:
    assert [example.question for example in answered(Counting(answer, 2), map(str, range(100)))] == ["11", "9", "7"]
    few = Counting(answer, 7)
    filled = [example.question for example in answered(few, map(str, range(100)))]
    assert filled == ["6", "11", "10"]  # those nearest to an answer fill up
    assert len(few.asked) == 12


def test_the_same_index_gives_the_same_examples_and_answers_them(web_assistant: Assistant) -> None:
    lenient = Assistant(web_assistant.index, encoder=WordHashEncoder(), weights=plain_weights(threshold=0.1))
    examples = example_questions(lenient)
    assert examples
    assert examples == example_questions(lenient)
    assert all(lenient.ask(example.question) for example in examples)


def test_examples_are_questions_that_sentences_of_different_posts_answer(tmp_path: Path) -> None:
    encoder = WordHashEncoder()
    build([sample_posts()], tmp_path / "index", settings=SMALL_CHUNKS, encoder=encoder)
    with Assistant(tmp_path / "index", encoder=encoder, weights=plain_weights()) as assistant:
        examples = example_questions(assistant)
        answers = [assistant.quote(example.question) for example in examples]
    assert all(answer.level is Level.ANSWER for answer in answers)
    assert [answer.citations[0].post.title for answer in answers] == [example.source for example in examples]
    assert len({example.source for example in examples}) == len({example.question[:4] for example in examples}) == 3


def test_follow_ups_are_answered_with_quotes_not_shown_yet(web_assistant: Assistant) -> None:
    lenient = Assistant(web_assistant.index, encoder=WordHashEncoder(), weights=plain_weights(threshold=0.1))
    answer = lenient.ask("Who built the lighthouse on Gull Rock?")
    quoted = {(citation.post.id, citation.start) for citation in answer.citations}
    questions = follow_ups(lenient, answer)
    assert questions
    assert answer.question not in questions
    for question in questions:
        first = lenient.ask(question).citations[0]
        assert (first.post.id, first.start) not in quoted
