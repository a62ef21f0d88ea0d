"""Inner products in whole numbers."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from onnx import TensorProto, helper

from index.ranking.products import LEVELS, QuantisedVectors, from_codes, inner_products, to_codes


def test_codes_stand_for_the_numbers_that_they_were_made_of() -> None:
    values = np.arange(-7, 8, dtype=np.float32)[None, :] / np.float32(3)
    codes, units = to_codes(values)
    assert codes.shape == (1, 8)
    assert np.allclose(from_codes(codes, units, 15), values, atol=1e-6)


def test_four_bits_keep_the_direction_of_a_vector() -> None:
    vectors = np.random.default_rng(0).standard_normal((50, 384), np.float32)
    kept = from_codes(*to_codes(vectors), 384)
    lengths = np.linalg.norm(kept, axis=1) * np.linalg.norm(vectors, axis=1)
    assert ((kept * vectors).sum(axis=1) / lengths).min() > 0.99


def test_a_vector_of_zeros_stays_one() -> None:
    assert not from_codes(*to_codes(np.zeros((2, 6), np.float32)), 6).any()


@pytest.mark.parametrize("extreme", [-1.0, 1.0])
def test_sums_are_exact_even_where_every_number_is_as_large_as_can_be(extreme: float) -> None:
    codes, units = to_codes(np.array([[7.0] * 384, [-7.0] * 384], np.float32))
    vectors = QuantisedVectors.of(np.full((3, 384), extreme, np.float32))
    wanted = 384 * 7 * extreme
    products = inner_products(codes, vectors) * units[:, None]
    assert np.rint(products).tolist() == [[wanted] * 3, [-wanted] * 3]


def test_products_are_those_of_floats_but_for_rounding() -> None:
    random = np.random.default_rng(0)
    codes, units = to_codes(random.standard_normal((40, 384), np.float32))
    vectors = random.standard_normal((7, 384), np.float32)
    vectors[3] = 0
    ones = np.ones_like(units)
    exact = from_codes(codes, ones, 384) @ vectors.T
    rounding = 384**0.5 * 8 * np.abs(vectors).max() / LEVELS
    assert np.abs(inner_products(codes, QuantisedVectors.of(vectors)) - exact).max() < rounding
    assert not inner_products(codes, QuantisedVectors.of(vectors))[:, 3].any()


def test_vectors_together_give_what_they_give_alone() -> None:
    random = np.random.default_rng(0)
    codes, _ = to_codes(random.uniform(-127, 127, (5, 64)).astype(np.float32))
    every = [QuantisedVectors.of(random.standard_normal((n, 64), np.float32)) for n in (2, 1)]
    alone = [inner_products(codes, each) for each in every]
    assert np.array_equal(
        inner_products(codes, QuantisedVectors.together(every)), np.concatenate(alone, axis=1)
    )


def test_the_graph_is_one_matrix_product() -> None:
    """So that nobody has to take the bytes of a file on trust."""
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["codes", "vectors"], ["sums"])],
        "products",
        [
            helper.make_tensor_value_info("codes", TensorProto.UINT8, ["rows", "dimension"]),
            helper.make_tensor_value_info("vectors", TensorProto.INT8, ["dimension", "count"]),
        ],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, ["rows", "count"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 10)], ir_version=9)
    stored = (resources.files("index") / "data" / "products.onnx").read_bytes()
    assert model.SerializeToString() == stored
