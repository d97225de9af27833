"""Gold questions over real posts as a shelf to measure on: `python -m training.reader.gold_shelf --out FOLDER`.

A development check and nothing to train on: the first passages of each question as the project ranks them.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import index
from index.encoders import Encoder
from index.records import Post
from qa import Assistant
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.reading.windows import passage_spans
from training.reader.prepare import answers, candidate_of, stored_passage
from training.reader.shelf import Question, Shelf

SHARED = Path(__file__).resolve().parents[3] / "shared"
SETS = {
    "til": (SHARED / "corpus/til", SHARED / "gold/til.dev.jsonl"),
    "jekyll": (SHARED / "corpus/jekyll-news", SHARED / "gold/jekyll.dev.jsonl"),
    "ai-blog-posts": (SHARED / "corpus/ai-blog-posts.txt", SHARED / "gold/ai-blog-posts.dev.jsonl"),
}
"""Of each set its posts and its questions."""

_PASSAGES = 8


def gold_shelf(name: str, corpus: Path, gold: Path, scratch: Path, encoder: Encoder | None = None) -> Shelf:
    """Ask a set's questions and keep what was ranked.

    Args:
        name: Of the set; every key begins with it.
        corpus: The posts.
        gold: The questions.
        scratch: Folder for the index.
        encoder: Instead of the default one.
    """
    shelf = Shelf()
    index.build([corpus], scratch, encoder=encoder)
    with Assistant(scratch, encoder=encoder) as assistant:
        for question in read_gold(gold).questions:
            shelf.questions.append(_asked(name, question, assistant, shelf))
    return shelf


def _asked(name: str, question: GoldQuestion, assistant: Assistant, shelf: Shelf) -> Question:
    answer = assistant.ask(question.question)
    gold: dict[str, list[int]] = {}
    retrieved = []
    for passage in answer.passages[:_PASSAGES]:
        post = passage.post
        stored = stored_passage(post.title, passage.headings, passage_spans(passage))
        candidate = candidate_of(passage, stored)
        key = f"{name}:{candidate.key}"
        shelf.passages[key] = stored
        retrieved.append(replace(candidate, key=key))
        spans = list(_quoted(question, post))
        places = [at for at, unit in enumerate(stored.units) if unit.is_scored and answers(unit, spans)]
        if places:
            gold[key] = places
    return Question(
        id=question.id,
        source=name,
        question=question.question,
        gold=gold,
        retrieved=retrieved,
        answerable=question.answerable,
        confidence=answer.confidence,
    )


def _quoted(question: GoldQuestion, post: Post) -> Iterator[tuple[int, int]]:
    """Where the gold quotes stand in a post that answers, whatever blank space the post has between words."""
    if post.title not in question.posts and post.id not in question.post_ids:
        return
    for quote in question.quotes:
        pattern = r"\s+".join(map(re.escape, quote.split()))
        yield from (match.span() for match in re.finditer(pattern, post.body))


def main() -> None:
    """Write a shelf for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for name, (corpus, gold) in SETS.items():
        with tempfile.TemporaryDirectory() as scratch:
            shelf = gold_shelf(name, corpus, gold, Path(scratch) / "index")
        shelf.save(options.out / name)
        ranked = sum(bool(question.gold) for question in shelf.questions)
        print(f"{name}: {len(shelf.questions)} questions, the answer is in the first {_PASSAGES} of {ranked}")


if __name__ == "__main__":
    main()
