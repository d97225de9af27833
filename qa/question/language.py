"""Which language a question is in, and whether the posts and the encoder are in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import Any

from index.text.stop_words import stop_words
from index.text.tokenize import folded, is_stop_word, words

UNDETERMINED = "und"
_CERTAIN = 0.9
_FEWEST_WORDS = 3
_MOSTLY = 0.8  # share of Latin letters; one Chinese or Greek letter says more, and names stay in Latin letters
_OTHER_SCRIPTS = frozenset("ar el he hi ja ko ru th uk zh bg sr fa bn ta te ka hy am".split())
_DETECTED = frozenset(
    "ar bg ca cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh".split()
)
"""Languages that a question may be detected as; others are so rare that detecting them is mostly wrong."""

# Stop words that English lacks, without accents: they distinguish a question from a list of English keywords.
_FOREIGN_STOP_WORDS = frozenset(
    """der die das und ist sind wer wie wo wann warum welche wurde mit fur von ein eine le la les des est qui que quoi
    ou quand comment pourquoi une dans pour avec el los las una y es quien como donde cuando cual por para il lo gli
    che chi dove quando perche di o os um uma quem onde sao het een wat waar wanneer hoe ve bir jest kto co gdzie
    hvad hvem hvor vad vem och og""".split()
)
# English words that are common in other languages too say nothing.
_ALSO_ENGLISH = frozenset("a an in me no on as do so am was it her is i he s t".split())
_LATIN = tuple("ca cs da de en es fi fr hu id it nl no pl pt ro sv tr vi".split())  # with lists of stop words
_SPANISH_MARKS = re.compile("[¿¡]")


def known_languages(languages: Collection[str]) -> tuple[str, ...]:
    """Languages of posts without the undetermined, in their order; English where there are none."""
    return tuple(language for language in languages if language != UNDETERMINED) or ("en",)


@lru_cache(maxsize=256)
def language_of(question: str, languages: tuple[str, ...]) -> str:
    """The two-letter code of the language that a question is in.

    Short questions are hard to classify, so in doubt they are in one of the posts' languages, in the
    commonest of them first: a question is in another when it is in another script, or certainly in another language
    with no stop word of theirs in it.

    Args:
        question: As asked.
        languages: Those of the posts, the commonest first.
    """
    known = known_languages(languages)
    return _foreign(question, known) or _likeliest(question, known)


def _likeliest(question: str, known: Sequence[str]) -> str:
    """Which of the posts' languages a question is in."""
    if len(known) == 1:
        return known[0]
    asked = [word.lower() for word in words(question)]
    counts = {language: sum(word in stop_words(language) for word in asked) for language in known}
    most = max(counts.values())
    best = [language for language in known if counts[language] == most]
    if len(best) == 1 or not any(map(str.isalpha, question)):
        return best[0]
    ranked = _ranked(question)
    return max(best, key=lambda language: ranked.get(language, 0.0))


def _foreign(question: str, known: Collection[str]) -> str | None:
    letters = [letter for letter in question if letter.isalpha()]
    if not letters:
        return None
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters) / len(letters)
    asked = words(question)
    if _SPANISH_MARKS.search(question) and {"es", "ca", "gl"}.isdisjoint(known):
        return "es"
    if latin >= 0.5 and _has_english_word(asked, known):
        return None
    if latin >= _MOSTLY and (detected := _by_stop_words(asked, known)) is not None:
        return None if detected in known else detected
    if latin >= _MOSTLY and (len(asked) < _FEWEST_WORDS or _is_list_of_names(question, asked)):
        return None
    ranked = _ranked(question)
    language = max((code for code in ranked if code in _DETECTED or code in known), key=lambda code: ranked[code])
    if language in known:
        return None
    is_certain = 1 - sum(ranked.get(code, 0.0) for code in known) >= _CERTAIN
    in_other_script = latin < _MOSTLY and _OTHER_SCRIPTS.isdisjoint(known)
    return language if is_certain or in_other_script else None


def _by_stop_words(asked: Sequence[str], known: Collection[str]) -> str | None:
    """The language of which a question holds at least two stop words more than of any other.

    One is enough for the posts' languages, where no other has more, and for English, which is asked everywhere,
    where theirs have none.
    """
    small = [word.lower() for word in asked]
    only_english = [word for word in small if word not in _ALSO_ENGLISH]
    counts = {
        language: sum(word in stop_words(language) for word in (only_english if language == "en" else small))
        for language in _LATIN
    }
    (second, _), (most, language) = sorted((count, language) for language, count in counts.items())[-2:]
    if most >= second + 2:
        return language
    may_be_english = sum(word in stop_words("en") for word in small)
    theirs = next((code for code in known if counts.get(code, 0) == most), None)
    if theirs and most and (theirs == "en" or most > may_be_english):
        return theirs
    in_english = _has_english_word(list(asked), ("en",)) and len(asked) >= _FEWEST_WORDS
    return "en" if in_english and not any(counts.get(code, 0) for code in known) else None


def _is_list_of_names(question: str, asked: list[str]) -> bool:
    """Whether these may as well be names or English keywords: plain letters, no question mark, no stop word."""
    if all(not word[0].islower() for word in asked):
        return True
    plain = question.isascii() and not question.rstrip().endswith("?")
    return plain and not any(folded(word) in _FOREIGN_STOP_WORDS for word in asked)


def _has_english_word(asked: list[str], known: Collection[str]) -> bool:
    """Whether an English stop word is in the question, where posts are in English."""
    return "en" in known and any(is_stop_word(folded(word)) and folded(word) not in _ALSO_ENGLISH for word in asked)


def _ranked(question: str) -> dict[str, float]:
    """The chance of each language that the model knows."""
    return {str(code): float(chance) for code, chance in _identifier().rank(question)}


@cache
def _identifier() -> Any:  # py3langid carries no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # it loads its own model

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
