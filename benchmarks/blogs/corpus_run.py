"""Every system over one corpus."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import index
from benchmarks.blogs.chunks import RankingJudge, chunk_rows
from benchmarks.blogs.corpora import Corpus
from benchmarks.blogs.processes import cold_seconds, run_module
from benchmarks.blogs.results import OURS, Cell, label, times
from benchmarks.blogs.systems import ROWS, SYSTEMS
from index.encoders.installed.loading import find_encoder, load_encoder
from qa.settings import ReaderMode

_OURS, _WORKER = "benchmarks.blogs.ours", "benchmarks.blogs.worker"
Measured = dict[str, Any]


class Setup(NamedTuple):
    """A system as it is measured; only this project's has a reader."""

    system: str
    encoder: str
    reader: str = ""


class CorpusRun:
    """A corpus with its questions, and the indexes that were needed so far.

    Args:
        corpus: Posts and questions.
        folder: For indexes; empty.
        python: The other systems' interpreter.
        encoder: The one whose weights and chunks the other systems get.
    """

    def __init__(self, corpus: Corpus, folder: Path, python: str, encoder: str) -> None:
        self.corpus = corpus
        self._folder, self._python, self._encoder = folder, python, encoder
        self._gold = folder / "gold.jsonl"
        self._gold.write_text(corpus.gold, encoding="utf-8")
        self._builds: dict[Path, Measured | None] = {}
        self._judges: dict[str, RankingJudge] = {}

    def cell(self, setup: Setup) -> Cell | None:
        """Measure one system; None where it cannot run."""
        if setup.system == OURS:
            place, built = self._own_index(setup.encoder)
            arguments = ("ask", place, self._gold, setup.reader)
            asked = built and run_module(sys.executable, _OURS, *arguments, one_thread=True)
        else:
            place, built = self._other_index(setup.system)
            asked = built and self._work("ask", setup.system, place)
        return self._cell(setup, built, asked) if built and asked else None

    def starts(self, rounds: int) -> dict[str, tuple[float, ...]]:
        """Seconds from nothing to what a question finds, the systems in turn; of this project the command `qa ask`."""
        place, _ = self._own_index(self._encoder)
        model, question = find_encoder(self._encoder), self.corpus.questions[0].question
        others = [system for system in SYSTEMS if self._other_index(system)[1]]
        seconds: dict[str, list[float | None]] = {}
        for _ in range(rounds):
            for reader in (ReaderMode.OFF, ReaderMode.FAST):
                own = cold_seconds(sys.executable, "qa.cli", "ask", question, "--index", place, QA_READER=reader)
                seconds.setdefault(label(OURS, self._encoder, reader), []).append(own)
            for system in others:
                arguments = ("start", system, model, self._other_index(system)[0], self._gold)
                seconds.setdefault(system, []).append(cold_seconds(self._python, _WORKER, *arguments))
        return {name: tuple(one for one in each if one) for name, each in seconds.items() if any(each)}

    def _own_index(self, encoder: str) -> tuple[Path, Measured | None]:
        """This project's index, built at first, and what was measured of that."""
        place = self._folder / f"postqa-{encoder}"
        if place not in self._builds:
            self._builds[place] = run_module(sys.executable, _OURS, "build", place, self.corpus.source, encoder)
        return place, self._builds[place]

    def _other_index(self, system: str) -> tuple[Path, Measured | None]:
        """Another system's index of the same chunks, likewise."""
        place = self._folder / SYSTEMS[system].index_name
        if place not in self._builds:
            place.mkdir()
            rows = chunk_rows(index.open(self._own_index(self._encoder)[0]))
            (place / ROWS).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
            self._builds[place] = self._work("build", system, place)
        return place, self._builds[place]

    def _work(self, phase: str, system: str, place: Path) -> Measured | None:
        arguments = (phase, system, find_encoder(self._encoder), place, self._gold)
        return run_module(self._python, _WORKER, *arguments, one_thread=phase == "ask")

    def _cell(self, setup: Setup, built: Measured, asked: Measured) -> Cell:
        hits = {**self._ranking_hits(setup.encoder, asked["rankings"]), **asked.get("hits", {})}
        return Cell(
            corpus=self.corpus.name,
            **setup._asdict(),
            gold=self.corpus.sha256,
            hits={name: "".join(str(int(hit)) for hit in of_questions) for name, of_questions in hits.items()},
            **times(asked["milliseconds"]),
            megabytes=round(asked["megabytes"]),
            passages=built["passages"],
            seconds=round(built["seconds"], 2),
            versions=asked["versions"],
            measured=f"{datetime.now(UTC):%Y-%m-%d %H:%M}, load {os.getloadavg()[0]:.1f}",
        )

    def _ranking_hits(self, encoder: str, rankings: Sequence[Sequence[int]]) -> dict[str, list[bool]]:
        if encoder not in self._judges:
            self._judges[encoder] = RankingJudge(index.open(self._own_index(encoder)[0]), load_encoder(encoder))
        judge = self._judges[encoder]
        hits = [judge.hits(question, rows) for question, rows in zip(self.corpus.questions, rankings, strict=True)]
        return {name: [one[name] for one in hits] for name in hits[0]}
