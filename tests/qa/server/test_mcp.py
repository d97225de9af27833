"""The tools for other programs' language models, used by a real client of the protocol."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from mcp import Client

from tests.qa.server.clients import ApiClient, StartServer

pytestmark = pytest.mark.slow

QUESTION = "Who built the lighthouse on Gull Rock?"


def _called(client: ApiClient, name: str, arguments: dict[str, Any]) -> tuple[bool, Any]:
    """Whether a tool failed, and its result."""

    async def call() -> tuple[bool, Any]:
        async with Client(f"{client.server.address}mcp") as session:
            result = await session.call_tool(name, arguments)
            text = getattr(result.content[0], "text", "")
            return bool(result.is_error), text if result.is_error else json.loads(text)

    return asyncio.run(call())


def test_the_tools_say_what_they_do(start_server: StartServer) -> None:
    client = start_server()

    async def tools() -> dict[str, Any]:
        async with Client(f"{client.server.address}mcp") as session:
            return {tool.name: tool for tool in (await session.list_tools()).tools}

    listed = asyncio.run(tools())
    assert set(listed) == {"ask", "search", "survey"}
    assert "quoted from the posts" in (listed["ask"].description or "")
    assert listed["search"].input_schema["properties"]["k"]["maximum"] == 50


def test_ask_gives_an_answer_with_its_citations(start_server: StartServer) -> None:
    client = start_server()
    failed, result = _called(client, "ask", {"question": QUESTION})
    assert not failed
    assert result["citations"][0]["quote"].startswith("Ingrid Holm built the lighthouse")
    assert result["text"] == client.assistant.ask(QUESTION).text


def test_ask_takes_earlier_questions_and_returns_a_greeting(start_server: StartServer) -> None:
    client = start_server()
    _, author = _called(client, "ask", {"question": "Who wrote it?", "history": [QUESTION]})
    assert (author["level"], author["text"]) == ("answer", "“The lighthouse on Gull Rock” is by Mara Quill. [1]")
    _, greeting = _called(client, "ask", {"question": "Hello!"})
    assert (greeting["level"], greeting["text"][:6]) == ("reply", "Hello!")


def test_a_question_for_posts_is_answered_with_its_survey(start_server: StartServer) -> None:
    client = start_server()
    asked = {"question": "Which posts mention the ferry?"}
    (_, both), (_, survey) = (_called(client, tool, asked) for tool in ("ask", "survey"))
    assert both["survey"] == survey


def test_search_gives_passages_of_the_posts_filtered(start_server: StartServer) -> None:
    failed, result = _called(start_server(), "search", {"question": QUESTION, "k": 3, "filters": {"posts": ["ferry"]}})
    assert not failed
    assert {passage["post"]["id"] for passage in result["passages"]} == {"ferry"}
    assert result["warnings"] == ["Asked only of posts with title The ferry timetable."]


def test_a_bad_question_is_an_error_in_one_sentence(start_server: StartServer) -> None:
    failed, result = _called(start_server(), "ask", {"question": "?"})
    assert failed
    assert "the question is empty" in result
    assert "Traceback" not in result


@pytest.mark.parametrize("tool", ["ask", "search", "survey"])
def test_a_bad_filter_is_an_error_in_one_sentence(start_server: StartServer, tool: str) -> None:
    failed, result = _called(start_server(), tool, {"question": QUESTION, "filters": {"since": "soon"}})
    assert failed
    assert "not a date such as 2021, 2021-05 or 2021-05-04 in since (seen: 'soon'). Give a year" in result
    assert "\n" not in result
