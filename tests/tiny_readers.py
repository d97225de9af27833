"""Small readers of random numbers, and shelves of questions to train them on."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from qa.reading.windows import Unit
from training.reader.shelf import Candidate, Question, Shelf, StoredPassage

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = "red green blue oak elm fir costs weighs grows price height what the a is of . ?".split()


def save_base(folder: Path, *, seed: int = 7) -> Path:
    """Save a tiny BERT with a tokenizer of few words, as a sentence-transformers folder; gives its path."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: at for at, word in enumerate([*_SPECIAL, *WORDS, *"abcdefghijklmnopqrstuvwxyz"[1:]])}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106  # no password
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), BertPreTokenizer()
    ends = [(word, vocabulary[word]) for word in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(seed)
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_attention_heads=2,
        num_hidden_layers=3,
        max_position_embeddings=256,
    )
    BertModel(shape, add_pooling_layer=False).save_pretrained(folder)
    modules = [{"path": "", "type": "models.Transformer"}, {"path": "1_Pooling", "type": "models.Pooling"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling/config.json").write_text('{"pooling_mode_mean_tokens": true}')
    return folder


def small_shelf() -> Shelf:
    """What each tree costs and weighs, asked one by one."""
    shelf = Shelf()
    for tree in ("oak", "elm", "fir"):
        texts = [f"The {tree} costs red.", f"The {tree} weighs green.", f"The {tree} grows blue."]
        units = tuple(Unit(at, at + 1, text) for at, text in enumerate(texts))
        shelf.passages[tree] = StoredPassage(tree, units)
    for tree in ("oak", "elm", "fir"):
        others = [Candidate(other, 1.0, (0.0, 0.0, 0.0)) for other in shelf.passages if other != tree]
        for place, word in enumerate(("price", "height")):
            asked = f"What is the {word} of the {tree}?"
            shelf.questions.append(Question(f"{tree}-{word}", "covid-qa", asked, {tree: [place]}, retrieved=others))
    return shelf
