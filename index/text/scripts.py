"""Properties of scripts: marks that belong to a word, marks that may be left out, words without spaces between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TypeVar

_Run = TypeVar("_Run", str, list[str])
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HANGUL = "\uac00-\ud7a3"
IDEOGRAPHIC = _HAN + _HIRAGANA + _KATAKANA
"""Chinese characters and kana, as the inside of a pattern's class."""
LETTERED = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
"""Letters of Thai, Lao, Burmese and Khmer, the same way; vowels and tones are marks on them or stand beside."""
_LETTERED_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    "\u17b4-\u17d3"
)
# Python's \w knows letters, and not the marks that stand on and around them. The two Indic ranges leave out the dandas.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0963\u0971-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff\u200d"
    "\u20d0-\u20ff\ufe20-\ufe2f"
)
"""Marks inside a word of a script with spaces, the same way."""

# Marks that a writer may leave out: accents, Hebrew and Arabic points, lengthening. A breve on и and у
# and a diaeresis on і make other letters (й, ў, ї), and so do the marks of kana and of Indic scripts.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u0305\u0307\u0309-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff"
    "\ufe20-\ufe2f]|(?<![ИиУу])\u0306|(?<![Іі])\u0308"
)
_RUNS = re.compile(f"[{IDEOGRAPHIC}]+|[{_HANGUL}]+|[{LETTERED}]+|[^{IDEOGRAPHIC}{_HANGUL}{LETTERED}]+")
_NEEDS_NGRAMS = re.compile(f"[{IDEOGRAPHIC}{_HANGUL}{LETTERED}]")
_BY_SCRIPT = re.compile(f"[{_HAN}]+|[{_KATAKANA}]+|[{LETTERED}]+")  # hiragana is mostly grammar, and separates words
_IS_HANGUL, _IS_LETTERED = re.compile(f"[{_HANGUL}]"), re.compile(f"[{LETTERED}]")
_CLUSTER = re.compile(f"[^{_LETTERED_MARKS}][{_LETTERED_MARKS}]*|[{_LETTERED_MARKS}]+")
# Question words and function words: no n-gram reaches over them.
_SEPARATORS = {
    "zh": re.compile(
        "为什么|為什麼|什么|什麼|多少|哪里|哪裡|哪个|哪個|哪些|哪一|哪|怎么|怎麼|怎样|如何|何时|何時|谁|誰|[的了吗嗎呢是在和与與]"
    ),
    "th": re.compile("อะไร|ใคร|เมื่อใด|เมื่อไหร่|เมื่อไร|ที่ไหน|เท่าไหร่|เท่าไร|เท่าใด|ทำไม|อย่างไร|หรือไม่|และ|ของ|คือ"),
}
_KOREAN_PARTICLE = re.compile(
    "(?<=[가-힣]{2})(?:에서는|에서|에게|으로|까지|부터|처럼|보다|입니까|입니다|습니까|습니다|었다|았다|였다|했다|은|는|이|가|을|를|의|에|와|과|도|로)$"
)


def fold_marks(word: str) -> str:
    """A word of any script without optional marks, its characters in their compatibility form (NFKC)."""
    decomposed = unicodedata.normalize("NFKD", word)
    kept = _OPTIONAL_MARKS.sub("", decomposed)
    if kept.isascii():
        return kept
    digits = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in kept)
    return unicodedata.normalize("NFC", "".join(digits))


def needs_ngrams(word: str) -> bool:
    """Whether a word holds letters of a script that is searched by n-grams."""
    return _NEEDS_NGRAMS.search(word) is not None


def ngrams(word: str, language: str) -> Iterator[str]:
    """The n-grams of a word, or of a run of words without spaces, by which it is searched.

    Two characters of Chinese, Japanese and Korean, three letters with their marks of Thai, Lao, Khmer and Burmese;
    what is in other scripts stays whole. Hiragana, mostly Japanese grammar, is left out.

    Args:
        language: Two-letter code; its function words separate the runs.
    """
    for run in _RUNS.findall(word):
        if not needs_ngrams(run):
            yield run
        elif _IS_HANGUL.match(run):
            yield from _grams(_KOREAN_PARTICLE.sub("", run), 2)
        else:
            separators = _SEPARATORS.get(language)
            for part in _BY_SCRIPT.findall(separators.sub(" ", run) if separators else run):
                if _IS_LETTERED.match(part):
                    yield from map("".join, _grams(_CLUSTER.findall(part), 3))
                else:
                    yield from _grams(part, 2)


def _grams(run: _Run, size: int) -> list[_Run]:
    """All n-grams of a size, or the run itself where it is shorter; none of an empty run."""
    if len(run) <= size:
        return [run] if run else []
    return [run[at : at + size] for at in range(len(run) - size + 1)]
