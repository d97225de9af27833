"""The posts and gold questions that come with the package."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from index.records import Post
from index.settings import SourceSettings
from index.sources.read import read_posts
from qa.cli.build_commands import sample_posts
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.question.language import language_of

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "index" / "samples"


@pytest.fixture(scope="module")
def posts() -> list[Post]:
    """The sample posts, as a build reads them."""
    read = list(read_posts([sample_posts()], SourceSettings()))
    found = [one for one in read if isinstance(one, Post)]
    assert len(found) == len(read), "something was set aside"
    return found


@pytest.fixture(scope="module")
def gold() -> tuple[GoldQuestion, ...]:
    """The sample's gold questions."""
    return read_gold(SAMPLES / "gold.jsonl").questions


def test_there_are_at_least_twelve_posts_each_with_its_front_matter(posts: list[Post]) -> None:
    assert len(posts) >= 12
    for post in posts:
        assert post.authors, post.id
        assert post.publisher, post.id
        assert post.published, post.id
        assert post.url, post.id
        assert post.language == "en"
        assert len(post.body) > 500


def test_ids_and_titles_are_each_given_once(posts: list[Post], gold: tuple[GoldQuestion, ...]) -> None:
    assert len({post.id for post in posts}) == len(posts)
    assert len({post.title for post in posts}) == len(posts)
    assert len({one.id for one in gold}) == len(gold)
    assert len({one.question for one in gold}) == len(gold)


def test_there_are_forty_questions_and_twelve_without_an_answer_half_of_them_near_misses(
    gold: tuple[GoldQuestion, ...],
) -> None:
    never = [one for one in gold if not one.answerable]
    near = [one for one in never if one.kind == "near-miss"]
    assert len(gold) >= 40
    assert len(never) >= 12
    assert 2 * len(near) >= len(never)
    assert len(near) < len(never)
    assert all(not (one.quotes or one.answers or one.posts) for one in never)


def test_every_quote_stands_verbatim_in_a_post_named(posts: list[Post], gold: tuple[GoldQuestion, ...]) -> None:
    bodies = {post.title: post.body for post in posts}
    for question in gold:
        assert set(question.posts) <= bodies.keys(), question.id
        for quote in question.quotes:
            assert any(quote in bodies[title] for title in question.posts), (question.id, quote)


def test_every_answerable_question_has_a_quote_and_an_answer_out_of_its_posts(
    posts: list[Post], gold: tuple[GoldQuestion, ...]
) -> None:
    bodies = {post.title: post.body.casefold() for post in posts}
    for question in gold:
        if question.answerable:
            assert question.quotes, question.id
            for answer in question.answers:
                assert any(answer.casefold() in bodies[title] for title in question.posts), (question.id, answer)


def test_every_post_answers_a_question(posts: list[Post], gold: tuple[GoldQuestion, ...]) -> None:
    assert {post.title for post in posts} <= {title for question in gold for title in question.posts}


def test_every_question_is_taken_as_english(gold: tuple[GoldQuestion, ...]) -> None:
    assert [one.question for one in gold if language_of(one.question, ("en",)) != "en"] == []


def test_every_sample_file_is_shipped_in_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    globs = project["tool"]["setuptools"]["package-data"]["index"]
    files = [path.relative_to(ROOT / "index") for path in SAMPLES.rglob("*") if path.is_file()]
    assert files
    for file in files:
        assert any(fnmatch(file.as_posix(), glob) for glob in globs), file
