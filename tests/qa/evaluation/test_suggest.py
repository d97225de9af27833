"""Proposed gold questions: proven, in English, the same every time; and their review by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

import index as corpus
from index.reader import Index
from index.records import Post
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.gold_append import appending_gold, to_gold_line
from qa.evaluation.suggest import review, suggest
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder

SAMPLES = Path(corpus.__file__).parent / "samples" / "posts"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    root = tmp_path_factory.mktemp("samples") / "index"
    corpus.build([SAMPLES], root, settings=SMALL_CHUNKS, encoder=WordHashEncoder())
    opened = Index.open(root)
    yield opened
    opened.close()


class Holds:
    """As much of an index as proposals are made from: its posts."""

    def __init__(self, *posts: Post) -> None:
        self._posts = posts

    def posts(self) -> Iterator[Post]:
        """Every post."""
        return iter(self._posts)


def _of(*posts: Post) -> list[GoldQuestion]:
    """Everything proposed from a few posts."""
    return suggest(cast(Index, Holds(*posts)), 50)


def _post(text: str, *, title: str = "A post", authors: tuple[str, ...] = (), language: str = "en") -> Post:
    return Post(id=title, title=title, body=text, authors=authors, language=language)


@pytest.mark.slow
def test_every_proposal_is_proven_by_its_posts(samples: Index) -> None:
    bodies = {post.title: post.body for post in samples.posts()}
    proposed = suggest(samples, 1_000)
    assert len(proposed) > 50
    for question in proposed:
        assert question.posts
        assert question.answers
        assert all(quote in bodies[title] for quote in question.quotes for title in question.posts)
        assert all(any(answer in quote for quote in question.quotes) for answer in question.answers)
        assert not any(answer in question.question for answer in question.answers)
        assert question.question[0].isupper()
        assert question.question.endswith("?")


def test_nothing_is_asked_twice_and_ids_count_up(samples: Index) -> None:
    proposed = suggest(samples, 1_000)
    assert len({question.question.casefold() for question in proposed}) == len(proposed)
    assert len({question.quotes[0] for question in proposed}) == len(proposed)
    assert [question.id for question in proposed[:2]] == ["g001", "g002"]


def test_the_same_seed_gives_the_same_and_another_seed_others(samples: Index) -> None:
    assert suggest(samples, 10, seed=3) == suggest(samples, 10, seed=3)
    assert suggest(samples, 10, seed=3) != suggest(samples, 10, seed=4)
    assert suggest(samples, 10, seed=3) == suggest(samples, 1_000, seed=3)[:10]


def test_proposals_are_spread_over_posts_and_kinds(samples: Index) -> None:
    proposed = suggest(samples, 16)
    posts = Counter(question.posts[0] for question in proposed)
    assert len(proposed) == 16
    assert max(posts.values()) <= 2
    assert {"factoid", "explain", "list"} <= {question.kind for question in suggest(samples, 40)}


def test_a_limit_of_zero_proposes_none(samples: Index) -> None:
    assert suggest(samples, 0) == []


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Ingrid Holm built the lighthouse in 1874.", "When did Ingrid Holm build the lighthouse?", "1874"),
        ("The Junco Fund was set up in May 2022 by shops.", "When was the Junco Fund set up?", "May 2022"),
        (
            "Captain Oda Lind has steered the ferry since 1998.",
            "Since when has Captain Oda Lind steered the ferry?",
            "1998",
        ),
        ("Ana Diaz is a sociologist who lives in Graz.", "Who is Ana Diaz?", "sociologist"),
        ("PalletNet is an open dataset, made by hand.", "What is PalletNet?", "open dataset"),
        ("We use principal component analysis (PCA) here.", "What does PCA stand for?", "principal component analysis"),
        ("BrineWatch, a company founded in 2021, grew.", "When was BrineWatch founded?", "2021"),
        ("It is run by the Ribera Lab, a group based in Lima.", "Where is the Ribera Lab based?", "Lima"),
        ("PalletNet has 85 million weights.", "How many weights does PalletNet have?", "85 million"),
        (
            "“Random vectors are no substitute,” said Oda Lind.",
            "Who said “Random vectors are no substitute”?",
            "Oda Lind",
        ),
        (
            "The mobile link at the Lima beach drops out 61 times a week.",
            "In the post “A post”, what number completes: “The mobile link at the Lima beach drops out ____ "
            "times a week.”?",
            "61",
        ),
    ],
)
def test_a_sentence_makes_a_question(text: str, question: str, answer: str) -> None:
    [made] = _of(_post(text))
    assert (made.question, made.answers, made.quotes) == (question, (answer,), (text,))


@pytest.mark.parametrize(
    "text",
    [
        "They founded the company in Lima in 2018.",
        "In 2018 it moved to a much larger house by the sea in Lima.",
        "Yesterday was a holiday, and the model is a company.",
        "Storms were seen in 1874.",
        "Ingrid Holm showed them this in 2018.",
        "Part Apollo 11 of the long series was flown by nobody at all.",
        "Harvard is the largest city by size in the U.S. state of Ohio.",
        "Words of no kind that is asked (RSSI) for.",
    ],
)
def test_a_sentence_that_points_to_another_makes_no_question(text: str) -> None:
    assert _of(_post(text)) == []


def test_a_date_that_may_belong_to_another_verb_makes_a_cloze() -> None:
    [made] = _of(_post("Ingrid Holm replaced a market originally built in 1808."))
    assert made.kind == "cloze"


def test_an_author_is_asked_for_where_the_byline_proves_it() -> None:
    text = "Posted by Ana Diaz, Engineer\n\nAna Diaz leads the search team at Lima."
    made = {question.question: question for question in _of(_post(text, authors=("Ana Diaz",)))}
    assert made["Who wrote the post “A post”?"].quotes == ("Posted by Ana Diaz, Engineer",)
    assert made["Who leads the search team at Lima?"].answers == ("Ana Diaz",)


@pytest.mark.parametrize(
    ("lead", "question"),
    [
        ("To climb the old tower, do the following:", "How do I climb the old tower?"),
        ("To train your model, proceed in two steps:", "How do I train my model?"),
        ("There are two families of indexes:", "What are the two families of indexes?"),
        ("The keeper gave us these:", "What does the post “A post” list under “Visiting”?"),
    ],
)
def test_a_list_is_asked_for_with_its_items(lead: str, question: str) -> None:
    [made] = _of(_post(f"## Visiting\n\n{lead}\n\n1. Buy a ticket.\n2. Take the ferry."))
    assert made.question == question
    assert made.kind == "list"
    assert made.quotes == (lead, "Buy a ticket.", "Take the ferry.")
    assert made.answers == ("Buy a ticket.", "Take the ferry.")


def test_all_posts_that_hold_the_quote_are_named() -> None:
    sentence = "Captain Oda Lind has steered the ferry since 1998."
    [made] = _of(_post(f"{sentence} More follows.", title="One"), _post(sentence, title="Two"))
    assert set(made.posts) == {"One", "Two"}


def test_posts_in_other_languages_are_skipped() -> None:
    assert _of(_post("Ana Diaz has 85 casas.", language="es")) == []


def test_a_line_is_read_back_as_it_was(samples: Index, tmp_path: Path) -> None:
    proposed = suggest(samples, 1_000)
    refused = GoldQuestion(id="n1", question="Why?\u2028No.", answerable=False, kind="near-miss", post_ids=("x",))
    path = tmp_path / "gold.jsonl"
    lines = [to_gold_line(question) for question in (*proposed, refused)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_gold(path).questions == (*proposed, refused)


def _questions(count: int) -> list[GoldQuestion]:
    return [GoldQuestion(id=f"g{n}", question=f"Number {n}?", posts=("A post",)) for n in range(count)]


def _replies(*replies: str) -> Callable[[GoldQuestion], str]:
    left = iter(replies)
    return lambda question: next(left)


def test_a_review_keeps_what_is_accepted_or_reworded_until_it_ends() -> None:
    kept = review(_questions(5), _replies("a", "r", "e In other words?", "q"))
    assert [(question.id, question.question) for question in kept] == [("g0", "Number 0?"), ("g2", "In other words?")]


def test_an_unclear_reply_is_asked_for_again() -> None:
    assert review(_questions(2), _replies("", "what", "e", "a b", " A ", "R")) == _questions(1)


def test_a_review_leaves_the_proposals_as_they_were() -> None:
    proposed = _questions(1)
    review(proposed, _replies("e Other?"))
    assert proposed == _questions(1)


def test_questions_added_to_a_file_twice_keep_ids_of_their_own(samples: Index, tmp_path: Path) -> None:
    out = tmp_path / "gold.jsonl"
    for seed in (1, 2):
        with appending_gold(out) as append:
            for question in suggest(samples, 3, seed):
                append(question)
    assert [question.id for question in read_gold(out).questions] == [
        "g001",
        "g002",
        "g003",
        "g001-2",
        "g002-2",
        "g003-2",
    ]
