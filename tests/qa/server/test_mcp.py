"""The tools for other programs' language models, used by a real client of the protocol."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from mcp import Client

from tests.qa.server.clients import Door, Opens

QUESTION = "Who built the lighthouse on Gull Rock?"


def _called(door: Door, name: str, arguments: dict[str, Any]) -> tuple[bool, Any]:
    """Whether a tool failed, and what it told."""

    async def call() -> tuple[bool, Any]:
        async with Client(f"{door.served.address}mcp") as client:
            result = await client.call_tool(name, arguments)
            said = getattr(result.content[0], "text", "")
            return bool(result.is_error), said if result.is_error else json.loads(said)

    return asyncio.run(call())


def test_the_tools_say_what_they_do(opens: Opens) -> None:
    door = opens()

    async def tools() -> dict[str, Any]:
        async with Client(f"{door.served.address}mcp") as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    found = asyncio.run(tools())
    assert set(found) == {"ask", "search"}
    assert "quoted from the posts" in (found["ask"].description or "")
    assert found["search"].input_schema["properties"]["k"]["maximum"] == 50


def test_ask_gives_an_answer_with_its_citations(opens: Opens) -> None:
    door = opens()
    failed, told = _called(door, "ask", {"question": QUESTION})
    assert not failed
    assert told["citations"][0]["quote"].startswith("Ingrid Holm built the lighthouse")
    assert told["text"] == door.assistant.ask(QUESTION).text


def test_search_gives_passages_of_the_posts_filtered(opens: Opens) -> None:
    failed, told = _called(opens(), "search", {"question": QUESTION, "k": 3, "filters": {"posts": ["ferry"]}})
    assert not failed
    assert {one["post"]["id"] for one in told["passages"]} == {"ferry"}


def test_a_bad_question_is_told_in_a_sentence(opens: Opens) -> None:
    failed, told = _called(opens(), "ask", {"question": "?"})
    assert failed
    assert "the question is empty" in told
    assert "Traceback" not in told
