"""Gold sets in their four formats, and the errors for those that cannot be read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from index.errors import GoldError
from qa.evaluation.gold import GoldQuestion, read_gold

ANSWERABLE = {
    "id": "a1",
    "question": "Who?",
    "answerable": True,
    "posts": ["A post"],
    "quotes": ["It was she"],
    "answers": ["she"],
    "kind": "explain",
}
UNANSWERABLE = {"id": "a2", "question": "Why?", "answerable": False, "posts": [], "kind": "near-miss"}


def _lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _beir(folder: Path, judgements: str, name: str = "test.tsv") -> Path:
    (folder / "qrels").mkdir(parents=True)
    _lines(folder / "queries.jsonl", {"_id": "1", "text": "one?"}, {"_id": "2", "text": "two?"})
    (folder / "qrels" / name).write_text(judgements, encoding="utf-8")
    return folder


def test_a_gold_line_is_read_with_all_its_fields(tmp_path: Path) -> None:
    gold = read_gold(_lines(tmp_path / "g.jsonl", ANSWERABLE, UNANSWERABLE))
    assert gold.questions[0] == GoldQuestion(
        id="a1",
        question="Who?",
        posts=("A post",),
        quotes=("It was she",),
        answers=("she",),
        kind="explain",
    )
    assert not gold.questions[1].answerable


def test_a_gold_set_is_known_by_its_folder_and_file_and_the_hash_of_its_bytes(tmp_path: Path) -> None:
    path = _lines(tmp_path / "g.jsonl", ANSWERABLE)
    gold = read_gold(path)
    assert gold.name == f"{tmp_path.name}/g.jsonl"
    assert gold.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_keys_of_other_tools_and_blank_lines_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(ANSWERABLE | {"reviewer": "x"}) + "\n\n", encoding="utf-8")
    assert len(read_gold(path).questions) == 1


def test_null_means_absent(tmp_path: Path) -> None:
    (question,) = read_gold(_lines(tmp_path / "g.jsonl", ANSWERABLE | {"quotes": None})).questions
    assert question.quotes == ()


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    text = json.dumps(ANSWERABLE | {"question": "Who\u2028else?"}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    assert read_gold(path).questions[0].question == "Who\u2028else?"


def test_questions_with_relevant_ids_get_their_id_from_the_line(tmp_path: Path) -> None:
    row = {"question": "How many?", "relevant": ["Post#0"], "answers": ["308"]}
    first, second = read_gold(_lines(tmp_path / "questions.jsonl", row, row)).questions
    assert (first.id, second.id) == ("q1", "q2")
    assert (first.post_ids, first.answers, first.kind) == (("Post#0",), ("308",), "factoid")


def test_no_relevant_id_at_all_means_that_nothing_answers(tmp_path: Path) -> None:
    (question,) = read_gold(_lines(tmp_path / "g.jsonl", {"question": "Q?", "relevant": []})).questions
    assert (question.answerable, question.kind) == (False, "unanswerable")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({**ANSWERABLE, "posts": []}, "names no post"),
        ({"id": "x", "question": "Q?"}, "neither `answerable` nor the posts"),
        ({**ANSWERABLE, "question": "  "}, "`question`"),
        ({**ANSWERABLE, "answerable": "yes"}, "`answerable`"),
        ({**ANSWERABLE, "quotes": "not a list"}, "`quotes`"),
        ({**ANSWERABLE, "answers": [7]}, "`answers.0`"),
        (["no", "object"], "no JSON object"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_value(tmp_path: Path, row: object, told: str) -> None:
    path = _lines(tmp_path / "g.jsonl", UNANSWERABLE, row)
    with pytest.raises(GoldError) as caught:
        read_gold(path)
    assert told in caught.value.what
    assert caught.value.where == f"{path}, line 2"
    assert caught.value.seen
    assert caught.value.remedy


@pytest.mark.parametrize("line", ["{", "[" * 100_000, "NaN,"])
def test_a_line_that_is_no_json_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(ANSWERABLE) + "\n" + line, encoding="utf-8")
    with pytest.raises(GoldError, match="line 2"):
        read_gold(path)


def test_an_id_given_twice_is_an_error_that_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"line 2 \(seen: a1\).*line 1"):
        read_gold(_lines(tmp_path / "g.jsonl", ANSWERABLE, ANSWERABLE))


def test_a_missing_an_empty_and_a_binary_file_are_gold_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    for name, told in (("none", "cannot be read"), ("empty", "no questions"), ("binary", "not UTF-8")):
        with pytest.raises(GoldError, match=told):
            read_gold(tmp_path / f"{name}.jsonl")


def test_a_beir_folder_gives_questions_with_graded_posts(tmp_path: Path) -> None:
    judgements = "query-id\tcorpus-id\tscore\n1\tp1\t2\n1\tp2\t0\n2\tp2\t1\n"
    one, two = read_gold(_beir(tmp_path / "b", judgements)).questions
    assert (one.id, one.question, one.post_ids, one.grades) == ("1", "one?", ("p1",), {"p1": 2, "p2": 0})
    assert two.post_ids == ("p2",)


def test_queries_and_judgements_without_each_other_are_dropped_and_counted(tmp_path: Path) -> None:
    judgements = "query-id\tcorpus-id\tscore\n1\tp1\t1\n9\tp1\t1\n2\tp1\t0\n"
    gold = read_gold(_beir(tmp_path / "b", judgements))
    assert [question.id for question in gold.questions] == ["1"]
    assert gold.dropped == 2


def test_the_test_judgements_come_before_others_and_a_single_file_is_taken_as_it_is(tmp_path: Path) -> None:
    both = _beir(tmp_path / "both", "1\tp1\t1\n")
    (both / "qrels" / "train.tsv").write_text("2\tp2\t1\n")
    assert [question.id for question in read_gold(both).questions] == ["1"]
    assert len(read_gold(_beir(tmp_path / "dev", "2\tp2\t1\n", "dev.tsv")).questions) == 1


def test_no_judgements_or_several_without_a_test_file_are_an_error(tmp_path: Path) -> None:
    several = _beir(tmp_path / "b", "1\tp1\t1\n", "dev.tsv")
    (several / "qrels" / "train.tsv").write_text("2\tp2\t1\n")
    with pytest.raises(GoldError, match=r"dev\.tsv, train\.tsv"):
        read_gold(several)
    with pytest.raises(GoldError, match=r"cannot be read|which judgements"):
        read_gold(tmp_path)


@pytest.mark.parametrize("line", ["1 p1 1", "1\tp1\thigh", "1\t0\tp1\thigh", "1\t0\tp1\t1\t1"])
def test_a_judgement_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    folder = _beir(tmp_path / "b", f"query-id\tcorpus-id\tscore\n{line}\n")
    with pytest.raises(GoldError, match=r"test\.tsv, line 2"):
        read_gold(folder)


@pytest.mark.parametrize("query", [{"_id": "1"}, {"text": "one?"}, {"_id": "1", "text": "\ud800"}])
def test_a_query_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, query: object) -> None:
    folder = _beir(tmp_path / "b", "1\tp1\t1\n")
    _lines(folder / "queries.jsonl", query)
    with pytest.raises(GoldError, match=r"queries\.jsonl, line 1"):
        read_gold(folder)


def test_the_shared_gold_set_is_read_whole(shared: Path) -> None:
    gold = read_gold(shared / "gold" / "ai-blog-posts.dev.jsonl")
    assert len(gold.questions) == 36
    assert sum(question.answerable for question in gold.questions) == 30


def test_the_shared_xquad_questions_are_read_whole(shared: Path) -> None:
    gold = read_gold(shared / "data" / "xquad-en" / "questions.jsonl")
    assert len(gold.questions) == 1190
    assert gold.name == "xquad-en/questions.jsonl"
