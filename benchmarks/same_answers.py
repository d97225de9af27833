"""Are all answers the same as before a change? Dumps every ranking, confidence and quote, and compares two dumps.

`python -m benchmarks.same_answers dump OUT.jsonl` asks the questions of XQuAD-en, of the real posts and of the sample
posts, each over an index of its own, and writes one line a question with all numbers in full. It uses the public
interface only, so an older checkout runs it as well. `python -m benchmarks.same_answers compare A.jsonl B.jsonl` prints
what differs and ends with exit code 1 where anything does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import index
from qa import Answer, Assistant

SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLES = Path(index.__file__).parent / "samples"
SETS: dict[str, tuple[Path, Path]] = {
    "xquad-en": (SHARED / "data/xquad-en/corpus.jsonl", SHARED / "data/xquad-en/questions.jsonl"),
    "real posts": (SHARED / "corpus/ai-blog-posts.txt", SHARED / "gold/ai-blog-posts.dev.jsonl"),
    "samples": (SAMPLES / "posts", SAMPLES / "gold.jsonl"),
}
"""Of each set the posts and the questions asked over them."""


def dump(out: Path) -> int:
    """Write one line a question of every set; returns how many there are."""
    count = 0
    with out.open("w", encoding="utf-8") as file, tempfile.TemporaryDirectory() as scratch:
        for name, (corpus, questions) in SETS.items():
            root = Path(scratch) / name.replace(" ", "-")
            index.build([corpus], root)
            with Assistant(root) as assistant:
                for question in _questions(questions):
                    file.write(json.dumps({"set": name, **_facts(assistant.ask(question))}, sort_keys=True) + "\n")
                    count += 1
    return count


def _questions(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["question"]


def _facts(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": answer.confidence,
        "text": answer.text,
        "citations": [[one.post.title, one.start, one.end, one.score] for one in answer.citations],
        "passages": [
            [one.post.title, one.start, one.end, one.score, [[e.start, e.end, e.score] for e in one.evidence]]
            for one in answer.passages
        ],
        "nearest": [post.title for post in answer.nearest],
        "warnings": list(answer.warnings),
    }


def differences(before: Path, after: Path) -> list[str]:
    """Of each line that differs its set, its question and the fields."""
    ours, theirs = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
    if len(ours) != len(theirs):
        return [f"{before} has {len(ours)} questions, {after} has {len(theirs)}"]
    found = []
    for one, other in zip(map(json.loads, ours), map(json.loads, theirs), strict=True):
        fields = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
        if fields:
            found.append(f"{one['set']}: {one['question']!r}: {', '.join(sorted(fields))}")
    return found


def main() -> int:
    """Dump or compare; exit code 1 where two dumps differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("dump").add_argument("out", type=Path)
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.command == "dump":
        print(f"{dump(options.out)} questions written to {options.out}")
        return 0
    found = differences(options.before, options.after)
    print("\n".join(found[:50]) or "every ranking, confidence and quote is the same")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
