"""CLAP NQ's annotated files to rows: `python -m training.reader.clapnq ANSWERABLE UNANSWERABLE OUT`.

The first two are `clapnq_dev_answerable.jsonl` and `clapnq_dev_unanswerable.jsonl` of primeqa/clapnq (Apache-2.0).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def rows(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """A row for every question; of an answerable one the selected sentences are the answers."""
    count = 0
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            annotated = json.loads(line)
            passage, spans = _joined(annotated["passages"][0]["sentences"])
            selected = [_text(text) for output in annotated["output"] for text in output.get("selected_sentences", [])]
            answers = sorted({spans[text] for text in selected if text in spans})
            if any(output["answer"] for output in annotated["output"]) and not answers:
                continue
            yield {
                "id": f"clapnq-dev-{count:05d}",
                "source": "clapnq-dev",
                "question": annotated["input"],
                "title": annotated["passages"][0]["title"],
                "passage": passage,
                "answers": [{"start": start, "end": end} for start, end in answers],
                "level": "sentence",
            }
            count += 1


def _joined(sentences: list[str]) -> tuple[str, dict[str, tuple[int, int]]]:
    text = ""
    spans: dict[str, tuple[int, int]] = {}
    for sentence in map(_text, sentences):
        spans.setdefault(sentence, (len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    return text.rstrip(), spans


def _text(sentence: str) -> str:
    return sentence.strip().removesuffix("&").strip()  # an ampersand parts the selected sentences


def main() -> None:
    """Convert the files that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answerable", type=Path)
    parser.add_argument("unanswerable", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows([options.answerable, options.unanswerable]))


if __name__ == "__main__":
    main()
