"""Gold questions proposed from the corpus by rule, for a person to accept or reject; no language model.

A rule that finds a sentence it knows makes a question that reads as English; a sentence no rule knows makes a
cloze or nothing at all. Subjects must be named: a sentence about "they" asks nobody anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from itertools import chain, zip_longest

from index.reader import Index
from index.records import Post
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.suggest_rules import LANGUAGES, Draft, drafts


def suggest(index: Index, limit: int, seed: int = 0) -> list[GoldQuestion]:
    """Propose at most `limit` gold questions, spread over posts and over the rules that make them.

    The same corpus and seed give the same questions. Every quote stands verbatim in its post, every answer in
    one of the quotes and not in the question.

    Args:
        seed: Another one gives another choice where there are more questions than asked for.
    """
    made = (_mixed(post, seed) for post in index.posts() if post.language in LANGUAGES)
    by_post = [found for found in made if found]
    by_post.sort(key=lambda found: (found[0][1].rule == "cloze", _order(seed, found[0][0].id)))
    turns = chain.from_iterable(zip_longest(*by_post))
    chosen: dict[str, tuple[Post, Draft]] = {}
    quoted: set[str] = set()
    for post, draft in (turn for turn in turns if turn is not None):
        if len(chosen) >= limit:
            break
        if draft.quotes[0] not in quoted and draft.question.casefold() not in chosen:
            chosen[draft.question.casefold()] = post, draft
            quoted.add(draft.quotes[0])
    titles = _titles_by_quote(index, quoted)
    return [_gold(number, *turn, titles) for number, turn in enumerate(chosen.values(), 1)]


def review(proposed: Iterable[GoldQuestion], ask: Callable[[GoldQuestion], str]) -> list[GoldQuestion]:
    """Go through proposals and keep what a person accepts.

    Args:
        ask: Shows a question and gives the reply: `a` accepts, `r` rejects, `e` and a text accepts it with the
            question so worded, `q` ends. It is asked again after any other reply.
    """
    kept: list[GoldQuestion] = []
    for question in proposed:
        verb, accepted = judged(question, ask)
        if verb == "q":
            break
        if accepted is not None:
            kept.append(accepted)
    return kept


def judged(question: GoldQuestion, ask: Callable[[GoldQuestion], str]) -> tuple[str, GoldQuestion | None]:
    """One proposal's verdict as `review` has it, `a`, `e`, `r` or `q`, and the question where it is accepted."""
    verb, text = _reply(question, ask)
    if verb == "e":
        return verb, question.model_copy(update={"question": text})
    return verb, question if verb == "a" else None


def to_gold_line(question: GoldQuestion) -> str:
    """A question as a line of JSON, without its end, that `read_gold` reads back as it was."""
    values = question.model_dump(mode="json", exclude={"grades"})
    return json.dumps({key: value for key, value in values.items() if value != []}, ensure_ascii=False)


def _reply(question: GoldQuestion, ask: Callable[[GoldQuestion], str]) -> tuple[str, str]:
    while True:
        verb, _, text = ask(question).strip().partition(" ")
        verb, text = verb.casefold(), text.strip()
        if (verb in {"a", "r", "q"} and not text) or (verb == "e" and text):
            return verb, text


def _gold(number: int, post: Post, draft: Draft, titles: dict[str, list[str]]) -> GoldQuestion:
    # A question that names its post asks for no other, though the sentence may stand there as well.
    names_post = post.title in draft.question
    posts = [post.title] if names_post else list(dict.fromkeys([post.title, *titles[draft.quotes[0]]]))
    return GoldQuestion(
        id=f"g{number:03d}",
        question=draft.question,
        posts=tuple(posts),
        quotes=draft.quotes,
        answers=draft.answers,
        kind=draft.kind,
    )


def _titles_by_quote(index: Index, quotes: Iterable[str]) -> dict[str, list[str]]:
    """For each quote the titles of all posts that hold it."""
    titles: dict[str, list[str]] = {quote: [] for quote in quotes}
    for post in index.posts():
        for quote, found in titles.items():
            if quote in post.body:
                found.append(post.title)
    return titles


def _order(seed: int, text: str) -> str:
    return hashlib.blake2b(f"{seed}/{text}".encode(), digest_size=8).hexdigest()


def _mixed(post: Post, seed: int) -> list[tuple[Post, Draft]]:
    """A post's proven drafts: the first of each rule, then the second of each, and so on."""
    by_rule: dict[str, list[Draft]] = {}
    for draft in sorted(drafts(post), key=lambda draft: _order(seed, draft.question)):
        if _is_proven(draft, post):
            by_rule.setdefault(draft.rule, []).append(draft)
    rules = sorted(by_rule, key=lambda rule: (rule == "cloze", _order(seed, post.id + rule)))
    mixed = chain.from_iterable(zip_longest(*(by_rule[rule] for rule in rules)))
    return [(post, draft) for draft in mixed if draft is not None]


def _is_proven(draft: Draft, post: Post) -> bool:
    quoted = all(quote in post.body for quote in draft.quotes)
    held = all(any(answer in quote for quote in draft.quotes) for answer in draft.answers)
    return quoted and held and not any(answer in draft.question for answer in draft.answers)
