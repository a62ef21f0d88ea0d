"""ONNX Runtime's products in 4 bits beside those in 8 bits and float32, for `MatMulNBits`.

One layer of the bundled encoder's size reads 20 tokens, on one thread. All have the same weights,
rounded to 4 bits, so that the cosine tells what the product itself loses.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.encoders.onnx_runtime import onnxruntime

_READ, _WRITTEN, _TOKENS, _BLOCK, _TURNS = 384, 1536, 20, 32, 300
_CONTRIB = "com.microsoft"
Floats = npt.NDArray[np.float32]


def main() -> None:
    """Print a row for each."""
    chosen = np.random.default_rng(0)
    x = chosen.standard_normal((1, _TOKENS, _READ)).astype(np.float32)
    blocks = chosen.standard_normal((_WRITTEN, _READ // _BLOCK, _BLOCK)).astype(np.float32)
    scales = (np.abs(blocks).max(2) / 7).astype(np.float32)
    codes = np.clip(np.round(blocks / scales[..., None]), -8, 7).astype(np.int8)
    weights = (codes * scales[..., None]).reshape(_WRITTEN, _READ).T.astype(np.float32)
    exact = x @ weights
    print(f"ONNX Runtime {onnxruntime.__version__}")
    for name, model in {
        "float32": _model("MatMul", "", w=weights),
        "8 bits, as served": _eight(weights),
        **{f"4 bits, accuracy_level {level}": _four(codes, scales, level) for level in (0, 1, 4)},
    }.items():
        content = model.SerializeToString()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(content, options, ["CPUExecutionProvider"])
        (found,) = session.run(None, {"x": x})
        cosine = float((found * exact).sum() / np.linalg.norm(found) / np.linalg.norm(exact))
        took = []
        for _ in range(_TURNS):
            began = time.perf_counter()
            session.run(None, {"x": x})
            took.append(time.perf_counter() - began)
        line = f"{name:26} {len(content) / 1e3:6.0f} KB {min(took) * 1e3:.3f} ms at the least"
        print(f"{line}, cosine {cosine:.6f}")


def _eight(weights: Floats) -> onnx.ModelProto:
    step = (np.abs(weights).max(0) / 127).astype(np.float32)
    codes = np.round(weights / step).astype(np.int8)
    return _model("DynamicQuantizeMatMul", _CONTRIB, w=codes, step=step)


def _four(codes: npt.NDArray[np.int8], scales: Floats, level: int) -> onnx.ModelProto:
    moved = (codes + 8).astype(np.uint8)
    packed = moved[..., 0::2] | (moved[..., 1::2] << 4)
    sizes = {"K": _READ, "N": _WRITTEN, "bits": 4, "block_size": _BLOCK, "accuracy_level": level}
    return _model("MatMulNBits", _CONTRIB, sizes, w=packed, step=scales.reshape(-1))


def _model(
    operator: str,
    domain: str,
    sizes: dict[str, Any] | None = None,
    **inputs: npt.NDArray[np.generic],
) -> onnx.ModelProto:
    node = helper.make_node(operator, ["x", *inputs], ["y"], domain=domain, **(sizes or {}))
    graph = helper.make_graph(
        [node],
        operator,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, None, _READ])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, None, _WRITTEN])],
        [numpy_helper.from_array(each, name) for name, each in inputs.items()],
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=versions, ir_version=9)


if __name__ == "__main__":
    main()
