"""`ask()` and `search()`: one question, one call."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qa
import qa.api
from index import errors
from index.errors import IndexMissing, QuestionError
from tests.stand_ins import WordHashEncoder, build_small

NEW = [{"id": "new", "title": "The new lighthouse", "text": "Una Berg built the new lighthouse in 2020."}]


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The stand-in under every encoder's name; gives the names asked for so far."""
    names: list[str] = []

    def load(name: str, backend: str) -> WordHashEncoder:
        names.append(name)
        return WordHashEncoder()

    monkeypatch.setattr("qa.answering.snapshot.load_encoder", load)
    qa.api._opened.cache_clear()
    yield names
    qa.api._opened.cache_clear()


def test_a_question_is_answered_from_the_index_named(small_index: Path) -> None:
    answer = qa.ask("Who built the lighthouse on Gull Rock?", index=small_index)
    assert isinstance(answer, qa.Answer)
    assert answer.passages[0].post.id == "lighthouse"
    assert all(one.post.body[one.start : one.end] == one.quote for one in answer.citations)
    assert qa.ask("Who built the lighthouse on Gull Rock?", index=str(small_index)) == answer


def test_a_search_gives_ranked_passages(small_index: Path) -> None:
    found = qa.search("lighthouse on Gull Rock", k=2, index=small_index)
    assert [type(passage) for passage in found] == [qa.Passage, qa.Passage]
    assert found[0].post.id == "lighthouse"


def test_the_default_folder_is_asked_when_none_is_named(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_INDEX", str(small_index))
    assert qa.search("lighthouse")[0].post.id == "lighthouse"


def test_the_index_stays_open_between_calls(small_index: Path, loaded: list[str]) -> None:
    for _ in range(3):
        qa.ask("Who built the lighthouse?", index=small_index)
    assert len(loaded) == 1


def test_a_rebuilt_index_is_seen_by_the_next_question(small_index: Path) -> None:
    assert qa.ask("Who built the lighthouse?", index=small_index).generation == 1
    build_small(small_index, NEW)
    answer = qa.ask("Who built the lighthouse?", index=small_index)
    assert answer.generation == 2
    assert {passage.post.id for passage in answer.passages} == {"new"}
    assert qa.search("lighthouse", index=small_index)[0].post.id == "new"


def test_a_missing_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    for call in (qa.ask, qa.search):
        with pytest.raises(IndexMissing, match="Make one: qa build PATH --index"):
            call("Who built it?", index=tmp_path / "nowhere")


def test_an_index_made_later_is_found(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        qa.ask("Who built the lighthouse?", index=tmp_path / "later")
    build_small(tmp_path / "later", NEW)
    assert qa.ask("Who built the lighthouse?", index=tmp_path / "later").generation == 1


def test_what_cannot_be_used_is_refused(small_index: Path) -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        qa.ask("", index=small_index)
    with pytest.raises(QuestionError, match="k is out of range"):
        qa.search("lighthouse", k=0, index=small_index)


@pytest.mark.parametrize("filters", [{"since": "2021"}, "Ann Lee", 3])
def test_what_is_no_filter_is_refused_with_an_example(small_index: Path, filters: Any) -> None:
    with pytest.raises(QuestionError, match=r"not filters in filters \(seen: .*qa\.Filters\(authors="):
        qa.ask("Who built it?", index=small_index, filters=filters)


@pytest.mark.parametrize("history", ["Who built it?", 3, [None], [3]])
def test_what_is_no_history_is_refused_with_what_to_give(small_index: Path, history: Any) -> None:
    with (
        qa.Assistant(small_index) as assistant,
        pytest.raises(QuestionError, match=r"not a history.*a list of earlier"),
    ):
        assistant.ask("Who built it?", history=history)


def test_an_answer_and_its_parts_are_shown_in_a_few_words(small_index: Path) -> None:
    with qa.Assistant(small_index) as assistant:
        answer = assistant.ask("Who built the lighthouse on Gull Rock?")
        name = f"Assistant(Index({str(small_index)!r}, generation 1, {assistant.index.manifest.posts} posts), encoder "
        assert repr(assistant).startswith(name)
    assert f"passages=<{len(answer.passages)} Passage>" in repr(answer)
    assert "warnings" not in repr(answer)
    for part in (answer, *answer.passages, *answer.citations, *(passage.post for passage in answer.passages)):
        assert len(repr(part)) < 500


ERRORS = {name: value for name, value in vars(errors).items() if isinstance(value, type)}


def test_the_errors_are_exported_with_the_api() -> None:
    assert set(ERRORS) < set(qa.__all__)
    assert all(getattr(qa, name).__name__ == name for name in qa.__all__)
    assert all(issubclass(error, qa.PostqaError) for error in ERRORS.values())


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawing = (errors.__doc__ or "").split("\n\n")[1]
    path: list[str] = []
    drawn = set()
    for indent, name in re.findall(r"^([ │├└─]*)(\w+)$", drawing, re.M):
        path = [*path[: len(indent) // 4], name]
        drawn |= {tuple(path[-2:])}
    bases = {(error.mro()[1].__name__, name) for name, error in ERRORS.items() if error is not qa.PostqaError}
    assert drawn == {("PostqaError",), *bases}


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert qa.__version__ == project["version"]
