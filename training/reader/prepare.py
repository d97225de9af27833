"""Data files to a shelf: `python -m training.reader.prepare --data DIR --out FOLDER`.

Every passage is indexed as a post, each pool of sources by itself, and every question asked with the project's own
retrieval: what comes back and does not answer is what the reader has to tell from an answer. The folder gets a shelf
for training and one for measurement; a pool that is done is not done again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import index
from index.encoders import Encoder
from index.records import Chunk, Post
from qa import Assistant
from qa.reading.windows import Span, Unit, context_text, units_of
from qa.records import Passage
from training.reader.posts import write_markdown, write_plain
from training.reader.rows import Row, read_rows
from training.reader.shelf import Candidate, Question, Shelf, StoredPassage
from training.reader.sources import Origin, Role, Source, source_of

_DEPTH = 20  # passages retrieved for a question
_MEASURED = 8  # passages read when a held-out source is measured
_RULE_ROWS = 700  # of a source of rule-made questions: more would be indexed than is drawn
_LEAST_ANSWER = 3  # letters and digits: a shorter answer's words are found everywhere
_OVERLAP = 0.5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _Placed:
    """A row with the post that its passage became, and the post of its near miss."""

    row: Row
    source: Source
    post: str
    near: str


def prepare(
    folders: Sequence[Path], out: Path, held_out: frozenset[str], seed: int, encoder: Encoder | None = None
) -> None:
    """Write the shelves of all sources found in some folders.

    Args:
        folders: Of JSON Lines files.
        out: The folder of the shelves.
        held_out: Sources to measure on, besides those listed so.
        seed: For the sample of rule-made questions.
        encoder: Instead of the default one.
    """
    pools: dict[str, list[tuple[Source, Path]]] = defaultdict(list)
    for path in sorted(path for folder in folders for path in folder.glob("*.jsonl")):
        source = source_of(path.stem, held_out=held_out)
        if source.role is not Role.EXCLUDED:
            pools[f"{source.role.name.lower()}-{source.pool or source.name}"].append((source, path))
    for name, members in pools.items():
        place = out / name
        stamp = json.dumps([[source.name, path.stat().st_size] for source, path in members])
        if (place / "done").is_file() and (place / "done").read_text() == stamp:
            continue
        print(name, flush=True)
        _pool_shelf(members, out / "scratch" / name, seed, encoder).save(place)
        (place / "done").write_text(stamp)
        shutil.rmtree(out / "scratch" / name)


def _pool_shelf(members: Sequence[tuple[Source, Path]], scratch: Path, seed: int, encoder: Encoder | None) -> Shelf:
    """Index the passages of a pool and ask its questions."""
    posts: dict[tuple[str, str], str] = {}
    placed = []
    for source, path in members:
        rows = list(read_rows(path, source.layout))
        if source.origin is Origin.RULES and len(rows) > _RULE_ROWS:
            rows = random.Random(seed).sample(rows, _RULE_ROWS)
        for row in rows:
            if not row.passage.strip():
                continue
            post = posts.setdefault((row.title, row.passage), f"p{len(posts)}")
            near = row.near_miss.strip() and posts.setdefault((row.title, row.near_miss), f"p{len(posts)}")
            placed.append(_Placed(row, source, post, near))
    documents = scratch / "posts"
    documents.mkdir(parents=True, exist_ok=True)
    if all(source.origin is Origin.WRITTEN for source, _ in members):
        for (title, body), post in posts.items():
            write_markdown(documents, post, title, body)
    else:
        write_plain(documents / "posts.jsonl", {post: text for text, post in posts.items()})
    index.build([documents], scratch / "index", encoder=encoder)
    with Assistant(scratch / "index", encoder=encoder) as assistant:
        return _asked(placed, assistant, untitled={post for (title, _), post in posts.items() if not title})


def _asked(rows: Sequence[_Placed], assistant: Assistant, untitled: set[str]) -> Shelf:
    """The shelf of an index: its passages, and the questions of the rows with what is retrieved for them."""
    pool = _Pool(assistant, untitled)
    posts_of: dict[str, set[str]] = defaultdict(set)
    for placed in rows:
        posts_of[_normal(placed.row.question)].add(pool.stored_id(placed.post))
    for at, placed in enumerate(rows):
        if at % 500 == 0:
            print(f"  {at} of {len(rows)} questions", flush=True)
        question = pool.question(placed)
        if question is None:
            continue
        if placed.source.role is Role.HELD_OUT and placed.source.pool:
            question = replace(question, retrieved=pool.retrieved(question, _MEASURED))
        elif placed.source.pool and placed.row.names_subject:
            question = replace(question, retrieved=pool.negatives(question, placed, posts_of))
        pool.shelf.questions.append(question)
    return pool.shelf


class _Pool:
    """An index of passages, each of them a post, with the shelf that is made of it.

    Args:
        assistant: Over the index.
        untitled: Posts whose title was made of their first words, and is not read.
    """

    def __init__(self, assistant: Assistant, untitled: set[str]) -> None:
        self.shelf = Shelf()
        self._assistant = assistant
        self._posts = {post.id: post for post in assistant.index.posts()}
        self._merged = {twin: post.id for post in self._posts.values() for twin in post.also_ids}
        self._keys: dict[str, list[str]] = defaultdict(list)
        for chunk in assistant.index.all_chunks():
            key = _key(chunk.post_id, chunk.start)
            self._keys[chunk.post_id].append(key)
            titled = chunk.post_id not in untitled
            self.shelf.passages[key] = _stored(self._posts[chunk.post_id], chunk, titled=titled)

    def stored_id(self, post: str) -> str:
        """The post that is kept of several with the same text."""
        return self._merged.get(post, post)

    def question(self, placed: _Placed) -> Question | None:
        """The question without what is retrieved; None where its answer lies in no unit that is scored."""
        row = placed.row
        post = self._posts.get(self.stored_id(placed.post))
        begin = post.body.find(row.passage.strip()) if post else -1
        if post is None or begin < 0:  # the source reader changed characters of it: offsets would be wrong
            return None
        shift = begin - (len(row.passage) - len(row.passage.lstrip()))
        spans = [(start + shift, end + shift) for start, end in row.answers]
        keys = self._keys[post.id]
        gold = {key: places for key in keys if (places := self._answering(key, spans))}
        if row.answers and not gold:
            return None
        held = {key: _held(row, self.shelf.passages[key], gold.get(key, [])) for key in keys}
        return Question(
            id=row.id,
            source=placed.source.name,
            question=row.question,
            gold=gold,
            ignored={key: places for key, places in held.items() if places},
            same=[key for key in keys if key not in gold],
            near=list(self._keys.get(self.stored_id(placed.near), [])),
            answerable=bool(gold),
        )

    def _answering(self, key: str, spans: Sequence[tuple[int, int]]) -> list[int]:
        """Places of the scored units of a passage that answer."""
        units = self.shelf.passages[key].units
        return [at for at, unit in enumerate(units) if unit.is_scored and answers(unit, spans)]

    def retrieved(self, question: Question, depth: int) -> list[Candidate]:
        """The first passages for a question, as they are ranked."""
        ranked = self._assistant.search(question.question, depth)
        keys = [_key(passage.post.id, passage.start) for passage in ranked]
        return [candidate_of(passage, self.shelf.passages[key]) for passage, key in zip(ranked, keys, strict=True)]

    def negatives(self, question: Question, placed: _Placed, posts_of: Mapping[str, set[str]]) -> list[Candidate]:
        """Of the passages retrieved for a question those of other posts that seem not to answer.

        Args:
            question: With its own passages.
            placed: The row that it was made of.
            posts_of: By question, the posts that answer it.
        """
        own = {_post_of(key) for key in (*question.gold, *question.same)}
        excluded = own | posts_of[_normal(placed.row.question)]
        return [
            candidate
            for candidate in self.retrieved(question, _DEPTH)
            if _post_of(candidate.key) not in excluded
            and not _may_answer(placed.row, self.shelf.passages[candidate.key])
        ]


def candidate_of(passage: Passage, stored: StoredPassage) -> Candidate:
    """A ranked passage with the ranking's score of each of its units."""
    scores = {(sentence.start, sentence.end): sentence.score for sentence in passage.evidence}
    least = min(scores.values(), default=0.0)
    unit_scores = tuple(scores.get((unit.start, unit.end), least) for unit in stored.units)
    return Candidate(_key(passage.post.id, passage.start), passage.score, unit_scores)


def stored_passage(title: str, headings: Sequence[str], spans: Iterable[Span]) -> StoredPassage:
    """A passage as the reader is given it."""
    units = units_of(spans)
    return StoredPassage(context_text(title, headings, units), tuple(units))


def answers(unit: Unit, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a unit shares half of itself or of an answer with it."""
    for start, end in spans:
        shared = min(unit.end, end) - max(unit.start, start)
        if shared > 0 and shared >= _OVERLAP * min(unit.end - unit.start, end - start):
            return True
    return False


def _stored(post: Post, chunk: Chunk, *, titled: bool) -> StoredPassage:
    pairs = zip(chunk.sentences, chunk.sentence_texts, strict=True)
    spans = [Span(sentence.start, sentence.end, sentence.kind, text) for sentence, text in pairs]
    return stored_passage(post.title if titled else "", chunk.headings, spans)


def _key(post: str, start: int) -> str:
    return f"{post}:{start}"


def _post_of(key: str) -> str:
    return key.partition(":")[0]


def _normal(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _held(row: Row, passage: StoredPassage, gold: Sequence[int]) -> list[int]:
    """Units beside the gold ones that hold a short answer's words."""
    wanted = _short_answers(row)
    return [
        at
        for at, unit in enumerate(passage.units)
        if at not in gold and any(f" {answer} " in f" {_normal(unit.text)} " for answer in wanted)
    ]


def _may_answer(row: Row, passage: StoredPassage) -> bool:
    """Whether a passage holds an answer's words, or a sentence much like one that answers."""
    if _held(row, passage, ()):
        return True
    for answer in row.answer_texts:
        words = set(_normal(answer).split())
        for unit in passage.units:
            theirs = set(_normal(unit.text).split())
            if len(words) > 3 and len(words & theirs) >= 0.6 * min(len(words), max(len(theirs), 4)):
                return True
    return False


def _short_answers(row: Row) -> list[str]:
    if row.level != "span":
        return []
    return [text for answer in row.answer_texts if len(text := _normal(answer)) >= _LEAST_ANSWER]


def main() -> None:
    """Prepare what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of JSON Lines; repeatable")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold-out", action="append", default=[], help="a further source to measure on; repeatable")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(options.data, options.out, frozenset(options.hold_out), options.seed)


if __name__ == "__main__":
    main()
