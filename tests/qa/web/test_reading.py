"""The reading pane: a post whole and inert, the place marked, found again where it moved, and said where it is gone."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.records import Post
from qa import Assistant
from qa.web.reading import Place, body_html, found_again, read_link
from qa.web.routes import page_routes
from tests.qa.web.page_elements import HOSTILE
from tests.qa.web.test_render import OWN_ATTRIBUTES, OWN_TAGS, Page

TEXT = "The ferry leaves at noon, says Ann."


def _place(post: Post, quote: str) -> Place:
    start = post.body.index(quote)
    return Place(post.id, start, start + len(quote), quote)


def test_the_whole_post_is_shown_and_the_mark_is_the_quote(post: Post) -> None:
    page = Page(body_html(post, _place(post, TEXT)))
    assert page.text == post.body
    assert page.marks == [TEXT]


def test_a_heading_keeps_its_marks_in_the_text_but_out_of_sight(post: Post) -> None:
    shown = body_html(post, None)
    assert '<strong class="pq-heading"><span class="pq-hash">&#35;&#35; </span>Ropes</strong>' in shown
    assert Page(shown).marks == []


def test_a_mark_that_covers_a_heading_is_whole(post: Post) -> None:
    quote = "## Ropes\n\nKnots hold."
    assert "".join(Page(body_html(post, _place(post, quote))).marks) == quote


def test_of_a_very_long_post_what_is_around_the_place_is_shown() -> None:
    post = Post(id="long", title="t", body=f"{'word ' * 200_000}Here it is. {'more ' * 200_000}")
    page = Page(body_html(post, _place(post, "Here it is.")))
    assert page.marks == ["Here it is."]
    assert "The post begins earlier." in page.text
    assert "The post goes on." in page.text
    assert len(page.text) < 500_000


@pytest.mark.parametrize("before", ["", "New words first. "])
def test_a_quote_is_found_where_it_stands_now(post: Post, before: str) -> None:
    moved = post.model_copy(update={"body": before + post.body})
    found = found_again(moved, _place(post, TEXT))
    assert found is not None
    assert moved.body[found.start : found.end] == TEXT


def test_a_quote_that_is_gone_is_not_found(post: Post) -> None:
    assert found_again(post.model_copy(update={"body": "Other words."}), _place(post, TEXT)) is None


def test_nothing_of_a_hostile_post_becomes_markup() -> None:
    for shown in (body_html(HOSTILE, Place("hostile", 0, 40)), read_link(Place('"><script>', 0, 1), "<b>x", "pq-read")):
        page = Page(shown)
        assert set(page.tags) <= OWN_TAGS
        assert set(page.attributes) <= OWN_ATTRIBUTES


@pytest.fixture
def routes(web_assistant: Assistant) -> TestClient:
    app = FastAPI()
    app.include_router(page_routes(lambda: web_assistant.index))
    return TestClient(app)


def test_a_post_is_read_at_a_place_with_its_doors_and_neighbours(routes: TestClient) -> None:
    quote = "The keeper sells honey in summer."
    reply = routes.get("/page/read", params={"post": "lighthouse", "start": 3, "end": 9, "quote": quote})
    page = Page(reply.text)
    assert reply.status_code == 200
    assert page.marks == [quote]  # found again: it does not stand at 3
    assert "Similar posts" in page.text
    assert "Ask about this post" in page.text
    assert any(link.startswith("https://coast.example/lighthouse#:~:text=The%20keeper") for link in page.links)


def test_a_quote_that_changed_and_a_post_that_went_are_said(routes: TestClient) -> None:
    changed = routes.get("/page/read", params={"post": "bees", "start": 0, "end": 4, "quote": "Gone."})
    assert "no longer says what was quoted" in Page(changed.text).text
    gone = routes.get("/page/read", params={"post": "nobody"})
    assert gone.status_code == 404
    assert "no longer in the index" in gone.text


@pytest.mark.parametrize("asked", [{"start": -1}, {"end": "x"}, {}])
def test_a_place_that_is_none_is_refused(routes: TestClient, asked: dict[str, str | int]) -> None:
    wanted: dict[str, str | int] = {"post": "bees"} if asked else {}
    assert routes.get("/page/read", params={**wanted, **asked}).status_code == 422
