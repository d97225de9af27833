"""Languages that the corpus does not have: a doubtful detection gives way to the language of most posts."""

from __future__ import annotations

from collections.abc import Callable, Collection

from index.records import Post
from index.storage.post_writer import PostWriter

_ENOUGH_POSTS = 3
_ENOUGH_SHARE = 0.05
_CLEAR = 25.0  # nats: a sentence that is plainly in its language
_DECISIVE = 40.0  # nats: a paragraph that is


def settle_languages(
    store: PostWriter,
    is_detected: Callable[[Post], bool],
    evidence: Callable[[Post, str], float],
    read: Collection[str],
) -> None:
    """Give posts of a language that hardly any other has the commonest language.

    A language counts as the corpus's own when a post states it, or three posts or a twentieth of all are in it.

    Args:
        store: All posts of the build.
        is_detected: Whether a post's language was detected, not stated.
        evidence: How much likelier a post is in its language than in the one given, in nats.
        read: The languages that the encoder reads; of others more evidence is asked.
    """
    counts = store.language_counts()
    commonest = next((language for language in counts if language != "und"), None)
    if commonest is None:
        return
    for language in _rare(counts, commonest):
        posts = [(row, post) for row, post in store.posts_in(language)]
        least = _CLEAR if language in read else _DECISIVE
        if language == "und" or all(is_detected(post) for _, post in posts):
            for row, post in posts:
                if is_detected(post) and evidence(post, commonest) < least:
                    store.set_language(row, commonest)


def _rare(counts: dict[str, int], commonest: str) -> Collection[str]:
    total = sum(counts.values())
    enough = {name for name, count in counts.items() if count >= min(_ENOUGH_POSTS, total * _ENOUGH_SHARE)}
    return counts.keys() - (enough - {"und"}) - {commonest}
