"""Is the question in a language that the corpus or the encoder covers?"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Set
from functools import cache
from typing import Any

from index.terms import folded, is_stop_word, words

_SURE = 0.9
_FEWEST_WORDS = 3
_OWN_SCRIPT = 0.8  # one Chinese or Greek letter says more than a Latin one, and names stay in Latin letters
_OTHER_SCRIPTS = frozenset("ar el he hi ja ko ru th uk zh bg sr fa bn ta te ka hy am".split())
# Words of function that English lacks, without accents: they tell a question from a row of English key words.
_FUNCTION_WORDS = frozenset(
    """der die das und ist sind wer wie wo wann warum welche wurde mit fur von ein eine le la les des est qui que quoi
    ou quand comment pourquoi une dans pour avec el los las una y es quien como donde cuando cual por para il lo gli
    che chi dove quando perche di o os um uma quem onde sao het een wat waar wanneer hoe ve bir jest kto co gdzie
    hvad hvem hvor vad vem och og""".split()
)
_NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def language_warning(question: str, covered: Collection[str]) -> str | None:
    """A sentence for the reader when a question's language is none of those covered; else nothing.

    Short questions are hard to tell apart, so the benefit of the doubt goes to the corpus' languages: a
    question is foreign when it is in another script, or surely in another language with no English word
    of function in it.

    Args:
        question: As asked.
        covered: Two-letter codes of the languages of the corpus.
    """
    known = {language for language in covered if language != "und"} or {"en"}
    language = _foreign(question, known)
    if language is None:
        return None
    asked = _NAMES.get(language, f"another language ({language})" if language else "another language")
    posts = " and ".join(sorted(_NAMES.get(code, code) for code in known))
    return f"The question seems to be in {asked}; the posts are in {posts}. The answer may be wrong or missing."


def _foreign(question: str, known: Set[str]) -> str | None:
    letters = [letter for letter in question if letter.isalpha()]
    if not letters:
        return None
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters) / len(letters)
    asked = words(question)
    if latin >= 0.5 and _has_function_word(asked, known):
        return None
    if latin >= _OWN_SCRIPT and (len(asked) < _FEWEST_WORDS or _is_row_of_names(question, asked)):
        return None
    ranked = dict(_identifier().rank(question))
    language = max((known | _NAMES.keys()) & ranked.keys(), key=lambda code: float(ranked[code]))
    if language in known:
        return None
    surely = 1 - sum(float(ranked.get(code, 0)) for code in known) >= _SURE
    in_other_script = latin < _OWN_SCRIPT and not known & _OTHER_SCRIPTS
    return str(language) if surely or in_other_script else None


def _is_row_of_names(question: str, asked: list[str]) -> bool:
    """Whether these may as well be names or English key words: in plain letters, no question, no function word."""
    if all(not word[0].islower() for word in asked):
        return True
    plain = question.isascii() and not question.rstrip().endswith("?")
    return plain and not any(folded(word) in _FUNCTION_WORDS for word in asked)


def _has_function_word(asked: list[str], known: Collection[str]) -> bool:
    """Whether an English word of function stands in the question, where English is covered."""
    # Words that are English and common in other languages too say nothing.
    shared = {"a", "an", "in", "me", "no", "on", "as", "do", "so", "am", "was", "it", "her", "is", "i", "he", "s", "t"}
    return "en" in known and any(is_stop_word(folded(word)) and folded(word) not in shared for word in asked)


@cache
def _identifier() -> Any:  # py3langid carries no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # it loads a model of its own

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
