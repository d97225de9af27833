"""This project in a process of its own: `python -m benchmarks.blogs.ours build INDEX SOURCE ENCODER`.

`ask INDEX GOLD READER` asks an index's questions and judges what comes. The last line of the output is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import index
from benchmarks.blogs.chunks import SENTENCES
from benchmarks.blogs.worker import peak_megabytes
from benchmarks.machine import version_of
from index.encoders.installed.loading import load_encoder
from index.settings import BuildSettings
from index.sources.language import load_detector
from qa.answer import Answer
from qa.assistant import Assistant
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.judge import Judge, answering_sentences, cited
from qa.settings import AskSettings, ReaderMode


def build(place: Path, source: Path, encoder: str) -> dict[str, Any]:
    """Build an index; the seconds are without loading the models."""
    load_encoder(encoder).encode_query(["A text that loads the model."])
    load_detector()
    begun = time.perf_counter()
    report = index.build([source], place, settings=BuildSettings(encoder=encoder))
    return {"passages": report.chunks, "seconds": time.perf_counter() - begun}


def ask(place: Path, gold: Path, reader: ReaderMode) -> dict[str, Any]:
    """Ask every question one after the other, the first one twice; then judge the answers."""
    questions = read_gold(gold).questions
    with Assistant(place, settings=AskSettings(reader=reader)) as assistant:
        assistant.quote(questions[0].question)
        milliseconds, answers = [], []
        for question in questions:
            begun = time.perf_counter()
            answers.append(assistant.quote(question.question))
            milliseconds.append((time.perf_counter() - begun) * 1000)
        peak = peak_megabytes()
        hits = [_hits(assistant, question, answer) for question, answer in zip(questions, answers, strict=True)]
        rankings = [[assistant.index.row_at(one.post.id, one.start) for one in answer.passages] for answer in answers]
    return {
        "milliseconds": milliseconds,
        "megabytes": peak,
        "rankings": rankings,
        "hits": {name: [one[name] for one in hits] for name in hits[0]},
        "versions": f"postqa {version_of('postqa')}, postqa-reader {version_of('postqa-reader')}",
    }


def _hits(assistant: Assistant, question: GoldQuestion, answer: Answer) -> dict[str, bool]:
    """What is right of the sentences chosen, shown or held back, and of the quotes shown."""
    judge = Judge(question)
    chosen = answer.citations or assistant.read_features(question.question)[1]
    sentences = [judge.proves(one) for one in answering_sentences(chosen, answer.passages)[: max(SENTENCES)]]
    quotes = [judge.proves(cited(one)) for one in answer.citations]
    return {
        **{f"sentence@{k}": any(sentences[:k]) for k in SENTENCES},
        **{f"quote@{k}": any(quotes[:k]) for k in SENTENCES},
        "shown": answer.answered,
    }


def main() -> None:
    """Run one phase and print what it measured."""
    phase, place, what, how = sys.argv[1:5]
    measured = (
        build(Path(place), Path(what), how) if phase == "build" else ask(Path(place), Path(what), ReaderMode(how))
    )
    sys.stdout.write("\n" + json.dumps(measured) + "\n")


if __name__ == "__main__":
    main()
