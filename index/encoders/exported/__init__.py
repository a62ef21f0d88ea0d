"""Serving a model with ONNX Runtime, without torch or transformers.

`export_model` writes the parts of a model to a folder once; `ExportedEncoder` answers from that
folder. `index.encoders.exported.weights` takes a sentence-transformers model apart.
"""

from index.encoders.exported.about import About, verify_export
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.exported.errors import DamagedExportError, NotExportableError
from index.encoders.exported.export import export_model
from index.encoders.exported.parts import Layer, Layers, Linear, ModelParts, Norm

__all__ = [
    "About",
    "DamagedExportError",
    "ExportedEncoder",
    "Layer",
    "Layers",
    "Linear",
    "ModelParts",
    "Norm",
    "NotExportableError",
    "export_model",
    "verify_export",
]
