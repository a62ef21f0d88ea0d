"""ONNX Runtime, which since 1.32 tells its makers how it is used, unless it is told not to."""

from __future__ import annotations

import os

# It reads this while it is imported. No connection goes anywhere but to Discord.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
