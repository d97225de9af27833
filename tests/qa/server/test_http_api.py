"""The HTTP API as programs meet it: answers, refusals, bad input, health, metrics, logs."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Answer, Assistant
from tests.qa.server.clients import Opens
from tests.stand_ins import build_small

QUESTION = "Who built the lighthouse on Gull Rock?"


def test_a_question_is_answered_with_proven_citations(opens: Opens) -> None:
    door = opens()
    reply = door.ask(QUESTION)
    assert reply.status == 200
    told = reply.told
    assert told["answered"]
    assert told["text"] == door.assistant.ask(QUESTION).text
    for citation in told["citations"]:
        post = door.assistant.index.post(citation["post"]["id"])
        assert post is not None
        assert post.body[citation["start"] : citation["end"]] == citation["quote"]


def test_a_refusal_is_an_answer_too(opens: Opens) -> None:
    reply = opens().ask("Which planet has rings?")
    assert (reply.status, reply.told["answered"], reply.told["citations"]) == (200, False, [])


def test_a_question_may_lean_on_earlier_ones(opens: Opens) -> None:
    door = opens()
    asked = {"question": "When did he build it?", "history": [QUESTION]}
    assert door.send("POST", "/v1/ask", asked).told["question_as_understood"] != asked["question"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"question": ""}, "the question is empty"),
        ({"question": "?!…"}, "the question is empty"),
        ({"question": "x" * 100_000}, "the question is too long"),
        ({"question": 5}, "question: "),
        ({"question": None}, "question: "),
        ({}, "question: "),
        ([], "the request: "),
        ({"question": "Who?", "k": 5}, "k: "),
        ({"question": "Who?", "history": ["x"] * 31}, "history: "),
        ({"question": "Who?", "history": "x"}, "history: "),
        (b'{"question": "\\ud800"}', "the question is empty"),
        (b"{", "JSON"),
        (b"", "Field required"),
        (b"\xff\xfe", ""),
    ],
)
def test_what_is_no_question_gets_a_sentence_and_a_4xx(opens: Opens, body: object, said: str) -> None:
    reply = opens().send("POST", "/v1/ask", body)
    assert 400 <= reply.status < 500
    assert said in reply.told["error"] or reply.status == 400
    assert b"Traceback" not in reply.body


def test_a_fault_here_is_a_500_without_its_words(
    opens: Opens, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Answer:
        raise RuntimeError("secret path /srv/x")

    door = opens()
    monkeypatch.setattr(Assistant, "ask", broken)
    with caplog.at_level(logging.ERROR, logger="postqa"):
        reply = door.ask(QUESTION)
    assert reply.status == 500
    assert b"secret" not in reply.body
    assert "secret" in caplog.text
    monkeypatch.undo()
    assert door.ask(QUESTION).status == 200


def test_health_tells_the_generation_and_follows_a_new_one(opens: Opens, small_index: Path) -> None:
    door = opens()
    told = {"live": True, "ready": True, "generation": 1, "degraded": None}
    assert door.send("GET", "/healthz").told == told
    build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
    assert door.send("GET", "/healthz").told == {**told, "generation": 2}


@pytest.mark.filterwarnings("ignore:.*goes on serving")
def test_health_tells_why_an_older_generation_answers(opens: Opens, small_index: Path) -> None:
    door = opens()
    build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
    (small_index / "gen-000002" / "posts.sqlite").write_bytes(b"damaged")
    told = door.send("GET", "/healthz").told
    assert told["ready"]
    assert "posts.sqlite" in told["degraded"]
    assert "postqa_degraded 1.0" in door.send("GET", "/metrics").body.decode()


def test_metrics_count_what_became_of_questions(opens: Opens) -> None:
    door = opens()
    for question in (QUESTION, QUESTION, "Which planet has rings?", ""):
        door.ask(question)
    lines = door.send("GET", "/metrics").body.decode().splitlines()
    for line in (
        'postqa_questions_total{outcome="answered"} 2.0',
        'postqa_questions_total{outcome="refused"} 1.0',
        'postqa_questions_total{outcome="QuestionError"} 1.0',
        "postqa_question_seconds_count 3.0",
        "postqa_questions_inside 0.0",
        "postqa_generation 1.0",
        "postqa_degraded 0.0",
        'postqa_requests_total{status="200"} 3.0',
        'postqa_requests_total{status="422"} 1.0',
    ):
        assert line in lines


def test_two_servers_count_apart(opens: Opens) -> None:
    one, other = opens(), opens()
    one.ask(QUESTION)
    assert b'outcome="answered"' not in other.send("GET", "/metrics").body


def test_each_answer_carries_an_id_that_the_log_has_and_no_question(
    opens: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    door = opens()
    with caplog.at_level(logging.INFO, logger="postqa"):
        reply = door.ask(QUESTION)
        named = door.ask(QUESTION, X_Request_Id="my-id.7")
        forged = door.ask(QUESTION, X_Request_Id="my id; x")
        door.served.close()  # a line is written when the answer has gone
    assert named.headers["x-request-id"] == "my-id.7"
    assert forged.headers["x-request-id"] != "my id; x"
    logged = {record.__dict__["request_id"]: record.__dict__ for record in caplog.records}
    one = logged[reply.headers["x-request-id"]]
    assert (one["path"], one["status"], one["client"]) == ("/v1/ask", 200, "127.0.0.1")
    assert "lighthouse" not in json.dumps({name: str(value) for name, value in one.items()})


def test_questions_are_logged_when_that_is_asked_for(opens: Opens, caplog: pytest.LogCaptureFixture) -> None:
    door = opens(log_questions=True)
    with caplog.at_level(logging.INFO, logger="postqa"):
        door.ask(QUESTION)
        door.served.close()  # a line is written when the answer has gone
    assert [record.__dict__["question"] for record in caplog.records if "question" in record.__dict__] == [QUESTION]


def test_an_answer_may_come_in_pieces(opens: Opens) -> None:
    door = opens()
    reply = door.ask(QUESTION, accept="text/event-stream")
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = reply.body.decode().split("\n\n")[:-1]
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in told]
    answer = json.loads(events[-1]["data"])
    assert events[-1]["event"] == "answer"
    assert "".join(json.loads(event["data"])["text"] for event in events[:-1]) == answer["text"]
    assert answer == door.ask(QUESTION).told
    assert list(door.assistant.stream(QUESTION))[-1] == door.assistant.ask(QUESTION)


def test_passages_are_found_best_first(opens: Opens) -> None:
    door = opens()
    reply = door.send("POST", "/v1/search", {"question": QUESTION, "k": 3})
    assert [one["text"] for one in reply.told["passages"]] == [one.text for one in door.assistant.search(QUESTION, 3)]
    assert "body" not in reply.told["passages"][0]["post"]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_filters_are_honoured(opens: Opens, path: str) -> None:
    door = opens()
    told = door.send("POST", path, {"question": QUESTION, "filters": {"authors": ["tomas reed"]}}).told
    assert {one["post"]["id"] for one in told["passages"]} == {"bees"}
    nobody = door.send("POST", path, {"question": QUESTION, "filters": {"authors": ["Nobody"]}})
    assert (nobody.status, "no post meets the filters" in nobody.told["error"]) == (422, True)
    assert door.send("POST", path, {"question": QUESTION, "filters": {"since": "soon"}}).status == 422
    assert door.send("POST", path, {"question": QUESTION, "filters": {"colour": "red"}}).status == 422
    too_many = [f"Author {number}" for number in range(40_000)]  # more than SQLite takes in one query
    assert door.send("POST", path, {"question": QUESTION, "filters": {"authors": too_many}}).status == 422


def test_posts_are_listed_and_read_whole(opens: Opens) -> None:
    door = opens()
    listed = door.send("GET", "/v1/posts?offset=1&limit=2").told
    assert (listed["total"], [post["id"] for post in listed["posts"]]) == (4, ["bees", "ferry"])
    assert door.send("GET", "/v1/posts/bees").told["body"].startswith("The island bees")
    assert door.send("GET", "/v1/posts/no/such").status == 404
    assert door.send("GET", "/v1/posts?limit=0").status == 422


@pytest.mark.slow
def test_the_api_keeps_to_its_own_description(opens: Opens, tmp_path: Path) -> None:
    address = opens(questions_per_minute=0).served.address
    done = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}openapi.json", "--max-examples=25",
         "--seed=7", "--checks=all",
         # What counts as a question, and which posts there are to filter by, no schema can say.
         "--exclude-checks=unsupported_method,positive_data_acceptance"],
        check=False, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:]
