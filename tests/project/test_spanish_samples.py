"""The sample posts in Spanish, their gold questions, and the questions that cross languages."""

from __future__ import annotations

from pathlib import Path

import pytest

import index
from index.records import Post
from index.settings import SourceSettings
from index.sources.read import read_posts
from qa.assistant import Assistant
from qa.evaluation.gold import read_gold
from qa.evaluation.runner import evaluate
from qa.question.language import language_of

SAMPLES = Path(__file__).resolve().parents[2] / "index" / "samples"
# Questions, the posts they are asked of, and the language they are in.
SETS = {
    "es/gold.jsonl": ("es/posts", "es"),
    "es/gold-en.jsonl": ("es/posts", "en"),
    "gold-es.jsonl": ("posts", "es"),
}


def _posts(folder: str) -> list[Post]:
    read = list(read_posts([SAMPLES / folder], SourceSettings()))
    found = [one for one in read if isinstance(one, Post)]
    assert len(found) == len(read), "something was set aside"
    return found


def test_there_are_eight_spanish_posts_each_with_its_front_matter() -> None:
    posts = _posts("es/posts")
    assert len(posts) == len({post.id for post in posts}) == 8
    for post in posts:
        assert post.authors, post.id
        assert post.publisher, post.id
        assert post.published, post.id
        assert post.url, post.id
        assert post.language == "es"
        assert 200 <= len(post.body.split()) <= 400, post.id


@pytest.mark.parametrize(("gold", "folder", "language"), [(name, *place) for name, place in SETS.items()])
def test_every_quote_and_answer_stands_verbatim_in_a_post_named(gold: str, folder: str, language: str) -> None:
    bodies = {post.title: post.body for post in _posts(folder)}
    for question in read_gold(SAMPLES / gold).questions:
        assert set(question.posts) <= bodies.keys(), question.id
        assert bool(question.quotes) == question.answerable, question.id
        for quote in question.quotes:
            assert any(quote in bodies[title] for title in question.posts), (question.id, quote)
        for answer in question.answers:
            assert any(answer.casefold() in bodies[title].casefold() for title in question.posts), (question.id, answer)


@pytest.mark.parametrize(("gold", "folder", "language"), [(name, *place) for name, place in SETS.items()])
def test_every_question_is_taken_to_be_in_its_language(gold: str, folder: str, language: str) -> None:
    known = ("es" if folder.startswith("es") else "en",)
    questions = read_gold(SAMPLES / gold).questions
    assert [one.question for one in questions if language_of(one.question, known) != language] == []
    assert [one.question for one in questions if language_of(one.question, ("en", "es")) != language] == []


def test_there_are_enough_questions_and_near_misses_among_them() -> None:
    questions = read_gold(SAMPLES / "es/gold.jsonl").questions
    assert len([one for one in questions if one.answerable]) >= 30
    assert len([one for one in questions if one.kind == "near-miss"]) >= 8
    assert {post.title for post in _posts("es/posts")} == {title for one in questions for title in one.posts}
    for name in ("es/gold-en.jsonl", "gold-es.jsonl"):
        assert len([one for one in read_gold(SAMPLES / name).questions if one.answerable]) >= 10


@pytest.mark.model
def test_words_and_an_english_encoder_find_the_right_spanish_post_for_every_question(tmp_path: Path) -> None:
    index.build([SAMPLES / "es/posts"], tmp_path / "index")
    with Assistant(tmp_path / "index") as assistant:
        found = evaluate(assistant, read_gold(SAMPLES / "es/gold.jsonl")).overall.measures
    assert found["post recall@1"].mean == 1.0
    assert found["quote@3"].mean >= 0.85
