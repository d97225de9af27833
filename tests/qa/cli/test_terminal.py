"""The conversation in a terminal."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from qa import Assistant
from qa.answering.llm.writer import Writer
from qa.cli.terminal import chat_here, print_answer
from tests.qa.answering.llm.model_server import ModelServer
from tests.stand_ins import WordHashEncoder, plain_weights


def _said(
    small_index: Path,
    monkeypatch: pytest.MonkeyPatch,
    *lines: str,
    colours: bool = False,
    writer: Writer | None = None,
) -> str:
    """What is shown while these lines are typed, the last one followed by the end of input."""
    typed = iter(lines)

    def line(*_: object, **__: object) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    out = io.StringIO()
    console = Console(file=out, width=200, force_terminal=colours, highlight=False)
    monkeypatch.setattr(console, "input", line)
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), writer=writer) as assistant:
        chat_here(assistant, console)
    return out.getvalue()


def test_answers_come_with_their_sources(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _said(small_index, monkeypatch, "Who built the lighthouse on Gull Rock?")
    assert "Ingrid Holm built the lighthouse on Gull Rock in 1874." in said
    assert "[1] The lighthouse on Gull Rock · Mara Quill · Coast Letters" in said
    assert re.search(r"sure · \d+ %", said)


def test_a_mistyped_question_is_shown_as_it_was_understood(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WordHashEncoder, "token_spans", lambda _, text: [(at, at + 1) for at in range(len(text))])
    said = _said(small_index, monkeypatch, "Who built teh lighthuose on Gull Rock?")
    assert "Understood as: Who built the lighthouse on Gull Rock?" in said
    assert "Ingrid Holm built the lighthouse on Gull Rock in 1874." in said
    assert "Understood as" not in _said(small_index, monkeypatch, "Who built the lighthouse on  Gull Rock?")


def test_a_refusal_names_the_nearest_posts_and_an_error_ends_nothing(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _said(small_index, monkeypatch, "Which planet has rings?", "?!", "What replaced whale oil?", "", "never")
    assert "The posts do not say." in said
    assert "the question is empty" in said
    assert "The lamp burned whale oil at first. [1]" in said


def test_a_link_leads_to_the_post_where_the_terminal_has_links(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _said(small_index, monkeypatch, "Who built the lighthouse on Gull Rock?", colours=True)
    assert "\x1b]8;" in said
    assert "https://coast.example/lighthouse#:~:text=Ingrid%20Holm" in said


def test_a_models_words_are_shown_as_they_come_and_unsupported_ones_are_marked(
    small_index: Path, monkeypatch: pytest.MonkeyPatch, model: ModelServer
) -> None:
    model.says("Ingrid Holm built the ", "lighthouse. [1] It is famous.")
    for colours in (True, False):
        said = _said(small_index, monkeypatch, "Who built the lighthouse?", colours=colours, writer=model.writer())
        plain = re.sub(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;?]*[A-Za-z]", "", said)
        assert "Ingrid Holm built the lighthouse. [1] It is famous. [unsupported]" in plain
        assert "“Ingrid Holm built the lighthouse on Gull Rock in 1874." in plain
        assert "written by tiny" in plain
    assert len(model.asked) == 2


class Tty(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize("kind", [Tty, io.StringIO])
def test_an_answer_has_links_in_a_terminal_and_is_plain_in_a_pipe(
    small_index: Path, monkeypatch: pytest.MonkeyPatch, kind: type[io.StringIO]
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdout", out := kind())
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    print_answer(answer)
    if kind is Tty:
        assert "\x1b]8;" in out.getvalue()
        assert "https://coast.example/lighthouse#:~:text=" in out.getvalue()
    else:
        assert out.getvalue() == f"{answer}\n"


def test_a_later_question_keeps_the_subject(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    original = Assistant.ask

    def ask(self: Assistant, question: str, **rest: object) -> object:
        asked.append(len(rest["history"]))  # type: ignore[arg-type]
        return original(self, question, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Assistant, "ask", ask)
    _said(small_index, monkeypatch, "Who built the lighthouse?", "When did she build it?")
    assert asked == [0, 1]
