"""Small sentence-transformers models of random numbers, saved in a folder: of the kinds known and of others."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedConfig

from index.encoders.installed.loading import default_model_folder


@dataclass(frozen=True)
class Shape:
    """What a tiny model is like."""

    family: str = "bert"
    pooling: str = "mean"
    activation: str = "gelu"
    hidden: int = 32
    inner: int = 64
    heads: int = 2
    layers: int = 2
    limit: int = 32
    lower_case: bool = False
    dense: bool = False

    def __str__(self) -> str:
        usual = asdict(Shape())
        return ",".join(f"{name}={value}" for name, value in asdict(self).items() if usual[name] != value) or "usual"


def save_tiny(folder: Path, shape: Shape | None = None, *, seed: int = 7) -> Path:
    """Save a model of random weights with the default model's tokenizer; gives its folder."""
    shape = shape or Shape()
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(default_model_folder())
    raw = folder / "raw"
    AutoModel.from_config(_config(shape, len(tokenizer))).save_pretrained(raw)
    tokenizer.save_pretrained(raw)
    words = Transformer(str(raw), max_seq_length=shape.limit, do_lower_case=shape.lower_case)
    pooling = Pooling(shape.hidden, pooling_mode=shape.pooling)
    last = [Dense(shape.hidden, shape.hidden)] if shape.dense else [Normalize()]
    prompts = {"query": "query: ", "document": "passage: "}
    model = SentenceTransformer(modules=[words, pooling, *last], prompts=prompts, device="cpu")
    saved = folder / "saved"
    model.save_pretrained(str(saved))
    return saved


def _config(shape: Shape, vocabulary: int) -> PreTrainedConfig:
    if shape.family == "distilbert":
        own = {"dim": shape.hidden, "hidden_dim": shape.inner, "n_heads": shape.heads, "n_layers": shape.layers}
        return AutoConfig.for_model("distilbert", vocab_size=vocabulary, **own)
    return AutoConfig.for_model(
        shape.family,
        vocab_size=vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_attention_heads=shape.heads,
        num_hidden_layers=shape.layers,
        hidden_act=shape.activation,
    )
