"""Text to lexical terms: words folded, stop words out, stemmed; numbers, dates and initials in one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set

import Stemmer

from index.text.scripts import IDEOGRAPHIC, LETTERED, MARKS, bare, is_in_pieces, pieces
from index.text.stemming import ENGLISH, Rules, rules_of, term_language
from index.text.stop_words import stop_words

_WORD = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)?")
_LETTER = rf"[^\W_{IDEOGRAPHIC}{LETTERED}]"
_MARKED = rf"{_LETTER}+(?:[{MARKS}]+{_LETTER}*)*"
_ANY_WORD = re.compile(
    rf"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[{IDEOGRAPHIC}]+|[{LETTERED}]+|{_MARKED}(?:['’]{_MARKED})?"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_DOT_LETTER_DOT = re.compile(r"\.[^\W\d_]\.")  # in all initials, and quickly looked for
_DIGIT = re.compile(r"\d")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_THOUSANDS = re.compile(r"\b(\d{1,3})k\b", re.I)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_MONTHS = "january february march april may june july august september october november december".split()
_SHORT_MONTHS = {month[:3]: month for month in _MONTHS if month != "may"} | {"sept": "september"}
# "one" is left out: it is more often a pronoun than a number.
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty""".split(),
        start=2,
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
_STOP_WORDS = stop_words(ENGLISH)
_STEM = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text as written, in order; possessive endings and thousands' commas are taken off.

    A run of a script without spaces counts as one word.
    """
    if text.isascii():
        composed, pattern = text, _WORD
    else:
        composed, pattern = unicodedata.normalize("NFC", text), _ANY_WORD  # a lone accent would part a word
    if _DOT_LETTER_DOT.search(composed):
        composed = _INITIALS.sub(_without_dots, composed)
    return [_plain(word) for word in pattern.findall(composed)]


def folded(word: str) -> str:
    """A word without case and accents, as words are compared; marks that make another letter stay."""
    if word.isascii():
        return word.lower()  # what the long way gives, in a hundredth of the time
    return bare(word.casefold())


def is_stop_word(word: str) -> bool:
    """Whether a folded English word carries no subject of its own."""
    return word in _STOP_WORDS


def terms(text: str, language: str = ENGLISH, asked_in: str = "") -> list[str]:
    """The terms of a text, in order, with repetitions.

    In English variants of one value come out as one term: "three" and "3", "20,000" and "20k", "50%" and
    "50 percent", "U.S." and "US", "Feb" and "February", "2020-02-18" and "February 18, 2020" (in another order).
    Chinese, Japanese, Korean and Thai come out in pieces of words (`index.text.scripts`).

    Args:
        language: By whose rules: the language of the posts looked at; English for those without rules of their own.
        asked_in: A further language whose stop words are left out: that of a question about these posts.
    """
    rules = rules_of(term_language(language))
    further = rules_of(term_language(asked_in)).stop if asked_in and asked_in != language else None
    if rules.language != ENGLISH:
        return _terms_in(rules, text, further or frozenset())
    found = words(_spelt_out(text))
    if further:
        found = [word for word in found if word.lower() not in further]
    return _english(map(folded, found))


def _english(folded_words: Iterable[str]) -> list[str]:
    """Terms of folded words, stop words left out."""
    kept: list[str] = []
    for word in map(_one_form, folded_words):
        if not word.isascii() and is_in_pieces(word):
            kept += pieces(word, ENGLISH)
        elif word not in _STOP_WORDS:
            kept.append(word)
    return list(_STEM.stemWords(kept))


def _terms_in(rules: Rules, text: str, further: Set[str]) -> list[str]:
    """Terms by the rules of another language: stemmed as written, folded afterwards."""
    found: list[str] = []
    for word in words(text):
        small = rules.lowered(word)
        if small in rules.stop or small in further:
            continue
        if word[0].isdigit():
            found.append(rules.number(folded(word)))
        elif small in rules.numbers:
            found.append(rules.numbers[small])
        elif not small.isascii() and is_in_pieces(small):
            found += pieces(folded(small), rules.language)
        else:
            found.append(rules.stemmed(small))
    return [term for term in found if term]


def _spelt_out(text: str) -> str:
    if _DIGIT.search(text):
        text = _ISO_DATE.sub(_date_in_words, text)
        text = _THOUSANDS.sub(lambda match: f"{match[1]}000", text)
    return text.replace("%", " percent ")


def _date_in_words(match: re.Match[str]) -> str:
    month, day = int(match[2]), int(match[3])
    if not (1 <= month <= len(_MONTHS) and 1 <= day <= 31):
        return match.group()
    return f"{match[1]} {_MONTHS[month - 1]} {day}"


def _without_dots(match: re.Match[str]) -> str:
    return match.group().replace(".", "")


def _one_form(word: str) -> str:
    """A folded word in the form that its variants share."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    if word in _SHORT_MONTHS:
        return _SHORT_MONTHS[word]
    return _ORDINAL.sub(r"\1", word) if word[:1].isdigit() else word


def _plain(word: str) -> str:
    if ("'" not in word and "’" not in word) or word[0].isdigit():
        return word.replace(",", "")
    return re.sub(r"['’](?:s|S)?$", "", word.replace("’", "'").removesuffix("'s").removesuffix("'S"))
