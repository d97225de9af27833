"""The default encoder: a sentence-transformers model exported to 8-bit ONNX and run by ONNX Runtime."""
