"""Questions written for training over blogs, as corpora: a folder of Markdown posts and gold questions for each kind.

The files are those that `training.reader.prepare` reads, one a blog; blogs of one kind are one corpus.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from qa.evaluation.gold import GoldQuestion
from training.reader.posts import write_markdown
from training.reader.sources import Role, source_of

HELD_OUT = "held out"
"""The corpus of the blogs that the reader is not trained on."""


def written_corpora(folders: Sequence[Path], scratch: Path) -> dict[str, tuple[Path, list[GoldQuestion]]]:
    """Posts and questions of each kind of blog.

    Args:
        folders: Of JSON Lines files, one a blog.
        scratch: Where the posts are written, a folder a corpus.
    """
    questions: dict[str, list[GoldQuestion]] = defaultdict(list)
    for path in sorted(path for folder in folders for path in folder.glob("*.jsonl")):
        source = source_of(path.stem)
        name = HELD_OUT if source.role is Role.HELD_OUT else source.pool
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            post = f"{path.stem}-{sha256((row['post'] + row['passage']).encode()).hexdigest()[:12]}"
            write_markdown(scratch / name, post, row["title"], row["passage"])
            questions[name].append(_gold_question(row, post))
    return {name: (scratch / name, found) for name, found in questions.items()}


def add_written_option(parser: argparse.ArgumentParser) -> None:
    """Add `--written`, the folders that `written_corpora` reads; empty where it is not given."""
    what = "folder of questions written over blogs, JSON Lines; repeatable"
    parser.add_argument("--written", type=Path, action="append", default=[], help=what)


def blog_of(question: GoldQuestion) -> str:
    """The name of the blog that a question was written over."""
    return question.id.partition("/")[0]


def _gold_question(row: dict[str, Any], post: str) -> GoldQuestion:
    quotes = tuple(row["passage"][one["start"] : one["end"]] for one in row["answers"])
    stated = {
        "id": f"{row['source']}/{post}-{row['id']}",
        "question": row["question"],
        "answerable": bool(quotes),
        "quotes": quotes,
        "kind": row["kind"],
    }
    return GoldQuestion.model_validate(stated | ({"post_ids": (post,)} if quotes else {}))
