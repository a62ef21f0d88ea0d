#!/bin/sh
# ONNX Runtime: a product of 8-bit integers is half of what it is, on processors without VNNI.
#
# Guess:    MatMulInteger of uint8 and int8 into int32 is exact on every processor.
# Seen:     on a processor with AVX2 and without VNNI (Haswell, by qemu) 64 times 255 times 127 is
#           1,048,544; with SSE alone (Nehalem) or VNNI it is 2,072,640. Pairs of products are added
#           in 16 bits there, and stay at 32,767. Weights of 7 bits never get there.
# Versions: onnxruntime 1.32.0, onnx 1.23.2, numpy 2.4.6; qemu-user-static 7.2; Python 3.11; 2026-12-01
# Output:
#   Haswell 1048544, exact 2072640
#
# Needs qemu-x86_64-static (Debian's package qemu-user-static) and minutes. Fails where that has
# changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'onnxruntime==1.32.0' 'onnx==1.23.2' 'numpy==2.4.6'
cd "$folder"
export ORT_DISABLE_TELEMETRY=1
"$folder/venv/bin/python" - <<'END'
import numpy as np
from onnx import TensorProto, helper, numpy_helper

graph = helper.make_graph(
    [helper.make_node("MatMulInteger", ["x", "weights"], ["y"])],
    "product",
    [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 64])],
    [helper.make_tensor_value_info("y", TensorProto.INT32, [1, 16])],
    [numpy_helper.from_array(np.full((64, 16), 127, np.int8), "weights")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
open("product.onnx", "wb").write(model.SerializeToString())
END
cat >product.py <<'END'
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession("product.onnx", providers=["CPUExecutionProvider"])
found = int(session.run(None, {"x": np.full((1, 64), 255, np.uint8)})[0][0, 0])
print(f"Haswell {found}, exact {64 * 255 * 127}")
assert found == 1048544
END
qemu-x86_64-static -cpu Haswell "$folder/venv/bin/python" product.py 2>warnings
