"""From texts to vectors: the protocol, the bundled model, sentence-transformers, ONNX Runtime."""
