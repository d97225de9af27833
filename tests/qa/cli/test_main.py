"""The command line, by what it prints and by its exit codes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

import index
from qa.cli.build_commands import sample_posts
from qa.cli.main import app, main
from qa.evaluation.gold import read_gold
from tests.qa.answering.llm.model_server import KEY, ModelServer

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[3]
ANSWERED = "Where was Brinewatch founded?"
OFF_TOPIC = "How do I bake sourdough bread?"
IDS = "s005 s006 s010 s016 s018 s022 s026 s035 s037 s043".split()


class Ran(NamedTuple):
    """What a run of the command left behind."""

    code: int
    out: str
    err: str


def _run(*arguments: object) -> Ran:
    """Run `main()` in this process, as the installed script does."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "argv", ["qa", *map(str, arguments)])
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


def _run_apart(*arguments: object) -> Ran:
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "qa.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    return Ran(done.returncode, done.stdout, done.stderr)


def _assert_error(ran: Ran, *said: str) -> None:
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("qa: ")
    assert "Traceback" not in ran.err
    for words in said:
        assert words in ran.err


def _lines(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """An index of the sample posts, made by the command with the real encoder, and what that printed."""
    root = tmp_path_factory.mktemp("cli") / "index"
    return root, _run("build", "--sample", "--index", root)


@pytest.fixture(scope="module")
def sample(built: tuple[Path, Ran]) -> Path:
    """The folder of the index of the sample posts."""
    return built[0]


def _gold(path: Path, answerable: int) -> Path:
    """Some of the sample's gold questions, the first two of them without an answer."""
    rows = [json.loads(line) for line in (sample_posts().parent / "gold.jsonl").read_text("utf-8").splitlines()]
    never = [row for row in rows if not row["answerable"]][:2]
    chosen = never + [row for row in rows if row["id"] in IDS[:answerable]]
    return _lines(path, chosen)


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few gold questions, for they are asked often: as many as a significant loss takes."""
    return _gold(tmp_path_factory.mktemp("gold") / "gold.jsonl", answerable=7)


@pytest.fixture(scope="module")
def measured(sample: Path, gold: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path, Path]:
    """A run of `qa eval` with both files written."""
    folder = tmp_path_factory.mktemp("eval")
    rows, page = folder / "run.json", folder / "report.html"
    return _run("eval", gold, "--index", sample, "--json", rows, "--html", page), rows, page


def test_building_the_sample_says_what_was_made_and_where(built: tuple[Path, Ran]) -> None:
    root, ran = built
    assert ran.code == 0, ran.err
    assert f"{len(list(sample_posts().glob('*.md')))} posts in " in ran.out
    assert str(root) in ran.out


def test_an_answer_prints_its_quote_and_exits_0(sample: Path) -> None:
    ran = _run("ask", ANSWERED, "--index", sample)
    assert ran.code == 0, ran.err
    assert "Valparaíso" in ran.out.splitlines()[0]
    assert "[1] Cameras Beside the Lifeguard Chair" in ran.out
    assert ran.out.rstrip().endswith(" %")  # how sure that is, in words and as a figure


def test_a_refusal_exits_1_and_near_0_per_cent_no_post_is_meant(sample: Path) -> None:
    ran = _run("ask", OFF_TOPIC, "--index", sample)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("The posts do not say.")
    assert "You may have meant:" not in ran.out


def test_an_answer_as_json_can_be_proven_by_whoever_reads_it(sample: Path) -> None:
    ran = _run("ask", ANSWERED, "--index", sample, "--json")
    answer = json.loads(ran.out)
    assert ran.code == 0
    assert answer["answered"] is True
    assert answer["citations"]
    opened = index.open(sample)
    for citation in answer["citations"]:
        post = opened.post(citation["post"]["id"])
        assert post is not None
        assert post.body[citation["start"] : citation["end"]] == citation["quote"]
        assert "body" not in citation["post"]


@pytest.mark.parametrize("command", ["ask", "search"])
def test_filters_are_applied_and_those_that_cannot_be_are_named(sample: Path, command: str) -> None:
    (best, *_) = json.loads(_run(command, ANSWERED, "--index", sample, "--json").out)["passages"]
    kept = _run(command, ANSWERED, "--index", sample, "--json", "--post", best["post"]["id"])
    told = json.loads(kept.out)
    assert {one["post"]["id"] for one in told["passages"]} == {best["post"]["id"]}
    _assert_error(_run(command, ANSWERED, "--index", sample, "--author", "Nobody"), "no post meets", "author Nobody")
    _assert_error(_run(command, ANSWERED, "--index", sample, "--since", "soon"), "since", "not a date such as")


def test_a_refusal_as_json_is_json_as_well(sample: Path) -> None:
    ran = _run("ask", OFF_TOPIC, "--index", sample, "--json")
    assert (ran.code, json.loads(ran.out)["answered"]) == (1, False)


def test_a_configured_model_writes_answers_and_takes_no_part_in_evaluations(
    sample: Path, model: ModelServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QA_LLM_URL", model.url)
    monkeypatch.setenv("QA_LLM_MODEL", "tiny")
    monkeypatch.setenv("QA_LLM_KEY", KEY)
    model.says("Brinewatch was founded in Valparaíso. [1]")
    ran = _run("ask", ANSWERED, "--index", sample)
    assert ran.code == 0
    assert ran.out.startswith("Brinewatch was founded in Valparaíso. [1]\n")
    assert "written by tiny" in ran.out
    told = json.loads(_run("ask", ANSWERED, "--index", sample, "--json").out)
    assert (told["written_by"], [one["supported"] for one in told["statements"]]) == ("tiny", [True])
    assert len(model.asked) == 2
    assert _run("eval", _gold(tmp_path / "gold.jsonl", answerable=2), "--index", sample).code == 0
    assert len(model.asked) == 2
    model.does(status=500)
    failed = _run("ask", ANSWERED, "--index", sample)
    assert failed.code == 0
    assert "note: The language model's server answered with an error (500); this is what the posts say" in failed.out
    assert KEY not in failed.out + failed.err
    monkeypatch.setenv("QA_LLM_SECONDS", "soon")
    _assert_error(_run("ask", ANSWERED, "--index", sample), "QA_LLM_SECONDS")


def test_an_explained_answer_shows_the_features(sample: Path) -> None:
    ran = _run("ask", ANSWERED, "--index", sample, "--explain")
    assert ran.code == 0
    assert all(name in ran.out for name in ("dense ", "lexical ", "sentence "))


def test_a_search_lists_as_many_passages_as_asked_for(sample: Path) -> None:
    ran = _run("search", "lifeguard cameras", "-k", 3, "--index", sample)
    assert ran.code == 0
    assert [line[:2] for line in ran.out.splitlines() if not line.startswith(" ")] == ["1.", "2.", "3."]
    told = json.loads(_run("search", "lifeguard cameras", "-k", 3, "--index", sample, "--json").out)
    found = told["passages"]
    assert (len(found), told["warnings"]) == (3, [])
    assert found[0]["post"]["title"].startswith("Cameras Beside the Lifeguard Chair")


@pytest.mark.parametrize("k", [0, -1, 10**9])
def test_a_search_for_no_passages_is_an_error_with_its_remedy(sample: Path, k: int) -> None:
    _assert_error(_run("search", "cameras", "-k", k, "--index", sample), "k is out of range", str(k), "Use 1 to 1000")


@pytest.mark.parametrize("question", ["", "  ", "?!"])
def test_an_empty_question_is_an_error_with_its_remedy(sample: Path, question: str) -> None:
    _assert_error(_run("ask", question, "--index", sample), "the question is empty", "Type a question.")


def test_a_question_of_a_hundred_thousand_characters_is_an_error_of_one_line(sample: Path) -> None:
    ran = _run("ask", "why " * 25_000, "--index", sample)
    _assert_error(ran, "too long", "at most 2,000 characters")
    assert len(ran.err) < 500


def test_the_posts_are_listed_with_who_and_when(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_INDEX", str(sample))
    ran = _run("posts")
    assert ran.code == 0
    assert "Catalina Urrutia · Marea Lab Journal · 2025-04-08" in ran.out
    told = json.loads(_run("posts", "--json").out)
    listed = told["posts"]
    assert told["warnings"] == []
    assert len(listed) == len(list(sample_posts().glob("*.md")))
    assert all("body" not in post for post in listed)


def test_the_doctor_finds_every_token_read(sample: Path) -> None:
    ran = _run("doctor", "--index", sample)
    assert (ran.code, ran.err) == (0, "")
    assert "(100.00%)" in ran.out
    assert json.loads(_run("doctor", "--index", sample, "--json").out)["share"] == 1.0


def test_a_search_in_another_language_than_the_posts_warns(sample: Path) -> None:
    arguments = "search", "¿Dónde fue fundada la empresa Brinewatch?", "--index", sample
    assert "en inglés" in json.loads(_run(*arguments, "--json").out)["warnings"][0]
    assert _run(*arguments).err.startswith("note: ")


def test_a_damaged_newest_generation_is_a_finding_of_the_doctor_and_one_line_elsewhere(
    sample: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(sample, tmp_path / "index")
    assert _run("build", "--sample", "--index", root).code == 0
    (root / "gen-000002" / "posts.sqlite").write_bytes(b"damaged")
    ran = _run_apart("posts", "--index", root)
    assert ran.code == 0
    assert re.fullmatch(r"qa: note: serving gen-000001, for the newest generation is damaged: .*\n", ran.err)
    assert "gen-000002" in json.loads(_run("posts", "--index", root, "--json").out)["warnings"][0]
    checked = _run("doctor", "--index", root)
    assert (checked.code, checked.out.split(";")[0]) == (3, "files: damaged")
    assert "gen-000002" in json.loads(_run("doctor", "--index", root, "--json").out)["degraded"]


def test_an_evaluation_prints_a_table_and_writes_both_files(measured: tuple[Ran, Path, Path]) -> None:
    ran, rows, page = measured
    assert ran.code == 0, ran.err
    assert "quote@1" in ran.out
    stored = json.loads(rows.read_text(encoding="utf-8"))
    assert len(stored["rows"]) == 7 + 2
    assert "<html" in page.read_text(encoding="utf-8")


def test_the_same_run_as_the_baseline_is_no_loss(measured: tuple[Ran, Path, Path], sample: Path, gold: Path) -> None:
    ran = _run("eval", gold, "--index", sample, "--baseline", measured[1])
    assert ran.code == 0, ran.err
    assert "No significant loss" in ran.out


def test_a_significant_loss_exits_1(measured: tuple[Ran, Path, Path], sample: Path, gold: Path, tmp_path: Path) -> None:
    worse = tmp_path / "gold.jsonl"  # the same questions, their answers sought in a post that has none of them
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    lost = [row | {"posts": ["No such post"]} if row["answerable"] else row for row in rows]
    ran = _run("eval", _lines(worse, lost), "--index", sample, "--baseline", measured[1])
    assert ran.code == 1
    assert "A significant loss" in ran.out


def test_two_stored_runs_are_compared_without_an_index(measured: tuple[Ran, Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "compared.html"
    ran = _run("compare", measured[1], measured[1], "--html", page)
    assert (ran.code, ran.err) == (0, "")
    assert "changed: nothing that the runs state" in ran.out
    assert "Nothing that the runs state changed." in page.read_text(encoding="utf-8")
    stored = json.loads(measured[1].read_text(encoding="utf-8"))
    assert list(stored["fingerprint"]) == [
        "version", "corpus", "encoder", "weights", "reader", "reranker", "calibration", "threshold", "settings"
    ]  # fmt: skip
    _assert_error(_run("compare", tmp_path / "no.json", measured[1]), "the earlier run cannot be read", "no.json")


def test_a_baseline_that_cannot_be_read_is_an_error(sample: Path, tmp_path: Path) -> None:
    one = _lines(tmp_path / "one.jsonl", [{"id": "a", "question": "Who founded it?", "answerable": False}])
    ran = _run("eval", one, "--index", sample, "--baseline", one.with_name("nowhere.json"))
    _assert_error(ran, "the baseline cannot be read", "nowhere.json", "--json")


def test_a_report_that_cannot_be_written_is_an_error_and_the_figures_are_not_lost(sample: Path, tmp_path: Path) -> None:
    one = _lines(tmp_path / "one.jsonl", [{"id": "a", "question": "Who founded it?", "answerable": False}])
    for option in ("--json", "--html"):
        ran = _run("eval", one, "--index", sample, option, tmp_path / "no" / "such" / "file")
        assert ran.code == 3
        assert "cannot be written" in ran.err
        assert "Brier" in ran.out


def test_a_gold_set_that_is_not_there_is_an_error(sample: Path, tmp_path: Path) -> None:
    _assert_error(_run("eval", tmp_path / "nowhere.jsonl", "--index", sample), "nowhere.jsonl")


def test_a_dry_calibration_prints_figures_and_writes_nothing(sample: Path, tmp_path: Path) -> None:
    gold = _gold(tmp_path / "gold.jsonl", answerable=10)  # the fewest that are taken
    ran = _run("calibrate", gold, "--index", sample, "--dry-run")
    assert ran.code == 0, ran.err
    assert {line.split(":")[0] for line in ran.out.splitlines()} == {"AUROC", "expected calibration error", "Brier"}
    assert not (sample / "calibration.json").exists()


def test_several_gold_sets_are_asked_at_once_and_told_apart_in_csv(sample: Path, gold: Path, tmp_path: Path) -> None:
    more = _lines(tmp_path / "more.jsonl", [{"id": "s005", "question": OFF_TOPIC, "answerable": False}])
    ran = _run("eval", gold, more, "--index", sample, "--csv", tmp_path / "run.csv")
    assert ran.code == 0, ran.err
    for name, asked in ((f"{gold.parent.name}/gold.jsonl", ["7", "7", "2"]), (f"{tmp_path.name}/more.jsonl", ["1"])):
        assert re.findall(rf"│ {name} +│ +(\d+) │", ran.out) == asked  # of each of the three tables
    rows = list(csv.DictReader((tmp_path / "run.csv").open(encoding="utf-8")))
    assert [row["id"] for row in rows if row["gold"] == f"{tmp_path.name}/more.jsonl"] == ["s005"]
    assert len(rows) == 7 + 2 + 1


def test_a_run_in_trecs_formats_is_scored_as_it_was_measured(sample: Path, gold: Path, tmp_path: Path) -> None:
    run, qrels = tmp_path / "run.trec", tmp_path / "gold.qrels"
    measured = _run("eval", gold, "--index", sample, "--trec-run", run, "--qrels", qrels)
    assert measured.code == 0, measured.err
    recall = re.findall(r"post recall@1 +│ +(.+?) │", measured.out)
    scored = _run("eval", gold, "--index", sample, "--run", run)
    assert re.findall(r"all +│ +7 │ (.+?) │", scored.out) == recall
    assert len(qrels.read_text(encoding="utf-8").splitlines()) == 7
    assert _run("eval", gold, "--run", run, "--json", tmp_path / "run.json").code == 2


def test_a_calibration_with_the_reader_prints_what_the_evaluation_prints_afterwards(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("postqa_reader")
    monkeypatch.setenv("QA_READER", "fast")
    root = shutil.copytree(sample, tmp_path / "index")
    rows = [json.loads(line) for line in (sample_posts().parent / "gold.jsonl").read_text("utf-8").splitlines()]
    never = [row for row in rows if not row["answerable"]][:6]
    gold = _lines(tmp_path / "gold.jsonl", [row for row in rows if row["answerable"]][:16] + never)
    ran = _run("calibrate", gold, "--index", root, "--precision", "0.9", "--shown", "0.5")
    assert ran.code == 0, ran.err
    assert "asked for: 0.9 of what is shown as an answer right, 0.5 of the answerable" in ran.out
    told = {row[1].strip(): row[4].strip() for line in ran.out.splitlines() if len(row := line.split("│")) == 6}
    measured = _run("eval", gold, "--index", root).out
    printed = {row[1].strip(): row[2].strip() for line in measured.splitlines() if len(row := line.split("│")) == 5}
    assert len(told) == 5
    assert {name: printed[name] for name in told} == told
    assert f"calibrated on {tmp_path.name}/gold.jsonl" in " ".join(measured.split())


def test_suggested_questions_make_a_gold_set(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "suggested.jsonl"
    ran = _run("gold", "suggest", out, "--index", sample, "--limit", 5, "--accept-all")
    assert (ran.code, ran.out.strip()) == (0, f"5 of 5 added to {out}")
    assert all(question.quotes for question in read_gold(out).questions)


def test_a_person_may_take_one_suggestion_and_stop(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "suggested.jsonl"
    asked = CliRunner().invoke(app, ["gold", "suggest", str(out), "--index", str(sample)], input="r\na\nq\n")
    assert asked.exit_code == 0
    assert "1 of 20 added" in asked.output
    assert len(read_gold(out).questions) == 1


def test_near_misses_are_proposed_last_for_a_person_to_check(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "suggested.jsonl"
    replies = "r\n" * 16 + "a\nq\n"
    asked = CliRunner().invoke(app, ["gold", "suggest", str(out), "--index", str(sample)], input=replies)
    assert "proposed as a near miss: accept it only if no post answers it" in asked.output
    (accepted,) = read_gold(out).questions
    assert (accepted.answerable, accepted.kind) == (False, "near-miss")


def test_suggestions_for_a_folder_that_is_not_there_are_an_error(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "no" / "gold.jsonl"
    _assert_error(_run("gold", "suggest", out, "--index", sample, "--accept-all"), "cannot be written")


@pytest.mark.parametrize(
    "command", [["ask", "Who?"], ["search", "x"], ["posts"], ["doctor"], ["chat"]], ids=lambda words: words[0]
)
def test_without_an_index_every_command_names_the_one_that_makes_it(command: list[str], tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    _assert_error(_run(*command, "--index", missing), f"Make one: qa build PATH --index {missing}")


def test_a_folder_that_is_no_index_is_an_error_and_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("Dear Ana", encoding="utf-8")
    _assert_error(_run("ask", "Who?", "--index", tmp_path), str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_building_from_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    _assert_error(_run("build", tmp_path / "nowhere", "--index", tmp_path / "index"), "nowhere")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_building_from_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    _assert_error(_run("build", tmp_path / "posts", "--index", tmp_path / "index"), "posts")


def test_building_from_nothing_is_wrong_usage(tmp_path: Path) -> None:
    ran = _run("build", "--index", tmp_path / "index")
    assert ran.code == 2
    assert "--sample" in ran.err


def test_what_cannot_be_read_is_named_and_the_rest_is_built(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    _lines(posts / "good.jsonl", [{"id": "a", "title": "Lamp", "text": "The lamp is green."}])
    (posts / "broken.pdf").write_bytes(b"%PDF-1.7 nothing of the kind")
    ran = _run("build", posts, "--index", tmp_path / "index")
    assert ran.code == 4
    assert "1 posts in " in ran.out
    assert "unreadable: a broken PDF" in ran.out
    assert "broken.pdf" in ran.out
    assert "broken.pdf" in (tmp_path / "index/report.json").read_text()
    assert _run("posts", "--index", tmp_path / "index").code == 0
    report = json.loads(_run("build", posts, "--index", tmp_path / "index", "--json").out)
    assert "broken.pdf" in report["set_aside"][0]["origin"]


def test_assets_and_drafts_do_not_change_the_exit_code_and_are_counted(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, text in (("a.md", "The mill."), ("logo.png", "x"), ("site.css", "x"), ("empty.md", "")):
        (posts / name).write_text(text)
    for number in range(4):
        (posts / f"draft-{number}.md").write_text(f"---\ndraft: true\n---\nPlan {number}.")
    ran = _run("build", posts, "--index", tmp_path / "index")
    assert ran.code == 0
    rows = {line.split("  ")[0].strip(): line for line in ran.out.splitlines()}
    counts = {"read": "1", "no documents": "2", "not published: draft: true": "4", "empty: no text": "1"}
    assert {name: re.search(r"  (\d+)  ", rows[name])[1] for name in counts} == counts  # type: ignore[index]
    assert ran.out.count(": draft: true") == 1 + 3
    report = tmp_path / "what.json"
    ran = _run("build", posts, "--index", tmp_path / "index", "--verbose", "--report", report)
    assert ran.out.count(".md: draft: true") == len(json.loads(report.read_text())["not_published"]) == 4
    ran = _run("build", posts, "--index", tmp_path / "index", "--drafts")
    assert ran.out.startswith("5 posts in ")


def test_a_strict_build_stops_at_what_cannot_be_read(tmp_path: Path) -> None:
    _lines(tmp_path / "good.jsonl", [{"id": "a", "title": "Lamp", "text": "The lamp is green."}])
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing of the kind")
    paths = tmp_path / "good.jsonl", tmp_path / "broken.pdf"
    _assert_error(_run("build", *paths, "--index", tmp_path / "index", "--strict"), "broken.pdf")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_an_unknown_encoder_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    source = _lines(tmp_path / "good.jsonl", [{"id": "a", "title": "Lamp", "text": "The lamp is green."}])
    ran = _run("build", source, "--index", tmp_path / "index", "--encoder", "someone/some-model")
    _assert_error(ran, "someone/some-model")


@pytest.mark.parametrize("arguments", [["fly"], ["ask"], ["search", "x", "-k", "many"], ["build", "--fast"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    assert _run(*arguments).code == 2


def test_the_version_is_that_of_the_installed_package() -> None:
    assert _run("--version") == (0, f"postqa {version('postqa')}\n", "")


def test_a_new_process_exits_0_on_help() -> None:
    ran = _run_apart("--help")
    assert ran.code == 0
    assert "Exit codes: 0 done" in ran.out


def test_a_new_process_prints_an_error_in_one_line_and_exits_3(tmp_path: Path) -> None:
    _assert_error(_run_apart("ask", "Who?", "--index", tmp_path / "nowhere"), "qa build PATH --index")
    _assert_error(_run_apart("build", tmp_path / "nowhere", "--index", tmp_path / "index"), "nowhere")


def test_a_new_process_answers_and_exits_0(sample: Path) -> None:
    ran = _run_apart("ask", ANSWERED, "--index", sample)
    assert ran.code == 0, ran.err
    assert "Valparaíso" in ran.out
    assert "Traceback" not in ran.err
