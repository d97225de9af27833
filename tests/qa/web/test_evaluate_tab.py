"""Evaluate in a real browser: run, follow, read the misses, compare; a hostile gold set does nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException

from qa import Assistant
from qa.evaluation.gold import GoldSet, gold_from_text
from qa.evaluation.results import Evaluation
from qa.evaluation.runner import Evaluated, evaluate
from qa.evaluation.runs import Runs
from qa.server.app import create_app
from qa.server.gate import Gate
from qa.server.metrics import Metrics
from qa.server.page_parts import page_parts
from qa.server.run import start
from qa.server.settings import server_settings
from tests.ports import free_port
from tests.qa.server.clients import StartServer
from tests.qa.web.visit import Visit
from tests.stand_ins import WordHashEncoder, plain_weights

BUILT = "Who built the lighthouse on Gull Rock?"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # every interface; nothing listens there in these tests
QUOTE = "Storms had wrecked eleven ships there."
EVIL = "<img src=x onerror=alert(1)> ${alert(2)} {{7*7}} </script><script>alert(3)</script>"
LIGHTHOUSE = "The lighthouse on Gull Rock"
GOLD = (
    {"id": "right", "question": BUILT, "posts": [LIGHTHOUSE], "quotes": ["Ingrid Holm built"]},
    {"id": "wrong", "question": BUILT + " ", "posts": [LIGHTHOUSE], "quotes": [QUOTE], "kind": EVIL},
    {"id": EVIL, "question": f"Which planet has rings? {EVIL}", "answerable": False},
    {"id": "missed", "question": "Which planet has moons?", "posts": [EVIL], "quotes": [EVIL], "answers": [EVIL]},
)
LINES = "".join(json.dumps(question) + "\n" for question in GOLD)
Progress = Callable[[int, int], None]
RECORD_QUERIES = """window.queries = [];
    document.addEventListener('pq-show-queries', ({detail}) => window.queries.push(detail.queries))"""


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "evaluations")


@pytest.fixture
def address(web_assistant: Assistant, tmp_path: Path) -> Iterator[str]:
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "coast.jsonl").write_text(LINES, encoding="utf-8")
    settings = server_settings(
        port=free_port(), questions_per_minute=0, feedback=tmp_path / "feedback.sqlite", gold=gold
    )
    served = start(create_app(web_assistant, settings), settings)
    yield served.address
    served.close()


@pytest.fixture
def visit(address: str, browser: webdriver.Chrome) -> Visit:
    visit = Visit(browser, address)
    visit.driver.execute_script(RECORD_QUERIES)
    visit.click("#pq-tab-evaluate-button")
    visit.wait(lambda: visit.all("#pq-gold input") and visit.all("#pq-gold input")[0].get_property("value"))
    return visit


def _run(visit: Visit) -> None:
    """Run what is chosen, until a report shows that was not there before."""
    visit.driver.execute_script("document.getElementById('pq-report').replaceChildren()")
    visit.click("#pq-evaluate-run")
    visit.wait(lambda: visit.all("#pq-report .tile"))


def test_a_gold_set_is_run_and_its_misses_are_shown_with_the_curves(visit: Visit, runs: Runs) -> None:
    assert visit.first("#pq-gold input").get_property("value") == "coast.jsonl"
    _run(visit)
    assert "4 questions of gold/coast.jsonl asked." in visit.text("#pq-evaluate-progress")
    assert len(runs.names()) == 1
    titles = [caption.text for caption in visit.all("#pq-report figcaption")]
    assert "Risk at coverage" in titles
    assert "Reliability" in titles
    missed = [heading.get_property("textContent") for heading in visit.all("#pq-report .miss > summary b")]
    assert missed == ["wrong", "missed"]


def test_before_the_first_run_nothing_is_shown_and_where_gold_questions_are_missing_how_to_make_some(
    visit: Visit, tmp_path: Path
) -> None:
    visit.wait(lambda: "Nothing has been evaluated yet" in visit.text("#pq-report"))
    assert not visit.all(".pq-gold-help")
    (tmp_path / "gold" / "coast.jsonl").unlink()
    visit.reload()
    visit.click("#pq-tab-evaluate-button")
    visit.wait(lambda: "qa gold suggest gold.jsonl" in visit.text(".pq-gold-help"))


def test_a_miss_leads_into_the_post_and_onto_the_map(visit: Visit) -> None:
    _run(visit)
    visit.driver.execute_script("document.querySelector('#pq-report .miss').open = true")
    visit.click("#pq-report .miss ol a[data-read]")
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert visit.text("#pq-reader mark") == "Ingrid Holm built the lighthouse on Gull Rock in 1874."
    (queries,) = visit.driver.execute_script("return window.queries")
    assert [query["kind"] for query in queries] == ["miss", "refusal", "refusal"]
    assert queries[1]["question"] == f"Which planet has rings? {EVIL}"


def test_a_hostile_gold_set_is_shown_and_does_nothing(visit: Visit, browser: webdriver.Chrome) -> None:
    _run(visit)
    visit.driver.execute_script("for (const miss of document.querySelectorAll('#pq-report .miss')) miss.open = true")
    assert EVIL in visit.text("#pq-report")
    assert not visit.all("#pq-report :is(img, script:not([type='application/json']))")
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    assert visit.asked_hosts() == {visit.address}


def test_a_run_is_compared_with_an_earlier_one_and_kept_over_a_reload(visit: Visit, runs: Runs) -> None:
    _run(visit)
    _run(visit)
    newest, oldest = runs.names()
    detail = {"run": newest, "baseline": oldest}
    visit.driver.execute_script(
        f"document.dispatchEvent(new CustomEvent('pq-evaluation', {json.dumps({'detail': detail})}))"
    )
    visit.wait(lambda: "Against the baseline" in visit.text("#pq-report"))
    assert "No significant loss" in visit.text("#pq-report")
    visit.reload()
    visit.click("#pq-tab-evaluate-button")
    visit.wait(lambda: visit.all("#pq-report .tile"))  # the latest, before one is chosen
    assert visit.first("#pq-evaluate-shown input").get_property("value") == runs.label(newest)
    visit.driver.execute_script("document.getElementById('pq-report').replaceChildren()")
    visit.click("#pq-evaluate-shown input")
    visit.wait(lambda: len(visit.all("#pq-evaluate-shown [role=option]")) == 2)
    visit.click("#pq-evaluate-shown [role=option]")
    visit.wait(lambda: visit.all("#pq-report .tile"))


def test_a_users_own_file_is_read_in_the_browser_and_run(visit: Visit, tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text(json.dumps(GOLD[0]), encoding="utf-8")
    visit.click("#pq-gold-own > button")
    visit.first("#pq-gold-file").send_keys(str(own))
    visit.wait(lambda: "own.jsonl stands above." in visit.text("#pq-gold-status"))
    _run(visit)
    assert "1 question of pasted questions asked." in visit.text("#pq-evaluate-progress")


def test_the_error_of_an_invalid_gold_question_names_its_line(visit: Visit) -> None:
    visit.click("#pq-gold-own > button")
    visit.first("#pq-gold-text textarea").send_keys('{"question": ""}')
    visit.click("#pq-evaluate-run")
    visit.wait(lambda: visit.all("#pq-evaluate-progress .pq-notice"))
    assert "pasted questions, line 1" in visit.text("#pq-evaluate-progress")


def test_a_run_is_downloaded_whole_and_no_other_file_is(
    start_server: StartServer, small_index: Path, tmp_path: Path
) -> None:
    runs = Runs(tmp_path / "evaluations")
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        run = runs.keep(evaluate(assistant, gold_from_text(LINES, "coast")))
    client = start_server(feedback=tmp_path / "feedback.sqlite")
    reply = client.send("GET", f"/page/evaluation/run.json?run={run}")
    assert reply.json == runs.stored(run)
    assert reply.headers["content-disposition"] == f'attachment; filename="{run}"'
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    for name in ("../secret.json", "2026-01-01T000000-x-g1.json", "%2e%2e%2fsecret.json"):
        for where in ("/page/evaluation", "/page/evaluation/run.json"):
            assert client.send("GET", f"{where}?run={name}").status == 404


@pytest.mark.parametrize(
    ("host", "users", "offered"), [("127.0.0.1", False, True), (EVERYWHERE, True, True), (EVERYWHERE, False, False)]
)
def test_only_local_or_authenticated_users_may_run_an_evaluation(
    web_assistant: Assistant, tmp_path: Path, host: str, users: bool, offered: bool
) -> None:
    users_file = tmp_path / "users" if users else None
    settings = server_settings(host=host, users_file=users_file, no_auth=True)
    metrics = Metrics()
    gate = Gate(web_assistant, settings, metrics)
    parts = page_parts(gate, settings)
    gate.close()
    paths = [getattr(route, "path", "") for tab in parts.tabs for route in tab.routes.routes]
    assert ("evaluate" in [tab.name for tab in parts.tabs]) is offered
    assert any(path.startswith("/page/evaluation") for path in paths) is offered


def test_during_a_run_the_chat_answers_a_second_run_is_refused_and_the_run_can_be_stopped(
    visit: Visit, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Event()

    def blocked(assistant: Evaluated, gold: GoldSet, *, progress: Progress) -> Evaluation:
        progress(1, len(gold.questions))
        assert go.wait(60)
        return evaluate(assistant, gold, progress=progress)

    monkeypatch.setattr("qa.evaluation.evaluation_jobs.evaluate", blocked)
    visit.click("#pq-evaluate-run")
    visit.wait(lambda: "1 of 4 questions of gold/coast.jsonl" in visit.text("#pq-evaluate-progress"))
    visit.reload()
    visit.open_chat()
    visit.ask(BUILT, until=".pq-confidence")
    visit.click("#pq-tab-evaluate-button")
    visit.wait(lambda: visit.all("#pq-gold input") and visit.all("#pq-gold input")[0].get_property("value"))
    visit.click("#pq-evaluate-run")
    visit.wait(lambda: "Another evaluation is running" in visit.text("#pq-evaluate-progress"))
    visit.click("#pq-evaluate-stop")
    go.set()
    visit.wait(lambda: "Stopped; nothing of it was kept" in visit.text("#pq-evaluate-progress"))
    assert runs.names() == []
