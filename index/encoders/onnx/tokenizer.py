"""A model's own tokenizer, without its library."""

from __future__ import annotations

from tokenizers import Tokenizer
from tokenizers.normalizers import Lowercase
from tokenizers.normalizers import Sequence as NormalizerSequence

from index.encoders.onnx.model_config import ModelFolder


def model_tokenizer(model: ModelFolder) -> Tokenizer:
    """The model's tokenizer, never cutting or padding: it keeps no state then, and threads may share it."""
    tokenizer = Tokenizer.from_file(str(model.path / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if model.lower_case:
        own = tokenizer.normalizer
        tokenizer.normalizer = NormalizerSequence([Lowercase(), own] if own is not None else [Lowercase()])
    return tokenizer


def closing_tokens(tokenizer: Tokenizer) -> int:
    """How many special tokens stand behind a text."""
    special = tokenizer.encode("a").special_tokens_mask
    return next((at for at, mask in enumerate(reversed(special)) if not mask), 0)
