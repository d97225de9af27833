"""A sentence-transformers folder read without its library: the model's sizes and how its vectors are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from index.errors import EncoderUnsupported

Pooling = Literal["mean", "cls"]

_FAMILIES = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}
"""Model types whose layers are BERT's (Devlin et al. 2019); True where positions begin behind the padding id."""

_BERT_SETTINGS = {
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
    "is_decoder": False,
    "add_cross_attention": False,
}
"""Settings that a fused layer relies on; a setting that is not stated has this value."""


@dataclass(frozen=True)
class ModelFolder:
    """What is needed to read texts as a sentence-transformers model does.

    Attributes:
        path: The folder of tokenizer, configuration and weights.
        first_position: Row of the position table that the first token is given.
        token_limit: Most tokens of one input, special ones included.
        lower_case: Texts are lower-cased before the tokenizer's own normalisation.
    """

    path: Path
    dimension: int
    layers: int
    heads: int
    layer_norm_epsilon: float
    first_position: int
    pooling: Pooling
    token_limit: int
    lower_case: bool
    query_prompt: str
    document_prompt: str


def read_model_folder(folder: Path) -> ModelFolder:
    """Read the configuration files of a sentence-transformers folder.

    Raises:
        EncoderUnsupported: The model is not BERT-like, or pools in a way only its library knows.
        OSError, ValueError, KeyError: A file is missing or broken.
    """
    _require((folder / "modules.json").is_file(), folder, "its modules", "no modules.json")
    listed = _json(folder / "modules.json")
    modules = {str(module["type"]).rpartition(".")[2]: folder / module["path"] for module in listed}
    known = {"Transformer", "Pooling"} <= set(modules) <= {"Transformer", "Pooling", "Normalize"}
    _require(known, folder, "its modules", ", ".join(modules))
    path = modules["Transformer"]
    _require((path / "tokenizer.json").is_file(), folder, "its tokenizer", "no tokenizer.json")
    config = _json(path / "config.json")
    _require(config.get("model_type") in _FAMILIES, folder, "its model_type", config.get("model_type"))
    for name, expected in {**_BERT_SETTINGS, "embedding_size": config["hidden_size"]}.items():
        _require(config.get(name, expected) == expected, folder, f"its {name}", config.get(name))
    reading = _json(path / "sentence_bert_config.json", optional=True)
    tokenizer = _json(path / "tokenizer_config.json", optional=True)
    prompts = _json(folder / "config_sentence_transformers.json", optional=True).get("prompts") or {}
    first = int(config.get("pad_token_id") or 0) + 1 if _FAMILIES[config["model_type"]] else 0
    positions = int(config["max_position_embeddings"]) - first
    limit = reading.get("max_seq_length") or tokenizer.get("model_max_length") or positions
    return ModelFolder(
        path=path,
        dimension=int(config["hidden_size"]),
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        layer_norm_epsilon=float(config.get("layer_norm_eps", 1e-12)),
        first_position=first,
        pooling=_pooling(folder, _json(modules["Pooling"] / "config.json")),
        token_limit=min(int(limit), positions),
        lower_case=bool(reading.get("do_lower_case", False)),
        query_prompt=prompts.get("query") or "",
        document_prompt=prompts.get("document") or prompts.get("passage") or "",
    )


def _pooling(folder: Path, config: dict[str, Any]) -> Pooling:
    """Mean or first token; older folders have a switch for each kind, newer ones a name."""
    switches = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    on = [switches.get(name, name) for name, value in config.items() if name.startswith("pooling_mode_") and value]
    pooling = config.get("pooling_mode", on[0] if len(on) == 1 else on)
    _require(pooling in ("mean", "cls") and config.get("include_prompt", True), folder, "its pooling", pooling)
    return cast(Pooling, pooling)


def _json(path: Path, *, optional: bool = False) -> Any:
    return {} if optional and not path.is_file() else json.loads(path.read_bytes())


def _require(holds: bool, folder: Path, what: str, seen: object) -> None:
    if not holds:
        remedy = "Use the float backend: QA_BACKEND=float."
        text = f"the 8-bit encoder does not support this kind of model by {what}"
        raise EncoderUnsupported(text, where=folder, seen=seen, remedy=remedy)
