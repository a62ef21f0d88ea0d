"""A BERT-like model as an ONNX graph, built node by node; not imported where it is served.

Building it by hand instead of tracing it gives the same bytes for the same weights,
needs `onnx` and nothing else, and lets the graph be what runs fastest and closest:

- One text at a time: no padding, so no mask, and a text's vector cannot depend on its neighbours.
- Linear layers in int8, a scale for each output (weights) and for each text (activations); where
  the GELU's output is read, for each token: a few tokens' values there are many times the rest's.
- Before the layers that read a layer norm, channels are balanced between activation and
  weight (SmoothQuant, Xiao et al. 2023, https://arxiv.org/abs/2211.10438).
- Add and LayerNormalization stay apart: ONNX Runtime's fused SkipLayerNormalization is
  six times as slow on a CPU, so sessions must not optimise past the basic level.
- Where one score is all that is wanted, the last layer computes nothing but the first token.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.encoders.encoder import FloatArray
from index.encoders.exported.encoder import INPUT, OUTPUT
from index.encoders.exported.manifest import Precision
from index.encoders.exported.parts import Head, Layer, Layers, Linear, Norm

PEAKS = "peaks"
CONTRIB = "com.microsoft"
SMOOTHING = 0.6
GELU_LEAST = 0.17
"""A GELU never falls below the negative of it, so most codes serve what is positive."""
GELU_ZERO = 16
"""The code of zero behind a GELU."""


def build_graph(
    layers: Layers,
    precision: Precision,
    peaks: FloatArray | None = None,
    head: Head | None = None,
) -> onnx.ModelProto:
    """The graph from token rows to last hidden states, both float32 (1, tokens, width).

    Args:
        layers: What the graph computes.
        precision: What it computes in.
        peaks: For int8, the `measured_peaks`: float32 (balanced layers, width).
        head: What makes a score of them, which then is what the graph gives: float32 (1, 1, 1).
    """
    return _Builder(layers, precision, peaks, head).build()


def build_watching_graph(layers: Layers, head: Head | None = None) -> onnx.ModelProto:
    """The same in float32, which also gives the largest absolute inputs of balanced layers.

    They are the output `PEAKS`: float32 (balanced layers, width), in the order of the graph.
    """
    return _Builder(layers, "float32", head=head, watching=True).build()


class _Builder:
    def __init__(
        self,
        layers: Layers,
        precision: Precision,
        peaks: FloatArray | None = None,
        head: Head | None = None,
        *,
        watching: bool = False,
    ) -> None:
        self._layers = layers
        self._head = head
        self._precision = precision
        self._peaks = iter(() if peaks is None else peaks)
        self._watched: list[str] | None = [] if watching else None
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def build(self) -> onnx.ModelProto:
        layers = self._layers
        width = layers.positions.shape[1]
        length = self._node("Shape", INPUT, start=1, end=2)
        zero = self._constant("zero", np.array([0], np.int64))
        positions = self._constant("positions", layers.positions)
        x = self._node("Add", INPUT, self._node("Slice", positions, zero, length, zero))
        x = self._norm(x, layers.embedding_norm, "embedding_norm")
        last = len(layers.every) - 1
        for number, layer in enumerate(layers.every):
            first_alone = self._head is not None and number == last
            x = self._layer(x, layer, f"layer{number}", first_alone=first_alone)
        shape: list[int | str] = [1, "n", width]
        if self._head is not None:
            dense = self._float_linear(x, self._head.dense, "dense")
            x = self._float_linear(self._node("Tanh", dense), self._head.score, "score")
            shape = [1, 1, 1]
        self._node("Identity", x, outputs=[OUTPUT])
        outputs = [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape)]
        if self._watched is not None:
            self._node("Concat", *self._watched, outputs=[PEAKS], axis=0)
            peaks = [len(self._watched), width]
            outputs.append(helper.make_tensor_value_info(PEAKS, TensorProto.FLOAT, peaks))
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "n", width])],
            outputs,
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def _layer(self, x: str, layer: Layer, name: str, *, first_alone: bool) -> str:
        qkv = self._linear(x, layer.query_key_value, f"{name}.qkv", balanced=True)
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self._node("Split", qkv, outputs=parts, axis=-1, num_outputs=3)
        if first_alone:
            x, parts[0] = self._first(x), self._first(parts[0])
        seen = self._node(
            "MultiHeadAttention", *parts, domain=CONTRIB, num_heads=self._layers.heads
        )
        out = self._linear(seen, layer.attention_out, f"{name}.out")
        x = self._norm(self._node("Add", out, x), layer.attention_norm, f"{name}.attention_norm")
        wide = self._linear(x, layer.up, f"{name}.up", balanced=True)
        if self._layers.activation == "gelu":
            wide = self._node("Gelu", wide, domain=CONTRIB)
        else:
            wide = self._node("Relu", wide)
        down = self._down(wide, layer.down, f"{name}.down")
        return self._norm(self._node("Add", down, x), layer.output_norm, f"{name}.output_norm")

    def _first(self, x: str) -> str:
        """The first token of a text: (1, 1, width)."""
        start, end, axis = (
            self._constant(name, np.array([value], np.int64))
            for name, value in (("first", 0), ("second", 1), ("tokens_axis", 1))
        )
        return self._node("Slice", x, start, end, axis)

    def _norm(self, x: str, norm: Norm, name: str) -> str:
        scale = self._constant(f"{name}.scale", norm.scale)
        shift = self._constant(f"{name}.shift", norm.shift)
        return self._node(
            "LayerNormalization", x, scale, shift, axis=-1, epsilon=self._layers.epsilon
        )

    def _linear(self, x: str, linear: Linear, name: str, *, balanced: bool = False) -> str:
        """A layer whose input has no outlying tokens: one activation scale for the text."""
        if balanced and self._watched is not None:
            tokens = self._constant("tokens_axis", np.array([1], np.int64))
            self._watched.append(self._node("ReduceMax", self._node("Abs", x), tokens, keepdims=0))
        if self._precision == "float32":
            return self._float_linear(x, linear, name)
        weights = linear.weight
        if balanced:
            balance = _balance(next(self._peaks), weights)
            weights = weights * balance
            x = self._node("Mul", x, self._constant(f"{name}.balance", 1 / balance))
        weight, step = self._codes(weights, name)
        bias = self._constant(f"{name}.bias", linear.bias)
        return self._node("DynamicQuantizeMatMul", x, weight, step, "", bias, domain=CONTRIB)

    def _down(self, x: str, linear: Linear, name: str) -> str:
        """The layer that reads the activation: a scale for each token."""
        if self._precision == "float32":
            return self._float_linear(x, linear, name)
        top = 255 - GELU_ZERO
        last = self._constant("last", np.array([-1], np.int64))
        least = self._constant("least", np.array(GELU_LEAST * top / GELU_ZERO, np.float32))
        reach = self._node("Max", self._node("ReduceMax", x, last, keepdims=1), least)
        unit = self._constant("unit", np.array(1 / top, np.float32))
        zero = self._constant("gelu_zero", np.array(GELU_ZERO, np.uint8))
        quantised = self._node("QuantizeLinear", self._node("Div", x, reach), unit, zero)
        weight, step = self._codes(linear.weight, name)
        product = self._node(
            "MatMulIntegerToFloat", quantised, weight, unit, step, zero, domain=CONTRIB
        )
        return self._node(
            "Add", self._node("Mul", product, reach), self._constant(f"{name}.bias", linear.bias)
        )

    def _float_linear(self, x: str, linear: Linear, name: str) -> str:
        product = self._node("MatMul", x, self._constant(f"{name}.weight", linear.weight.T))
        return self._node("Add", product, self._constant(f"{name}.bias", linear.bias))

    def _codes(self, weights: FloatArray, name: str) -> tuple[str, str]:
        """int8 weights (in, out) and a step for each output (out,)."""
        steps = np.maximum(np.abs(weights).max(axis=1), 1e-12) / np.float32(127)
        codes = np.round(weights / steps[:, None]).astype(np.int8)
        return self._constant(f"{name}.weight", codes.T), self._constant(
            f"{name}.step", steps.astype(np.float32)
        )

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def _node(
        self,
        operator: str,
        *inputs: str,
        outputs: list[str] | None = None,
        domain: str = "",
        **attributes: float,
    ) -> str:
        name = f"{operator}{len(self._nodes)}"
        made = outputs or [name]
        node = helper.make_node(operator, inputs, made, name, domain=domain)
        node.attribute.extend(helper.make_attribute(*each) for each in attributes.items())
        self._nodes.append(node)
        return made[0]


def _balance(peak: FloatArray, weights: FloatArray) -> FloatArray:
    """Factors (in,) moved from activations into weights, geometric mean 1."""
    raw = np.maximum(peak, 1e-5) ** SMOOTHING / np.maximum(np.abs(weights).max(axis=0), 1e-5) ** (
        1 - SMOOTHING
    )
    balanced: FloatArray = (raw / np.exp(np.log(raw).mean())).astype(np.float32)
    return balanced
