"""What scripts ask for: marks that belong to a word, letters with and without them, words that no space parts."""

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
# Thai, Lao, Burmese, Khmer. Their vowels and tones are marks on a letter or stand beside it.
_LETTERED = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
_LETTERED_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    "\u17b4-\u17d3"
)
IDEOGRAPHIC = _HAN + _HIRAGANA + _KATAKANA
"""Chinese characters and kana, as the inside of a pattern's class."""
LETTERED = _LETTERED
"""Letters of South-East Asia's scripts without spaces, the same way."""
# Python's \w knows letters, and not the marks that stand on and around them. The two Indic ranges leave out the dandas.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0963\u0971-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff\u200d"
    "\u20d0-\u20ff\ufe20-\ufe2f"
)
"""Marks inside a word of a script with spaces, the same way."""

# What varies a letter and may as well be left out: accents, Hebrew and Arabic points, lengthening. A breve on и and у
# and a diaeresis on і make other letters (й, ў, ї), and so do the marks of kana and of Indic scripts.
_VARYING = re.compile(
    "[\u0300-\u0305\u0307\u0309-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff"
    "\ufe20-\ufe2f]|(?<![ИиУу])\u0306|(?<![Іі])\u0308"
)
_RUNS = re.compile(f"[{IDEOGRAPHIC}]+|[{_HANGUL}]+|[{_LETTERED}]+|[^{IDEOGRAPHIC}{_HANGUL}{_LETTERED}]+")
_IN_PIECES = re.compile(f"[{IDEOGRAPHIC}{_HANGUL}{_LETTERED}]")
_BY_SCRIPT = re.compile(f"[{_HAN}]+|[{_KATAKANA}]+|[{_LETTERED}]+")  # hiragana is mostly grammar, and parts words
_IS_HANGUL, _IS_LETTERED = re.compile(f"[{_HANGUL}]"), re.compile(f"[{_LETTERED}]")
_PAIR, _TRIPLE = 2, 3
_CLUSTER = re.compile(f"[^{_LETTERED_MARKS}][{_LETTERED_MARKS}]*|[{_LETTERED_MARKS}]+")
# Words of function and of asking: no piece of a word reaches over them.
_CUTS = {
    "zh": re.compile(
        "为什么|為什麼|什么|什麼|多少|哪里|哪裡|哪个|哪個|哪些|哪一|哪|怎么|怎麼|怎样|如何|何时|何時|谁|誰|[的了吗嗎呢是在和与與]"
    ),
    "th": re.compile("อะไร|ใคร|เมื่อใด|เมื่อไหร่|เมื่อไร|ที่ไหน|เท่าไหร่|เท่าไร|เท่าใด|ทำไม|อย่างไร|หรือไม่|และ|ของ|คือ"),
}
_KOREAN_PARTICLE = re.compile(
    "(?<=[가-힣]{2})(?:에서는|에서|에게|으로|까지|부터|처럼|보다|입니까|입니다|습니까|습니다|었다|았다|였다|했다|은|는|이|가|을|를|의|에|와|과|도|로)$"
)


def bare(word: str) -> str:
    """A word of any script without what only varies its letters, decomposed and composed again."""
    decomposed = unicodedata.normalize("NFKD", word)
    kept = _VARYING.sub("", decomposed)
    return kept if kept.isascii() else unicodedata.normalize("NFC", _plain_digits(kept))


def is_in_pieces(word: str) -> bool:
    """Whether a word holds letters of a script that is searched by pieces of words."""
    return _IN_PIECES.search(word) is not None


def pieces(word: str, language: str) -> Iterator[str]:
    """Pieces of a word, or of a run of words that no space parts, by which it is found again.

    Two characters of Chinese, Japanese and Korean, three letters with their marks of Thai, Lao, Khmer and Burmese;
    what is in other scripts stays whole. Hiragana, mostly Japanese grammar, is left out.

    Args:
        language: Whose words of function part the runs; a two-letter code.
    """
    for run in _RUNS.findall(word):
        if not is_in_pieces(run):
            yield run
        elif _IS_HANGUL.match(run):
            yield from _grams(_KOREAN_PARTICLE.sub("", run), _PAIR)
        else:
            cuts = _CUTS.get(language)
            for part in _BY_SCRIPT.findall(cuts.sub(" ", run) if cuts else run):
                if _IS_LETTERED.match(part):
                    yield from map("".join, _grams(_CLUSTER.findall(part), _TRIPLE))
                else:
                    yield from _grams(part, _PAIR)


def _grams(run: _Run, size: int) -> list[_Run]:
    """All stretches of a size, or the run itself where it is shorter; nothing of nothing."""
    if len(run) <= size:
        return [run] if run else []
    return [run[at : at + size] for at in range(len(run) - size + 1)]


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
