"""Evaluation jobs: one run at a time beside the chat, stopped on request, kept when finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from index.errors import GoldError
from qa import Answer, Assistant
from qa.evaluation.evaluation_jobs import EvaluationJobs, EvaluationState
from qa.evaluation.gold import GoldSet, gold_from_text, read_gold
from qa.evaluation.gold_catalog import PACKAGED, GoldCatalog
from qa.evaluation.results import EvaluationError
from qa.evaluation.runs import Runs
from qa.evaluation.tables import to_json
from qa.jobs import JobBusy
from qa.records import Passage
from tests.stand_ins import WordHashEncoder, plain_weights

LINES = (
    '{"id": "a", "question": "Who built the lighthouse on Gull Rock?", "posts": ["The lighthouse on Gull Rock"]}\n'
    '{"id": "b", "question": "Which planet has rings?", "answerable": false}\n'
)


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        yield assistant


@pytest.fixture
def gold() -> GoldSet:
    return gold_from_text(LINES, "pasted")


class Held:
    """Answers like another, but only when it is let go."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.asked, self.go = Event(), Event()

    def quote(self, question: str) -> Answer:
        """An answer, in its time."""
        self.asked.set()
        assert self.go.wait(30)
        return self.assistant.quote(question)

    def search(self, question: str, k: int) -> list[Passage]:
        """Passages, at once."""
        return self.assistant.search(question, k)


def _ended(jobs: EvaluationJobs) -> EvaluationState:
    return jobs.wait(lambda state: not state.running, 30)


def test_a_run_is_kept_and_read_back_as_it_was(assistant: Assistant, gold: GoldSet, tmp_path: Path) -> None:
    runs = Runs(tmp_path / "data" / "evaluations")
    assert runs.names() == []
    jobs = EvaluationJobs(assistant, runs)
    jobs.start(gold)
    state = _ended(jobs)
    assert (state.done, state.total, state.fault) == (2, 2, None)
    assert runs.names() == [state.run]
    assert state.run is not None
    kept = runs.evaluation(state.run)
    assert [(row.id, row.answered) for row in kept.rows] == [("a", True), ("b", False)]
    assert runs.stored(state.run) == to_json(kept)
    assert runs.label(state.run).endswith(", pasted, generation 1")
    assert [path.name for path in runs.folder.iterdir()] == [state.run]


def test_runs_of_one_second_keep_names_of_their_own(assistant: Assistant, gold: GoldSet, tmp_path: Path) -> None:
    jobs = EvaluationJobs(assistant, Runs(tmp_path))
    for _ in range(3):
        jobs.start(gold)
        _ended(jobs)
    assert len(jobs.runs.names()) == 3


def test_a_second_run_is_refused_with_the_progress_of_the_first(
    assistant: Assistant, gold: GoldSet, tmp_path: Path
) -> None:
    held = Held(assistant)
    jobs = EvaluationJobs(held, Runs(tmp_path))
    jobs.start(gold)
    with pytest.raises(JobBusy, match="0 of 2 questions of pasted"):
        jobs.start(gold)
    held.go.set()
    assert _ended(jobs).run is not None
    jobs.start(gold)
    assert _ended(jobs).run is not None


def test_a_stopped_run_leaves_nothing_and_another_can_begin(
    assistant: Assistant, gold: GoldSet, tmp_path: Path
) -> None:
    held = Held(assistant)
    jobs = EvaluationJobs(held, Runs(tmp_path))
    jobs.start(gold)
    assert held.asked.wait(30)
    jobs.stop()
    held.go.set()
    state = _ended(jobs)
    assert (state.run, state.done) == (None, 1)
    assert "stopped" in str(state.fault)
    assert jobs.runs.names() == []
    jobs.start(gold)
    assert _ended(jobs).run is not None


def test_chat_questions_go_first(assistant: Assistant, gold: GoldSet, tmp_path: Path) -> None:
    looks = iter([True, True, False])
    jobs = EvaluationJobs(assistant, Runs(tmp_path), busy=lambda: next(looks, False))
    jobs.start(gold)
    assert _ended(jobs).run is not None
    assert next(looks, None) is None


def test_an_error_ends_a_run_and_is_shown(assistant: Assistant, gold: GoldSet, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    jobs = EvaluationJobs(assistant, Runs(tmp_path / "taken"))
    jobs.start(gold)
    assert "a run cannot be kept" in str(_ended(jobs).fault)


@pytest.mark.parametrize("name", ["../secret.json", "/etc/passwd", "2026-01-01T000000-x-g1.json", ""])
def test_only_runs_of_the_folder_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match="no such run"):
        Runs(tmp_path / "runs").stored(name)


def test_pasted_questions_are_read_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(LINES, encoding="utf-8")
    read, pasted = read_gold(tmp_path / "gold.jsonl"), gold_from_text(LINES, "pasted")
    assert (pasted.questions, pasted.sha256) == (read.questions, read.sha256)
    with pytest.raises(GoldError, match="pasted, line 2"):
        gold_from_text(LINES.splitlines()[0] + "\nnot json", "pasted")
    with pytest.raises(GoldError, match="given twice"):
        gold_from_text(LINES.splitlines()[0] + "\n" + LINES, "pasted")


def test_a_folders_gold_sets_are_offered_by_name_and_no_other_file_is_opened(
    assistant: Assistant, tmp_path: Path
) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    for name in ("one.jsonl", "two.json", ".hidden.jsonl", "notes.txt"):
        (folder / name).write_text(LINES, encoding="utf-8")
    (tmp_path / "outside.jsonl").write_text(LINES, encoding="utf-8")
    catalog = GoldCatalog(folder)
    assert catalog.names(assistant.index) == ["one.jsonl", "two.json"]
    assert len(catalog.read("one.jsonl", assistant.index).questions) == 2
    for name in ("../outside.jsonl", "notes.txt", ".hidden.jsonl", str(tmp_path / "outside.jsonl")):
        with pytest.raises(GoldError, match="no such gold set"):
            catalog.read(name, assistant.index)
    assert GoldCatalog(folder / "one.jsonl").names(assistant.index) == ["one.jsonl"]


def test_the_packaged_questions_are_offered_only_where_their_posts_are(assistant: Assistant, tmp_path: Path) -> None:
    from index.building.build import build
    from qa.cli.build_commands import sample_posts
    from tests.stand_ins import SMALL_CHUNKS

    assert GoldCatalog(None).names(assistant.index) == []
    build([sample_posts()], tmp_path / "samples", settings=SMALL_CHUNKS, encoder=WordHashEncoder())
    with Assistant(tmp_path / "samples", encoder=WordHashEncoder(), weights=plain_weights()) as samples:
        assert GoldCatalog(None).names(samples.index) == [PACKAGED]
        assert len(GoldCatalog(None).read(PACKAGED, samples.index).questions) > 50
