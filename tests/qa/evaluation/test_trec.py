"""TREC runs and qrels, read back by ir_measures."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from index.errors import GoldError
from index.records import Post
from qa.evaluation.gold import GoldSet, joined, read_gold
from qa.evaluation.results import Evaluation, EvaluationError
from qa.evaluation.runner import evaluate
from qa.evaluation.trec import ids_by_title, judgements, read_run, run_table, to_qrels, to_run

THEIRS = {"post recall@1": R @ 1, "post recall@5": R @ 5, "post MRR@10": RR @ 10, "post nDCG@10": nDCG @ 10}
GRADES = {"post-1": 1, "post-2": 3, "post-4": 0}


@pytest.fixture
def posts(make: SimpleNamespace) -> list[Post]:
    """Posts of one word, the first with a space in its id."""
    return [make.post(f"post {number}" if number == 0 else f"post-{number}", f"Word{number}.") for number in range(8)]


@pytest.fixture
def gold(make: SimpleNamespace) -> GoldSet:
    questions = (
        make.gold(id="one", question="1?", post_ids=("post 0", "post-3")),
        make.gold(id="two", question="2?", post_ids=("post-1", "post-2"), grades=GRADES),
        make.gold(id="by title", question="3?", post_ids=(), posts=("title of  POST-5",), kind="explain"),
        make.gold(id="none", question="4?", answerable=False, post_ids=()),
        make.gold(id="missed", question="5?", post_ids=("post-7",)),
    )
    return GoldSet(name="set", questions=questions)


@pytest.fixture
def evaluation(make: SimpleNamespace, posts: list[Post], gold: GoldSet) -> Evaluation:
    def ranking(*numbers: int) -> list[object]:
        return [make.passage(posts[number], posts[number].body) for number in numbers]

    rankings = {"1?": ranking(2, 0, 2, 3), "2?": ranking(1, 4, 2), "3?": ranking(6, 7, 5), "4?": ranking(1)}
    return evaluate(make.assistant({}, rankings), gold)


@pytest.fixture
def files(tmp_path: Path, evaluation: Evaluation, gold: GoldSet, posts: list[Post]) -> tuple[Path, Path]:
    """The run and the qrels as files."""
    run, qrels = tmp_path / "run.trec", tmp_path / "gold.qrels"
    run.write_text(to_run(evaluation), encoding="utf-8")
    qrels.write_text(to_qrels(judgements(gold, ids_by_title(posts))), encoding="utf-8")
    return run, qrels


def test_ir_measures_reads_both_files_and_gives_the_same_figures(
    files: tuple[Path, Path], evaluation: Evaluation
) -> None:
    run, qrels = (str(path) for path in files)
    theirs = ir_measures.calc_aggregate(
        THEIRS.values(), [*ir_measures.read_trec_qrels(qrels)], [*ir_measures.read_trec_run(run)]
    )
    ours = evaluation.overall.measures
    assert {name: ours[name].mean for name in THEIRS} == pytest.approx(
        {name: theirs[measure] for name, measure in THEIRS.items()}
    )
    assert 0 < ours["post MRR@10"].mean < 1


def test_a_run_is_read_back_and_scored_as_the_evaluation_was(
    files: tuple[Path, Path], evaluation: Evaluation, gold: GoldSet, posts: list[Post]
) -> None:
    run = read_run(files[0])
    assert run["one"] == ["post-2", "post 0", "post-3"]
    table = run_table(run, gold, judgements(gold, ids_by_title(posts)))
    for name in THEIRS:
        assert f"{evaluation.overall.measures[name].mean:.3f}" in table
    assert "explain" in table
    assert "not in the run, which counts 0: 1 questions" in table
    assert "in the run and not judged: 1 questions" in table  # what no post answers has no judgement


def test_a_foreign_run_is_in_the_order_of_its_scores_whatever_its_ranks(tmp_path: Path) -> None:
    path = tmp_path / "theirs.trec"
    path.write_text("q Q0 a 1 0.5 bm25\nq Q0 b 2 2.5 bm25\n\nq\tQ0\tc\t3\t0.5\tbm25\n", encoding="utf-8")
    assert read_run(path) == {"q": ["b", "c", "a"]}


def test_the_qrels_of_several_sets_tell_them_apart(gold: GoldSet, posts: list[Post]) -> None:
    both = joined([gold, gold.model_copy(update={"name": "more"})])
    assert {"set/one", "more/one"} <= judgements(both, ids_by_title(posts)).keys()


def test_qrels_judge_a_beir_folder(tmp_path: Path, files: tuple[Path, Path]) -> None:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "queries.jsonl").write_text('{"_id": "two", "text": "2?"}\n', encoding="utf-8")
    (folder / "qrels" / "gold.qrels").write_bytes(files[1].read_bytes())
    (question,) = read_gold(folder).questions
    assert question.grades == GRADES


def test_a_title_that_no_post_bears_counts_as_a_post_that_is_not_found(make: SimpleNamespace) -> None:
    gold = GoldSet(name="set", questions=(make.gold(post_ids=(), posts=("Nowhere",)),))
    assert judgements(gold, {}) == {"g": {"Nowhere": 1}}


def test_a_line_that_is_none_of_a_run_is_named(tmp_path: Path) -> None:
    path = tmp_path / "theirs.trec"
    path.write_text("q Q0 a 1 high bm25\n", encoding="utf-8")
    with pytest.raises(GoldError, match=r"theirs.trec, line 1 .seen: q Q0 a 1 high bm25.*Give a TREC run"):
        read_run(path)
    with pytest.raises(GoldError, match=r"nowhere.trec.*Give a TREC run"):
        read_run(tmp_path / "nowhere.trec")


def test_a_run_of_other_questions_is_an_error(gold: GoldSet, posts: list[Post]) -> None:
    with pytest.raises(EvaluationError, match=r"the run holds none of the answerable questions in set .seen: x"):
        run_table({"x": ["post-1"]}, gold, judgements(gold, ids_by_title(posts)))
