"""The reader's tokenizer, which is that of the encoder it starts from, with the ids of recent texts kept."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

from qa.reading.inputs import SpecialTokens
from qa.reading.reader import TOKENIZER_FILE

_CACHED_TEXTS = 2**17


class Tokens:
    """Token ids of texts without special tokens, and the special ones.

    Args:
        folder: Of the model; its `tokenizer.json` is read.
    """

    def __init__(self, folder: Path) -> None:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        first, last = tokenizer.encode("").ids  # [CLS] and [SEP] of BERT, <s> and </s> of XLM-RoBERTa
        self.special = SpecialTokens(first, last)
        self.ids = lru_cache(maxsize=_CACHED_TEXTS)(
            lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)
        )
