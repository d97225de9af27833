"""One encoder in a process of its own: time to load and to encode questions and passages, and memory.

Usage: python -m benchmarks.encoder_worker BACKEND TEXTS.json [ENCODER]   (prints one line of JSON)
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from benchmarks.machine import memory_mb
from index.encoders import Encodable
from index.encoders.installed.loading import load_encoder


def main() -> None:
    """Measure in the order of a server: load, one question, many, then passages."""
    backend, texts = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    passages = [
        Encodable(each["context"], each["text"], tuple(map(tuple, each["sentences"]))) for each in texts["passages"]
    ]
    at_start = memory_mb()
    begun = time.perf_counter()
    encoder = load_encoder(sys.argv[3] if len(sys.argv) > 3 else None, backend)
    loaded = time.perf_counter()
    encoder.encode_query(texts["questions"][:1])
    first = time.perf_counter()
    times = []
    for question in texts["questions"]:
        at = time.perf_counter()
        encoder.encode_query([question])
        times.append(time.perf_counter() - at)
    answering = memory_mb()
    encoder.encode_document(passages[:4])
    at = time.perf_counter()
    vectors = encoder.encode_document(passages)
    taken = time.perf_counter() - at
    figures = {
        "load ms": (loaded - begun) * 1000,
        "first question ms": (first - loaded) * 1000,
        "question ms": statistics.median(times) * 1000,
        "passages per second": len(vectors.passages) / taken,
        "memory MB before": at_start,
        "memory MB after questions": answering,
        "memory MB after passages": memory_mb(),
        "memory MB at most": memory_mb("VmHWM"),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
