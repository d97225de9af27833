"""Any other embedding model by setting: a tiny one with prompts and a short limit, saved here and used throughout."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import index
from index.coverage import coverage
from index.encoders.installed.loading import load_encoder
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.errors import EncoderError, EncoderMismatch
from index.settings import BuildSettings, ChunkSettings
from qa.assistant import Assistant
from tests.stand_ins import POSTS, WordHashEncoder, write_posts
from tests.tiny_models import save_tiny

pytestmark = pytest.mark.model

SHORT_CHUNKS = ChunkSettings(context_tokens=8, max_tokens=16)  # what 32 tokens leave room for


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def built(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of two posts, built with the tiny model by its setting."""
    root = tmp_path_factory.mktemp("corpus")
    source = write_posts(root / "posts.jsonl", POSTS[:2])
    settings = BuildSettings(encoder=str(tiny), chunks=SHORT_CHUNKS)
    index.build([source], root / "index", settings=settings)
    return root / "index"


def test_the_manifest_names_the_model_and_what_it_reads(built: Path, tiny: Path) -> None:
    identity = index.open(built).manifest.encoder
    assert identity.name == str(tiny)
    assert identity.weights == hashlib.sha256((tiny / WEIGHTS_FILE).read_bytes()).hexdigest()
    assert (identity.dimension, identity.token_limit) == (32, 32)
    assert (identity.query_prompt, identity.document_prompt) == ("query: ", "passage: ")


def test_questions_are_answered_with_it_and_nothing_need_be_named_again(built: Path, tiny: Path) -> None:
    with Assistant(built) as assistant:
        assert assistant.encoder_name == str(tiny)
        passages = assistant.search("Who built the lighthouse on Gull Rock?", k=3)
        answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    assert "Ingrid Holm" in passages[0].text
    assert answer.passages[0].post.id == "lighthouse"
    # What random vectors are worth is not asked here; that what is quoted is proven, is.
    assert all(each.post.body[each.start : each.end] == each.quote for each in answer.citations)


def test_the_whole_corpus_lies_within_its_short_limit(built: Path, tiny: Path) -> None:
    assert coverage(index.open(built), load_encoder(str(tiny))).share == 1.0


def test_asking_with_another_encoder_names_both_and_the_command(built: Path, tiny: Path) -> None:
    with pytest.raises(EncoderMismatch) as caught:
        Assistant(built, encoder=WordHashEncoder())
    told = str(caught.value)
    assert str(tiny) in told
    assert "word-hash" in told
    assert f"qa build PATH --index {built} --encoder word-hash" in told


def test_a_limit_too_short_for_the_settings_is_told(tiny: Path, tmp_path: Path) -> None:
    source = write_posts(tmp_path / "posts.jsonl", POSTS[:2])
    with pytest.raises(EncoderError, match=r"too few tokens.*context_tokens"):
        index.build([source], tmp_path / "index", settings=BuildSettings(encoder=str(tiny)))
