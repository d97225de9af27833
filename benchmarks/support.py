"""How well `qa.answering.llm.support` tells sentences that a post supports from those that it does not.

    python -m benchmarks.support [--misses]

`written.jsonl` holds sentences such as language models write about the sample posts: true ones in other words, and
false ones of several kinds. Each is held against the passages of its post that a search finds for it; the one that
speaks for it most counts. They were written by hand for this project; they are few, and no model's own. The check
was mended on the first set; the second, about other posts, was written afterwards and only measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

import index
from qa import Assistant, Filters
from qa.answering.llm.support import Source, Support, support
from qa.cli.build_commands import sample_posts

_NAMED = 3  # passages, of which a model names the one that fits best: a false sentence has three chances as well
_SENTENCES = Path(__file__).with_name("written.jsonl")


def main() -> None:
    """Print the share called supported, by kind."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", action="store_true", help="Show what is judged wrongly.")
    shows_misses = options.parse_args().misses
    held, everything = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row, found in judged():
        key = (row["set"], row["kind"])
        everything[key] += 1
        held[key] += found.holds
        if shows_misses and found.holds != (row["kind"] == "true"):
            print(f"{row['set']}, {row['kind']}: {row['sentence']}\n    {found}")
    for key, number in everything.items():
        print(f"{key[0]:7} {key[1]:9} {held[key]:3} of {number:3} called supported")


def judged() -> list[tuple[dict[str, str], Support]]:
    """Each row with what was found of its sentence."""
    rows = [json.loads(line) for line in _SENTENCES.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        index.build([sample_posts()], folder)
        with Assistant(folder) as assistant:
            ids = {post.id: post.url or "" for post in assistant.index.posts()}
            found = []
            for row in rows:
                (post,) = (one for one, url in ids.items() if row["post"] in url)
                passages = assistant.search(row["sentence"], _NAMED, filters=Filters(posts=(post,)))
                best = max((support(row["sentence"], [Source(one)]) for one in passages), key=_order)
                found.append((row, best))
    return found


def _order(found: Support) -> tuple[bool, float]:
    return found.holds, found.share


if __name__ == "__main__":
    main()
