"""The HTTP API as programs meet it: answers, refusals, bad input, health, metrics, logs."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Answer, Assistant
from tests.qa.server.clients import StartServer
from tests.stand_ins import build_small

pytestmark = pytest.mark.slow

QUESTION = "Who built the lighthouse on Gull Rock?"


def test_a_question_is_answered_with_proven_citations(start_server: StartServer) -> None:
    client = start_server()
    reply = client.ask(QUESTION)
    assert reply.status == 200
    data = reply.json
    assert data["answered"]
    assert data["text"] == client.assistant.ask(QUESTION).text
    for citation in data["citations"]:
        post = client.assistant.index.post(citation["post"]["id"])
        assert post is not None
        assert post.body[citation["start"] : citation["end"]] == citation["quote"]


def test_a_refusal_is_an_answer_too(start_server: StartServer) -> None:
    reply = start_server().ask("Which planet has rings?")
    assert (reply.status, reply.json["answered"], reply.json["citations"]) == (200, False, [])


def test_a_survey_has_a_row_for_each_post(start_server: StartServer) -> None:
    reply = start_server().send("POST", "/v1/survey", {"question": "Who has steered the ferry?"})
    data = reply.json
    assert (reply.status, data["posts"], data["counts"]["answer"], len(data["rows"])) == (200, 4, 2, 4)
    assert data["text"].startswith("2 of 4 posts say so")


def test_the_best_sentence_is_suggested_and_proven(start_server: StartServer) -> None:
    client = start_server()
    reply = client.send("GET", "/v1/suggest?q=Who+built+the+lighthouse+on+Gull+Rock")
    assert reply.status == 200
    assert reply.json["sentence"] == "Ingrid Holm built the lighthouse on Gull Rock in 1874."
    citation = reply.json["citation"]
    post = client.send("GET", f"/v1/posts/{citation['post']['id']}").json
    assert post["body"][citation["start"] : citation["end"]] == citation["quote"]
    assert "body" not in citation["post"]


@pytest.mark.parametrize(
    "asked", ["Which+planet+has+rings%3F", "Who+built+the+lighthouse+on+Gull+Rock&authors=Tomas+Reed"]
)
def test_nothing_is_suggested_where_the_posts_asked_do_not_answer(start_server: StartServer, asked: str) -> None:
    reply = start_server().send("GET", f"/v1/suggest?q={asked}")
    assert (reply.status, reply.json) == (200, {"sentence": None, "citation": None})


def test_a_suggestion_may_refer_to_earlier_questions(start_server: StartServer) -> None:
    asked = "q=Who+built+it%3F&history=Where+is+the+lighthouse+on+Gull+Rock%3F"
    assert "Ingrid Holm" in start_server().send("GET", f"/v1/suggest?{asked}").json["sentence"]


@pytest.mark.parametrize(
    "asked", ["q=", "q=Who%3F&since=yesterday", "q=Who%3F&unknown=1", "q=Who+built+it%3F&posts=nobody", ""]
)
def test_a_suggestion_for_an_invalid_question_is_refused(start_server: StartServer, asked: str) -> None:
    assert start_server().send("GET", f"/v1/suggest?{asked}").status == 422


def test_a_question_for_posts_is_answered_with_its_survey(start_server: StartServer) -> None:
    client = start_server()
    asked = {"question": "Which posts mention the ferry?"}
    reply = client.send("POST", "/v1/ask", asked)
    assert reply.json["survey"] == client.send("POST", "/v1/survey", asked).json
    assert client.ask(QUESTION).json["survey"] is None
    streamed = client.send("POST", "/v1/ask", asked, accept="text/event-stream").body.decode()
    assert json.loads(streamed.strip().rpartition("data: ")[2]) == reply.json


def test_a_question_may_refer_to_earlier_ones(start_server: StartServer) -> None:
    client = start_server()
    asked = {"question": "When did he build it?", "history": [QUESTION]}
    assert client.send("POST", "/v1/ask", asked).json["question_as_understood"] != asked["question"]


@pytest.mark.parametrize(
    ("body", "message"),
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
def test_an_invalid_question_gets_a_sentence_and_a_4xx(start_server: StartServer, body: object, message: str) -> None:
    reply = start_server().send("POST", "/v1/ask", body)
    assert 400 <= reply.status < 500
    assert message in reply.json["error"] or reply.status == 400
    assert b"Traceback" not in reply.body


def test_an_internal_error_is_a_500_without_its_text(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Answer:
        raise RuntimeError("secret path /srv/x")

    client = start_server()
    monkeypatch.setattr(Assistant, "ask", broken)
    with caplog.at_level(logging.ERROR, logger="postqa"):
        reply = client.ask(QUESTION)
    assert reply.status == 500
    assert b"secret" not in reply.body
    assert "secret" in caplog.text
    monkeypatch.undo()
    assert client.ask(QUESTION).status == 200


def test_health_gives_the_generation_and_follows_a_new_one(start_server: StartServer, small_index: Path) -> None:
    client = start_server()
    data = {"live": True, "ready": True, "generation": 1, "degraded": None}
    assert client.send("GET", "/healthz").json == data
    build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
    assert client.send("GET", "/healthz").json == {**data, "generation": 2}


@pytest.mark.filterwarnings("ignore:.*goes on serving")
def test_health_says_why_an_older_generation_answers(start_server: StartServer, small_index: Path) -> None:
    client = start_server()
    build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
    (small_index / "gen-000002" / "posts.sqlite").write_bytes(b"damaged")
    data = client.send("GET", "/healthz").json
    assert data["ready"]
    assert "posts.sqlite" in data["degraded"]
    assert "postqa_degraded 1.0" in client.send("GET", "/metrics").body.decode()


def test_metrics_count_questions_by_outcome(start_server: StartServer) -> None:
    client = start_server()
    for question in (QUESTION, QUESTION, "Which planet has rings?", ""):
        client.ask(question)
    lines = client.send("GET", "/metrics").body.decode().splitlines()
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


def test_two_servers_have_separate_metrics(start_server: StartServer) -> None:
    first, second = start_server(), start_server()
    first.ask(QUESTION)
    assert b'outcome="answered"' not in second.send("GET", "/metrics").body


def test_each_answer_carries_an_id_that_the_log_has_and_no_question(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    client = start_server()
    with caplog.at_level(logging.INFO, logger="postqa"):
        reply = client.ask(QUESTION)
        named = client.ask(QUESTION, X_Request_Id="my-id.7")
        forged = client.ask(QUESTION, X_Request_Id="my id; x")
        client.server.close()  # a line is written when the answer has gone
    assert named.headers["x-request-id"] == "my-id.7"
    assert forged.headers["x-request-id"] != "my id; x"
    logged = {record.__dict__["request_id"]: record.__dict__ for record in caplog.records}
    line = logged[reply.headers["x-request-id"]]
    assert (line["path"], line["status"], line["client"]) == ("/v1/ask", 200, "127.0.0.1")
    assert "lighthouse" not in json.dumps({name: str(value) for name, value in line.items()})


def test_questions_are_logged_when_the_setting_says_so(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    client = start_server(log_questions=True)
    with caplog.at_level(logging.INFO, logger="postqa"):
        client.ask(QUESTION)
        client.server.close()  # a line is written when the answer has gone
    assert [record.__dict__["question"] for record in caplog.records if "question" in record.__dict__] == [QUESTION]


def test_an_answer_may_come_in_pieces(start_server: StartServer) -> None:
    client = start_server()
    reply = client.ask(QUESTION, accept="text/event-stream")
    assert reply.headers["content-type"].startswith("text/event-stream")
    data = reply.body.decode().split("\n\n")[:-1]
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in data]
    answer = json.loads(events[-1]["data"])
    assert events[-1]["event"] == "answer"
    assert "".join(json.loads(event["data"])["text"] for event in events[:-1]) == answer["text"]
    assert answer == client.ask(QUESTION).json
    assert list(client.assistant.stream(QUESTION))[-1] == client.assistant.ask(QUESTION)


def test_passages_are_found_best_first(start_server: StartServer) -> None:
    client = start_server()
    reply = client.send("POST", "/v1/search", {"question": QUESTION, "k": 3})
    passages = client.assistant.search(QUESTION, 3)
    assert [passage["text"] for passage in reply.json["passages"]] == [passage.text for passage in passages]
    assert "body" not in reply.json["passages"][0]["post"]
    assert reply.json["warnings"] == []


def test_a_search_says_what_to_know_of_its_passages(start_server: StartServer) -> None:
    filters = {"authors": ["Tomas Reed"]}
    reply = start_server().send("POST", "/v1/search", {"question": QUESTION, "filters": filters})
    assert reply.json["warnings"] == ["Asked only of posts with author Tomas Reed."]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_filters_are_applied(start_server: StartServer, path: str) -> None:
    client = start_server()
    data = client.send("POST", path, {"question": QUESTION, "filters": {"authors": ["tomas reed"]}}).json
    assert {passage["post"]["id"] for passage in data["passages"]} == {"bees"}
    unknown = client.send("POST", path, {"question": QUESTION, "filters": {"authors": ["Nobody"]}})
    assert (unknown.status, "no post meets the filters" in unknown.json["error"]) == (422, True)
    for wrong in ({"since": "soon"}, {"colour": "red"}):
        refused = client.send("POST", path, {"question": QUESTION, "filters": wrong})
        ((name, value),) = wrong.items()
        assert refused.status == 422
        assert f"in {name} (seen: '{value}')" in refused.json["error"]
    too_many = [f"Author {number}" for number in range(40_000)]  # more than SQLite takes in one query
    assert client.send("POST", path, {"question": QUESTION, "filters": {"authors": too_many}}).status == 422


def test_posts_are_listed_and_read_whole(start_server: StartServer) -> None:
    client = start_server()
    listed = client.send("GET", "/v1/posts?offset=1&limit=2").json
    assert (listed["total"], [post["id"] for post in listed["posts"]]) == (4, ["bees", "ferry"])
    assert client.send("GET", "/v1/posts/bees").json["body"].startswith("The island bees")
    assert client.send("GET", "/v1/posts/no/such").status == 404
    assert client.send("GET", "/v1/posts?limit=0").status == 422


@pytest.mark.slow
def test_the_api_keeps_to_its_own_description(start_server: StartServer, tmp_path: Path) -> None:
    address = start_server(questions_per_minute=0).server.address
    done = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}openapi.json", "--max-examples=25",
         "--seed=7", "--checks=all",
         # What counts as a question, and which posts there are to filter by, no schema can say.
         "--exclude-checks=unsupported_method,positive_data_acceptance"],
        check=False, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:]
