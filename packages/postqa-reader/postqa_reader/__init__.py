"""The weights of postqa's reader; `qa.reading.reader` reads them."""

from pathlib import Path


def folder() -> Path:
    """Where `model.onnx`, `head.safetensors` and `reader.json` (SHA-256 of both) are."""
    return Path(__file__).parent
