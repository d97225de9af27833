"""One ONNX Runtime session, set for single texts on one thread: many may run in it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

_ERRORS_ONLY = 3


def open_session(model: Path | bytes, *, profile: str | None = None) -> Any:  # onnxruntime carries no types
    """Open a model's file, or its bytes.

    The graph is final as it was written, so nothing is left to optimise. Without an arena the memory that
    opening took goes back (22 MB for MiniLM) and a question takes no longer.

    Args:
        profile: Write ONNX Runtime's profile to a file whose name begins so.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = _ERRORS_ONLY
    if profile is not None:
        options.enable_profiling, options.profile_file_prefix = True, profile
    source = str(model) if isinstance(model, Path) else model
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
