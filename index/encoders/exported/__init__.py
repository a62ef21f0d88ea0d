"""Serving a model with ONNX Runtime, without torch or transformers.

`export_model` writes the parts of a model to a folder once; `ExportedEncoder` answers from that
folder. `index.encoders.exported.weights` takes a sentence-transformers model apart.
"""
