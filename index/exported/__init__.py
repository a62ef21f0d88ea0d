"""Serving a sentence-transformers model with ONNX Runtime, without torch or transformers.

`export_model` writes a model to a folder once; `ExportedEncoder` answers from that folder.
"""

from index.exported.about import About, verify_export
from index.exported.encoder import ExportedEncoder
from index.exported.errors import DamagedExportError, NotExportableError
from index.exported.export import export_model

__all__ = [
    "About",
    "DamagedExportError",
    "ExportedEncoder",
    "NotExportableError",
    "export_model",
    "verify_export",
]
