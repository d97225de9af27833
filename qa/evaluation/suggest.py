"""Gold questions proposed from the corpus by rule, for a person to accept or reject; no language model.

A rule makes a question of a sentence that matches its pattern; a sentence that matches none becomes a cloze or
nothing. The subject must be named: of a sentence about "they" no question is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, zip_longest

from index.reader import Index
from index.records import Post
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.suggest_rules import LANGUAGES, Draft, drafts


def suggest(index: Index, limit: int, seed: int = 0) -> list[GoldQuestion]:
    """Propose at most `limit` gold questions, spread over posts and over the rules that make them.

    The same corpus and seed give the same questions. Every quote is verbatim in its post, every answer in
    one of the quotes and not in the question.

    Args:
        seed: Another one gives another choice where there are more questions than asked for.
    """
    by_post = [_mixed(post, seed) for post in index.posts() if post.language in LANGUAGES]
    by_post = sorted(filter(None, by_post), key=lambda drafts: _post_order(seed, *drafts[0]))
    chosen: dict[str, tuple[Post, Draft]] = {}
    quotes: dict[str, list[str]] = {}
    for post, draft in filter(None, chain.from_iterable(zip_longest(*by_post))):
        if len(chosen) < limit and draft.quotes[0] not in quotes and draft.question.casefold() not in chosen:
            chosen[draft.question.casefold()] = post, draft
            quotes[draft.quotes[0]] = []
    for post in index.posts():
        for quote, titles in quotes.items():
            if quote in post.body:
                titles.append(post.title)
    return [_gold(number, *pair, quotes[pair[1].quotes[0]]) for number, pair in enumerate(chosen.values(), 1)]


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
    while True:
        verb, _, text = ask(question).strip().partition(" ")
        match verb.casefold(), text.strip():
            case "a", "":
                return "a", question
            case ("r" | "q") as rejected, "":
                return rejected, None
            case "e", wording if wording:
                return "e", question.model_copy(update={"question": wording})


def _gold(number: int, post: Post, draft: Draft, titles: Sequence[str]) -> GoldQuestion:
    # A question that names its post asks for no other post with the same sentence.
    others = [] if post.title in draft.question else titles
    return GoldQuestion(
        id=f"g{number:03d}",
        question=draft.question,
        posts=tuple(dict.fromkeys([post.title, *others])),
        quotes=draft.quotes,
        answers=draft.answers,
        kind=draft.kind,
    )


def _order(seed: int, text: str) -> str:
    return hashlib.blake2b(f"{seed}/{text}".encode(), digest_size=8).hexdigest()


def _post_order(seed: int, post: Post, draft: Draft) -> tuple[bool, str]:
    """Posts that have no other draft than clozes come last."""
    return draft.rule == "cloze", _order(seed, post.id)


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
