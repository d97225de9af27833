"""A sentence-transformers folder read without its library: what the model is, and how its vectors are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from index.errors import EncoderUnsupported

Pooling = Literal["mean", "cls"]

_FAMILIES = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}
"""Model types whose layers are BERT's (Devlin et al. 2019); True where positions begin behind the padding id."""

_BERTS_OWN = {
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
    "is_decoder": False,
    "add_cross_attention": False,
}
"""Settings that a fused layer takes for granted, with the value each has when it is not written down."""


@dataclass(frozen=True)
class ModelFolder:
    """What is needed to read texts as a sentence-transformers model does.

    Attributes:
        path: Where tokenizer, configuration and weights lie.
        first_position: Row of the position table that the first token is given.
        token_limit: Most tokens of one input, special ones included.
        lower_case: Texts are lower-cased before the tokenizer's own normalisation.
    """

    path: Path
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
    if not (folder / "modules.json").is_file():
        raise _unsupported(folder, "its modules", "no modules.json")
    modules = {_kind(module): folder / module["path"] for module in _json(folder / "modules.json")}
    unknown = set(modules) - {"Transformer", "Pooling", "Normalize"}
    if unknown or not {"Transformer", "Pooling"} <= set(modules):
        raise _unsupported(folder, "its modules", ", ".join(modules))
    path = modules["Transformer"]
    if not (path / "tokenizer.json").is_file():
        raise _unsupported(folder, "its tokenizer", "no tokenizer.json")
    config = _json(path / "config.json")
    _check_architecture(folder, config)
    reading = _optional_json(path / "sentence_bert_config.json")
    prompts = _optional_json(folder / "config_sentence_transformers.json").get("prompts") or {}
    first = int(config.get("pad_token_id") or 0) + 1 if _FAMILIES[config["model_type"]] else 0
    return ModelFolder(
        path=path,
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        layer_norm_epsilon=float(config.get("layer_norm_eps", 1e-12)),
        first_position=first,
        pooling=_pooling(folder, _json(modules["Pooling"] / "config.json")),
        token_limit=_token_limit(reading, _optional_json(path / "tokenizer_config.json"), config, first),
        lower_case=bool(reading.get("do_lower_case", False)),
        query_prompt=prompts.get("query") or "",
        document_prompt=prompts.get("document") or prompts.get("passage") or "",
    )


def _kind(module: dict[str, Any]) -> str:
    return str(module["type"]).rpartition(".")[2]


def _check_architecture(folder: Path, config: dict[str, Any]) -> None:
    if config.get("model_type") not in _FAMILIES:
        raise _unsupported(folder, "its model_type", config.get("model_type"))
    for name, usual in _BERTS_OWN.items():
        if config.get(name, usual) != usual:
            raise _unsupported(folder, f"its {name}", config[name])
    if config.get("embedding_size", config["hidden_size"]) != config["hidden_size"]:
        raise _unsupported(folder, "its embedding_size", config["embedding_size"])


def _pooling(folder: Path, config: dict[str, Any]) -> Pooling:
    """Mean or first token; older folders have a switch for each kind, newer ones a name."""
    switches = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    on = [switches.get(name, name) for name, value in config.items() if name.startswith("pooling_mode_") and value]
    named = config.get("pooling_mode", on[0] if len(on) == 1 else on)
    if named not in ("mean", "cls") or not config.get("include_prompt", True):
        raise _unsupported(folder, "its pooling", named)
    return cast(Pooling, named)


def _token_limit(reading: dict[str, Any], tokenizer: dict[str, Any], config: dict[str, Any], first: int) -> int:
    """The limit written down, else the tokenizer's; never more than there are positions."""
    positions = int(config["max_position_embeddings"]) - first
    written = reading.get("max_seq_length") or tokenizer.get("model_max_length") or positions
    return min(int(written), positions)


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _optional_json(path: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", _json(path)) if path.is_file() else {}


def _unsupported(folder: Path, what: str, seen: object) -> EncoderUnsupported:
    return EncoderUnsupported(
        f"the fast encoder does not know this kind of model by {what}",
        where=folder,
        seen=seen,
        remedy="Use the float backend: QA_BACKEND=float.",
    )
