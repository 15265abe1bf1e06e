"""How ONNX files are run: on the CPU, with threads that wait without spinning, so that a busy machine stays usable."""

import os
from pathlib import Path


def open_session(weights: Path | bytes):
    """An onnxruntime session on up to four cores, of a file or of a graph in memory."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(weights if isinstance(weights, bytes) else str(weights), options, providers=["CPUExecutionProvider"])
