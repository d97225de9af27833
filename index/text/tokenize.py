"""Text to lexical terms: words folded, stop words left out, stemmed; numbers, dates and initials in one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

import Stemmer

from index.text.scripts import IDEOGRAPHIC, LETTERED, MARKS, fold_marks, needs_ngrams, ngrams
from index.text.stemming import ENGLISH, LanguageRules, language_rules, term_language

_WORD = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)?")
_LETTER = rf"[^\W_{IDEOGRAPHIC}{LETTERED}]"
_MARKED = rf"{_LETTER}+(?:[{MARKS}]+{_LETTER}*)*"
_ANY_WORD = re.compile(
    rf"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[{IDEOGRAPHIC}]+|[{LETTERED}]+|{_MARKED}(?:['’]{_MARKED})?"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_DOT_LETTER_DOT = re.compile(r"\.[^\W\d_]\.")  # in all initials, and quick to search for
_DIGIT = re.compile(r"\d")
_ISO_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
_THOUSANDS = re.compile(r"\b(\d{1,3})k\b", re.I)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_VERSION = re.compile(r"\bv(?=\d+\.\d)", re.I)
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})+(?:(?!\1)[.,]\d+)?")  # 1,234 or 1.234,56
_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))
"""Soft hyphens and characters without width: a word that holds one is one word."""
_MAY_BE_IDENTIFIER = re.compile(r"\w[._#+:]+\w|\w(?:#|\+\+)|(?:^|\s|`)--\w|::")
_IDENTIFIER = re.compile(
    r"""(?<![\w.\-])(?:
        --[a-z][\w-]+                                  # --locked
      | [A-Za-z_]\w+(?:(?:\.|::)[A-Za-z_]\w+)+         # tf.function, std::vector, config.yml
      | [A-Za-z]\w*_\w+                               # snake_case
      | [A-Za-z](?:\+\+|\#)                           # C++, C#
    )(?!\w)""",
    re.X,
)
_MONTHS = "january february march april may june july august september october november december".split()
_SHORT_MONTHS = {month[:3]: month for month in _MONTHS if month != "may"} | {"sept": "september"}
_LONGEST_PLAIN = 32  # letters: beyond it stands no word
_RULES = language_rules(ENGLISH)
_stem_words = Stemmer.Stemmer(ENGLISH).stemWords


def words(text: str) -> list[str]:
    """The words of a text as written, in order, without possessive endings and marks between thousands.

    A run of a script without spaces counts as one word.
    """
    if text.isascii():
        composed, pattern = text, _WORD
    else:  # a lone accent would split a word
        composed, pattern = unicodedata.normalize("NFC", text.translate(_INVISIBLE)), _ANY_WORD
    if _DOT_LETTER_DOT.search(composed):
        composed = _INITIALS.sub(lambda match: match.group().replace(".", ""), composed)
    return [_without_possessive(word) for word in pattern.findall(composed)]


def folded(word: str) -> str:
    """A word without case and accents, as words are compared; marks that make another letter stay."""
    if word.isascii():
        return word.lower()  # the same result in a hundredth of the time
    return fold_marks(word.casefold())


def is_stop_word(word: str) -> bool:
    """Whether a folded English word is a stop word."""
    return word in _RULES.stop_words


def terms(text: str, language: str = ENGLISH, query_language: str = "") -> list[str]:
    """The terms of a text, in order, with repetitions.

    In English variants of one value come out as one term: "three" and "3", "20,000" and "20k", "50%" and
    "50 percent", "U.S." and "US", "Feb" and "February", "2020-02-18" and "February 18, 2020" (in another order),
    "v4.3.0" and "4.3.0". Identifiers come out whole as well, behind the words: "tf.function", "--locked", "c++".
    Chinese, Japanese, Korean and Thai come out as n-grams (`index.text.scripts`).

    Args:
        language: The language of the posts searched, whose rules apply; English for those without rules of their own.
        query_language: A further language whose stop words are left out: that of a question about these posts.
    """
    rules = language_rules(term_language(language))
    is_asked_in_another = query_language not in ("", language)
    further = language_rules(term_language(query_language)).stop_words if is_asked_in_another else frozenset[str]()
    if rules.language != ENGLISH:
        return _terms_in(rules, text, further)
    written, kept = words(_spelled_out(text)), list[str]()
    if further:
        written = [word for word in written if word.lower() not in further]
    for word in map(_canonical, map(folded, written)):
        if not word.isascii() and needs_ngrams(word):
            kept += ngrams(word, ENGLISH)
        elif word not in _RULES.stop_words:
            kept.append(word)
    return [*_stem_words(kept), *identifiers(text)]


def plain_words(text: str, language: str = ENGLISH) -> list[str]:
    """The distinct words of a text in which typing errors can be told, in lower case and in order, no stop words."""
    rules = language_rules(term_language(language))
    return sorted({rules.lower(word) for word in set(words(text)) if is_plain(word)} - rules.stop_words)


def is_plain(word: str) -> bool:
    """Whether a word is of letters alone, of a script that is not searched by n-grams, and not overlong."""
    letters = word.isalpha() or all(unicodedata.category(letter)[0] in "LM" for letter in word)
    return letters and len(word) <= _LONGEST_PLAIN and not needs_ngrams(word)


def identifiers(text: str) -> list[str]:
    """What stands in a text as one word although marks part it, in lower case: names in code, options, C++, C#."""
    return [name.lower() for name in _IDENTIFIER.findall(text)] if _MAY_BE_IDENTIFIER.search(text) else []


def split_identifiers(text: str) -> tuple[list[str], str]:
    """The identifiers of a text, and the text without them and without the v in front of versions."""
    return identifiers(text), _VERSION.sub("", _IDENTIFIER.sub(" ", text))


def is_identifier(term: str) -> bool:
    """Whether a term is an identifier, whose parts are terms as well."""
    return not term.isalnum() and _IDENTIFIER.fullmatch(term) is not None


def _terms_in(rules: LanguageRules, text: str, further: Set[str]) -> list[str]:
    """Terms by the rules of a language other than English: stemmed as written, folded afterwards."""
    result: list[str] = []
    for word in words(text):
        lowered = rules.lower(word)
        if lowered in rules.stop_words or lowered in further:
            continue
        if word[0].isdigit():
            result.append(rules.number(folded(word)))
        elif lowered in rules.numbers:
            result.append(rules.numbers[lowered])
        elif not lowered.isascii() and needs_ngrams(lowered):
            result += ngrams(folded(lowered), rules.language)
        else:
            result.append(rules.stem(lowered))
    return [term for term in result if term]


def _spelled_out(text: str) -> str:
    if _DIGIT.search(text):
        text = _ISO_DATE.sub(lambda date: f"{date[1]} {_MONTHS[int(date[2]) - 1]} {int(date[3])}", text)
        text = _THOUSANDS.sub(r"\g<1>000", text)
        text = _VERSION.sub("", text)
    return text.replace("%", " percent ")


def _canonical(word: str) -> str:
    """A folded word in the form that its variants share."""
    form = _RULES.numbers.get(word) or _SHORT_MONTHS.get(word)
    return form or (_ORDINAL.sub(r"\1", word) if word[:1].isdigit() else word)


def _without_possessive(word: str) -> str:
    if word[0].isdigit():
        return _plain_number(word) if "," in word else word
    if "'" not in word and "’" not in word:
        return word
    return re.sub(r"['’](?:s|S)?$", "", word.replace("’", "'").removesuffix("'s").removesuffix("'S"))


def _plain_number(number: str) -> str:
    """A number without marks between thousands, its decimal comma a point; a list of numbers stays as it is."""
    if grouped := _GROUPED.fullmatch(number):
        whole = number.replace(grouped[1], "") if grouped[1] == "," or "," in number else number
        return whole.replace(",", ".")
    return number.replace(",", ".") if number.count(",") == 1 else number.replace(",", "")
