"""The optional reranker: the loading code real, on a tiny model saved here; the ordering with a stand-in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.encoders.installed.loading import default_model_folder
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.errors import EncoderError, PluginError
from index.records import Post
from qa.answering.rerank import RERANKERS, CrossEncoderReranker, load_reranker, rerank
from qa.assistant import Assistant
from qa.records import Passage, PassageFeatures
from qa.settings import AskSettings
from tests.fake_packages import install_example, install_package
from tests.stand_ins import WordHashEncoder, plain_weights

TEXTS = ("The ferry leaves at noon.", "Honey tastes of smoke.", "")


class Prefers:
    """A reranker that gives 1 to a text with a word in it and 0 to any other; it keeps what it was asked."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """1 where the word stands, else 0."""
        self.asked.append((question, list(texts)))
        return [float(self.word in text) for text in texts]


def _passage(text: str, score: float, title: str = "A title") -> Passage:
    post = Post(id=text, title=title, body=text)
    return Passage(
        post=post,
        text=text,
        start=0,
        end=len(text),
        headings=("Part",),
        score=score,
        features=PassageFeatures(dense=0.5),
    )


def _save_tiny(folder: Path, labels: int = 1) -> Path:
    """Save a cross-encoder of random numbers with the default model's tokenizer."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(default_model_folder())
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=1.0,  # wide, so that the scores of different texts lie apart
    )
    config.num_labels = labels
    raw = folder / "raw"
    BertForSequenceClassification(config).save_pretrained(raw)
    tokenizer.save_pretrained(raw)
    saved = folder / "saved"
    # Published rerankers often name the identity as their activation; the loading must not follow them.
    CrossEncoder(str(raw), activation_fn=torch.nn.Identity(), local_files_only=True).save_pretrained(str(saved))
    return saved


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _save_tiny(tmp_path_factory.mktemp("cross-encoder"))


@pytest.mark.model
def test_scores_are_the_models_own_and_lie_between_0_and_1(tiny: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    scores = load_reranker(str(tiny)).scores("When does the ferry leave?", TEXTS)
    model = CrossEncoder(str(tiny), local_files_only=True)
    pairs = [("When does the ferry leave?", text) for text in TEXTS]
    expected = model.predict(pairs, activation_fn=torch.nn.Sigmoid())
    assert scores == pytest.approx(expected.tolist(), abs=1e-6)
    assert all(0 < score < 1 for score in scores)
    assert len(set(scores)) == len(TEXTS)


@pytest.mark.model
def test_no_texts_have_no_scores(tiny: Path) -> None:
    assert load_reranker(str(tiny)).scores("Anything?", []) == []


@pytest.mark.model
def test_the_same_folder_gives_the_same_reranker(tiny: Path) -> None:
    assert load_reranker(str(tiny)) is load_reranker(str(tiny))


def test_a_missing_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"nowhere.*save_pretrained") as caught:
        load_reranker(str(tmp_path / "nowhere"))
    assert caught.value.where == "setting 'reranker'"


def test_pickled_weights_are_never_loaded(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"architectures": ["BertForSequenceClassification"]}', encoding="utf-8")
    (tmp_path / "pytorch_model.bin").write_bytes(b"not even opened")
    with pytest.raises(EncoderError, match=f"no {WEIGHTS_FILE}.*Pickled weights are never loaded"):
        load_reranker(str(tmp_path))


@pytest.mark.model
def test_an_embedding_model_is_no_reranker() -> None:
    with pytest.raises(EncoderError, match="no cross-encoder"):
        load_reranker(str(default_model_folder()))


@pytest.mark.model
def test_several_labels_are_refused_by_their_number(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"several labels.*seen: 3"):
        CrossEncoderReranker(_save_tiny(tmp_path, labels=3))


def test_broken_weights_are_told(tmp_path: Path) -> None:
    config = '{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}'
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    (tmp_path / WEIGHTS_FILE).write_bytes(b"broken")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        load_reranker(str(tmp_path))


def test_the_first_are_ordered_anew_and_the_rest_left_alone() -> None:
    passages = [_passage("sea", 3), _passage("land", 2.5), _passage("ice land", 2), _passage("land again", 1)]
    ranked = rerank("Where?", passages, Prefers("land"), weight=2, depth=3)
    assert [passage.text for passage in ranked] == ["land", "ice land", "sea", "land again"]
    assert [passage.score for passage in ranked] == [4.5, 4, 3, 1]
    assert ranked[0].features == PassageFeatures(dense=0.5, rerank=1.0)
    assert ranked[3] is passages[3]
    assert passages[1].features == PassageFeatures(dense=0.5)


def test_equal_scores_keep_their_order() -> None:
    passages = [_passage(text, 1) for text in ("b", "a", "c")]
    assert [passage.text for passage in rerank("Q?", passages, Prefers("z"), 1, 10)] == ["b", "a", "c"]


def test_the_reranker_reads_the_title_and_the_headings() -> None:
    reranker = Prefers("x")
    rerank("Q?", [_passage("Some words.", 1, title="Gull Rock")], reranker, 1, 10)
    assert reranker.asked == [("Q?", ["Gull Rock > Part. Some words."])]


def test_a_reranker_that_skips_a_text_is_found_out() -> None:
    class Short:
        def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
            return [0.5] * (len(texts) - 1)

    with pytest.raises(ValueError, match="zip"):
        rerank("Q?", [_passage("a", 1), _passage("b", 1)], Short(), 1, 10)


def test_the_assistant_applies_it_to_answers_and_to_searches(small_index: Path) -> None:
    question = "When does the ferry leave the pier?"
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as plain:
        before = plain.search(question)
        assert before[0].features.rerank is None
    settings = AskSettings(rerank_weight=100)
    with Assistant(
        small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings, reranker=Prefers("honey")
    ) as changed:
        after = changed.search(question)
        assert "honey" not in before[0].text
        assert "honey" in after[0].text
        assert changed.search(question, k=1) == after[:1]
        assert changed.ask(question).passages[0].features.rerank == 1.0


@pytest.mark.model
def test_the_assistant_loads_the_one_that_the_settings_name(small_index: Path, tiny: Path) -> None:
    settings = AskSettings(reranker=str(tiny), rerank_depth=2)
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings) as assistant:
        passages = assistant.search("When does the ferry leave?")
    assert [passage.features.rerank is not None for passage in passages[:3]] == [True, True, False]


def test_the_reranker_of_the_guide_is_found_by_its_name(
    small_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_example("Rerankers", tmp_path / "packages", monkeypatch)
    assert load_reranker("overlap") is load_reranker("overlap")
    settings = AskSettings(reranker="overlap", rerank_weight=100)
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings) as assistant:
        first = assistant.search("The island bees gather nectar from heather.")[0]
    assert "gather nectar" in first.text


def test_a_plug_in_that_gives_no_reranker_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_package(
        tmp_path, monkeypatch, "toy_no_reranker", "def load(): ...", {RERANKERS.group: {"none": "toy_no_reranker:load"}}
    )
    with pytest.raises(PluginError, match=r"'none' gives another kind of object in postqa\.rerankers.*NoneType"):
        load_reranker("none")


def test_settings_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError, match="rerank_dept"):
        AskSettings.model_validate({"rerank_dept": 3})
    with pytest.raises(ValidationError, match="rerank_weight"):
        AskSettings(rerank_weight=-1)


def test_nothing_heavy_is_imported_without_a_reranker() -> None:
    code = "import sys, qa.answering.rerank; print(bool({'torch', 'sentence_transformers'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
