"""Without sentence-transformers, torch and transformers: posts are indexed and questions answered in 8 bits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stand_ins import write_posts

ROOT = Path(__file__).resolve().parents[2]

BLOCKED = "import sys; sys.modules.update(dict.fromkeys(('torch', 'transformers', 'sentence_transformers')))\n"


def _run(code: str, *arguments: str, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own in which the heavy packages cannot be imported, with an empty cache."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "QA_CACHE": str(cache), "QA_DATA": str(cache)}
    command = [sys.executable, "-c", BLOCKED + code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.model
def test_posts_are_indexed_and_questions_answered(tmp_path: Path) -> None:
    posts = write_posts(tmp_path / "posts.jsonl")
    code = """
import index, qa
index.build([sys.argv[1]], sys.argv[2])
with qa.Assistant(sys.argv[2]) as assistant:
    answer = assistant.ask("Who built the lighthouse on Gull Rock?")
print(answer.citations[0].quote)
"""
    done = _run(code, str(posts), str(tmp_path / "index"), cache=tmp_path / "cache")
    assert (done.stdout.strip(), done.stderr) == ("Ingrid Holm built the lighthouse on Gull Rock in 1874.", "")


@pytest.mark.model
@pytest.mark.parametrize(
    ("code", "what"),
    [
        (
            "from index.encoders.installed.loading import load_encoder; load_encoder(backend='float')",
            "the float encoder",
        ),
        ("from qa.answering.rerank import CrossEncoderReranker; CrossEncoderReranker(None)", "a cross-encoder"),
    ],
)
def test_what_needs_them_says_how_to_install_them(tmp_path: Path, code: str, what: str) -> None:
    caught = f"""
from index.errors import EncoderError
try:
    {code}
except EncoderError as error:
    print(error)
"""
    done = _run(caught, cache=tmp_path)
    assert done.stdout.startswith(f"{what} needs a package that is not installed in ")
    assert "pip install 'sentence-transformers>=6,<7'" in done.stdout
    assert done.stderr == ""


@pytest.mark.model
def test_a_slow_processor_is_served_in_8_bits_all_the_same(tmp_path: Path) -> None:
    code = """
from index.encoders.installed import loading
loading.slow_in_bytes = lambda: "the processor has no avx2"
print(loading.load_encoder().identity.backend)
"""
    done = _run(code, cache=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("onnx-int8", "")
