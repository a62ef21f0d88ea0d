"""An exported model gives what sentence-transformers gives, from the same tokens, without torch."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.encoders.bundled import BUNDLED_REVISION, PASSAGE_PROMPT, QUERY_PROMPT, bundled_parts
from index.encoders.encoder import Encoded, Encoder, EncoderChoice
from index.encoders.exported.encoder import ExportedEncoder
from index.encoders.exported.errors import DamagedExportError, NotExportableError
from index.encoders.exported.export import export_model
from index.encoders.exported.manifest import ExportManifest, verify_export
from index.encoders.opening import export_sentence_transformer
from index.encoders.sentence_transformer import (
    SentenceTransformerEncoder,
    load_sentence_transformer,
)
from index.errors import EncoderError
from knowledge import Library
from knowledge.visible import visible

ODD = [
    "",
    "   ",
    "😀",
    "Où est l’œuvre 😀 de la « coopérative » ?",
    "👩‍👩‍👧‍👦 famille 🏳️‍🌈 fin",
    "e\u0301te\u0301 de\u0301ja\u0300 vu",
    "l’oﬃce ﬁnal, ﬀ et ﷺ, ① ½ ℃",
    "日本語のテキストです。漢字 カタカナ ﾊﾝｶｸ",
    "Привет, мир! שלום עולם مرحبا",
    "a\x00b\x1c\x85c\u200bd\u3000e\u00a0f\t\n  g",
    "un <mask> dans </s> la <s>phrase<pad> <unk>",
    "🦖𝔘𝕏ꙮ𓀀𓀁 zz",
    "  deux  espaces  ",
]


@pytest.fixture(scope="session")
def model_folder(pytestconfig: pytest.Config) -> Path:
    """The bundled model, unpacked where the other tests find it too."""
    return pytestconfig.cache.mkdir("models") / BUNDLED_REVISION


@pytest.fixture(scope="session")
def model(model_folder: Path) -> SentenceTransformer:
    return load_sentence_transformer(EncoderChoice(), model_folder.parent).model


@pytest.fixture(scope="session")
def export(model: SentenceTransformer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled model, exported; not to be changed."""
    folder = tmp_path_factory.mktemp("models") / "bundled"
    exported(model, folder, "bundled")
    return folder


@pytest.fixture(scope="module")
def encoder(export: Path) -> Iterator[ExportedEncoder]:
    opened = ExportedEncoder.open(export)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def whole(model: SentenceTransformer, model_folder: Path) -> Tokenizer:
    """The model's own tokenizer."""
    del model  # which is unpacked there
    return Tokenizer.from_file(str(model_folder / "tokenizer.json"))


def exported(
    model: SentenceTransformer, folder: Path, name: str, query_prompt: str | None = None
) -> ExportManifest:
    """Export a model, compared with itself."""
    choice = EncoderChoice(query_prompt=query_prompt)
    return export_sentence_transformer(SentenceTransformerEncoder(model, name, choice), folder)


def offsets_of(whole: Tokenizer, prompt: str, text: str) -> list[tuple[int, int]]:
    """Where the tokens of a text lie, as its own tokenizer says."""
    encoding = whole.encode(prompt + text, add_special_tokens=False)
    encoding.truncate(510)
    size = len(prompt)
    return [(max(start - size, 0), end - size) for start, end in encoding.offsets if end > size]


def same(one: Sequence[Encoded], other: Sequence[Encoded]) -> bool:
    """Whether texts were encoded to the same bytes."""
    return len(one) == len(other) and all(
        left.embedding.tobytes() == right.embedding.tobytes()
        and left.tokens.tobytes() == right.tokens.tobytes()
        and left.offsets.tobytes() == right.offsets.tobytes()
        for left, right in zip(one, other, strict=True)
    )


def texts_of(library: Library) -> list[str]:
    """All passages of the articles, in every language."""
    return [
        document.editions[language].text[text.span.start : text.span.end]
        for document in library.documents
        for passage in document.passages
        for language, text in passage.texts.items()
    ]


def test_an_export_is_an_encoder(encoder: ExportedEncoder) -> None:
    checked: Encoder = encoder
    assert checked.dimension == 384
    assert checked.name == "bundled int8"


def test_embeddings_and_tokens_are_those_of_the_model(
    encoder: ExportedEncoder, model: SentenceTransformer, whole: Tokenizer
) -> None:
    texts = ["Qui dirige la coalition et pourquoi ?", "Amazon takes a fee from every seller."]
    made = [*encoder.encode_queries(texts), *encoder.encode_passages(texts)]
    embeddings = np.concatenate(
        [
            model.encode_query(texts, normalize_embeddings=True),
            model.encode_document(texts, normalize_embeddings=True),
        ]
    )
    for one, expected in zip(made, embeddings, strict=True):
        assert one.embedding.dtype == one.tokens.dtype == np.float32
        assert one.offsets.dtype == np.int32
        assert np.linalg.norm(one.embedding) == pytest.approx(1, abs=1e-6)
        assert one.embedding @ expected > 0.999

    states: Any = model.encode(
        texts, prompt="query: ", output_value="token_embeddings", show_progress_bar=False
    )
    for text, one, expected in zip(texts, made[:2], states, strict=True):
        # The marker behind the text is the last token.
        own = expected.numpy()[-1 - len(offsets_of(whole, "query: ", text)) : -1]
        assert own.shape == one.tokens.shape
        left, right = own - own.mean(axis=0), one.tokens - own.mean(axis=0)
        lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
        assert ((left * right).sum(axis=1) / lengths).mean() > 0.99


def test_offsets_of_passages_are_those_of_the_models_tokenizer(
    encoder: ExportedEncoder, whole: Tokenizer, library: Library
) -> None:
    texts = [visible(each) for each in (*texts_of(library), *ODD)]
    assert len(texts) > len(ODD)
    for text, one in zip(texts, encoder.encode_passages(texts), strict=True):
        assert one.offsets.tolist() == [list(s) for s in offsets_of(whole, "passage: ", text)]
        assert one.tokens.shape == (len(one.offsets), encoder.dimension)


def test_tokens_of_any_text_are_those_of_the_models_tokenizer(
    encoder: ExportedEncoder, whole: Tokenizer
) -> None:
    characters = st.characters(exclude_categories=["Cs"])
    pieces = st.one_of(st.text(characters), st.sampled_from([*ODD, " ", "é", "e\u0301", "▁"]))
    reader = encoder._tokenizer

    @given(st.lists(pieces, max_size=8).map("".join))
    @settings(max_examples=500, deadline=None)
    def check(text: str) -> None:
        expected = whole.encode(text)
        read = reader.read(text, 1 << 30)
        assert read.ids == expected.ids
        assert read.offsets.tolist() == [list(each) for each in expected.offsets[1:-1]]

    check()


def test_a_text_beyond_reach_is_cut(encoder: ExportedEncoder) -> None:
    text = "un mot " * 600
    (one,) = encoder.encode_passages([text])
    assert len(one.tokens) == 512 - 2 - 2
    assert one.offsets[-1, 1] < len(text)


def test_the_same_bytes_alone_and_together_on_one_thread_and_two(
    encoder: ExportedEncoder, export: Path
) -> None:
    texts = ["long " * 40, *ODD, "Qui dirige le groupe ?", "court"]
    alone = [one for text in texts for one in encoder.encode_queries([text])]
    two = ExportedEncoder.open(export, threads=2)
    assert same(alone, encoder.encode_queries(texts))
    assert same(alone, two.encode_queries(texts))
    assert same(alone[::-1], two.encode_queries(texts[::-1]))
    two.close()


def test_callers_may_come_from_several_threads(encoder: ExportedEncoder) -> None:
    texts = [f"Question {number} sur la coalition ?" for number in range(20)]
    expected = encoder.encode_queries(texts)
    found: list[list[Encoded]] = []
    callers = [
        threading.Thread(target=lambda: found.append(encoder.encode_queries(texts)))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(found) == 4
    assert all(same(expected, each) for each in found)


def test_serving_imports_no_torch(export: Path) -> None:
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from index.encoders.exported.encoder import ExportedEncoder\n"
        "encoder = ExportedEncoder.open(Path(sys.argv[1]), 2)\n"
        "print(len(encoder.encode_queries(['Qui ?', 'Who?'])))\n"
        "names = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'safetensors'}\n"
        "print(json.dumps(sorted(names & set(sys.modules))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(export)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["2", "[]"]


def test_a_model_is_exported_to_the_same_bytes_twice(tmp_path: Path) -> None:
    """That the bundled one is too, however it is read, the next test shows."""
    model = tiny(tmp_path / "model", "mean", {})
    exports = tmp_path / "exports"
    exported(model, exports / "once", "tiny")
    again = exports / "again"
    again.mkdir()
    (again / "left.txt").write_text("from before")
    exported(model, again, "tiny")
    files = {path.name: path.read_bytes() for path in (exports / "once").iterdir()}
    assert {path.name: path.read_bytes() for path in again.iterdir()} == files
    assert {path.name for path in exports.iterdir()} == {"once", "again"}
    verify_export(again)


@pytest.mark.timeout(600)
def test_the_bundled_model_is_exported_without_torch_to_the_same_files(
    export: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "direct"
    manifest = export_model(
        bundled_parts(),
        folder,
        "bundled",
        query_prompt=QUERY_PROMPT,
        passage_prompt=PASSAGE_PROMPT,
    )
    verify_export(folder)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 100_000_000
    through_torch = ExportManifest.read(export)
    # Writing scores as text and reading them takes their last bit.
    rounded = "vocabulary.scores.npy"
    assert np.allclose(np.load(folder / rounded), np.load(export / rounded), rtol=1e-15, atol=0)
    assert manifest.files.keys() == through_torch.files.keys()
    assert {
        name
        for name, file in manifest.files.items()
        if file.sha256 != through_torch.files[name].sha256
    } <= {rounded}
    assert manifest.embedding_cosine == pytest.approx(through_torch.embedding_cosine, abs=1e-5)
    assert manifest.token_cosine == pytest.approx(through_torch.token_cosine, abs=1e-5)
    assert manifest.model_dump(include={"precision", "pooling", "dimension", "longest"}) == (
        through_torch.model_dump(include={"precision", "pooling", "dimension", "longest"})
    )


@pytest.fixture
def damaged(export: Path, tmp_path: Path) -> Path:
    """A copy of the export that a test may damage."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in export.iterdir():
        (folder / path.name).hardlink_to(path)
    return folder


def rewrite(path: Path, content: bytes) -> None:
    # The file is a link to one that must not change.
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name", ["encoder.weights", "encoder.onnx", "tokens.bin", "vocabulary.keys.npy"]
)
def test_a_file_cut_short_or_missing_is_said(damaged: Path, name: str) -> None:
    rewrite(damaged / name, (damaged / name).read_bytes()[:-1])
    with pytest.raises(DamagedExportError, match=rf"{name} is [\d,]+ bytes long, expected"):
        ExportedEncoder.open(damaged)
    (damaged / name).unlink()
    with pytest.raises(DamagedExportError, match=f"{name} is missing, expected"):
        ExportedEncoder.open(damaged)


def test_a_flipped_bit_is_said(damaged: Path) -> None:
    verify_export(damaged)
    content = bytearray((damaged / "encoder.weights").read_bytes())
    content[len(content) // 2] ^= 1
    rewrite(damaged / "encoder.weights", bytes(content))
    with pytest.raises(DamagedExportError, match=r"encoder\.weights has another checksum"):
        verify_export(damaged)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokens.json", "tokenizer.json"])
def test_files_that_make_no_sense_are_said(damaged: Path, name: str) -> None:
    size = (damaged / name).stat().st_size
    rewrite(damaged / name, b"\xff" * size)
    with pytest.raises(DamagedExportError, match="build the index again"):
        ExportedEncoder.open(damaged)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "about.json cannot be read"),
        (b"{", "about.json is not of format 1"),
        (b'{"format": 7}', "about.json is not of format 1: format"),
    ],
)
def test_a_manifest_of_another_kind_is_said(
    damaged: Path, content: bytes | None, said: str
) -> None:
    if content is None:
        (damaged / "about.json").unlink()
    else:
        rewrite(damaged / "about.json", content)
    with pytest.raises(DamagedExportError, match=said):
        ExportedEncoder.open(damaged)


def tiny(folder: Path, pooling: str, changes: Mapping[str, object]) -> SentenceTransformer:
    """A BERT of random weights, with a vocabulary of words."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(chr(each) for each in range(97, 123))]
    words += [f"##{chr(each)}" for each in range(97, 123)]
    definition: dict[str, Any] = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {word: number for number, word in enumerate(words)},
        },
    }
    special = {f"{name.lower()}_token": f"[{name}]" for name in ("PAD", "UNK", "CLS", "SEP")}
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_str(json.dumps(definition)), model_max_length=256, **special
    )
    sizes = {"num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128}
    longest = {"max_position_embeddings": 256, "vocab_size": len(words)}
    config = BertConfig.from_dict({"hidden_size": 64, **sizes, **longest, **changes})
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    transformer = Transformer(str(folder))
    pooled = Pooling(int(config.hidden_size), pooling_mode=pooling)
    return SentenceTransformer(modules=[transformer, pooled], device="cpu")


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_another_model_with_a_tokenizer_of_another_kind_is_exported(
    tmp_path: Path, pooling: str
) -> None:
    model = tiny(tmp_path / "model", pooling, {})
    folder = tmp_path / "export"
    manifest = exported(model, folder, "tiny", "ask: ")
    assert manifest.pooling == pooling
    encoder = ExportedEncoder.open(folder)
    text = "Hello, wörld"
    (one,) = encoder.encode_queries([text])
    (expected,) = model.encode(["ask: " + text], normalize_embeddings=True)
    assert one.embedding @ expected > 0.999
    assert [text[start:end] for start, end in one.offsets.tolist()][:5] == list("Hello")
    (empty,) = encoder.encode_passages([""])
    assert empty.tokens.shape == (0, 64)
    assert empty.offsets.shape == (0, 2)
    encoder.close()


@pytest.mark.parametrize(
    ("pooling", "changes", "said"),
    [
        ("max", {}, "its pooling must be mean or cls, and is max"),
        ("mean", {"hidden_act": "silu"}, "its activation must be gelu or relu, and is silu"),
        ("mean", {"hidden_size": 40}, "multiple of 32 wide, got 40"),
    ],
)
def test_a_model_that_cannot_be_exported_is_refused_and_nothing_is_left(
    tmp_path: Path, pooling: str, changes: dict[str, object], said: str
) -> None:
    model = tiny(tmp_path / "model", pooling, changes)
    folder = tmp_path / "exports" / "tiny"
    folder.mkdir(parents=True)
    (folder / "about.json").write_text("from before")
    with pytest.raises(NotExportableError, match=said) as raised:
        exported(model, folder, "tiny")
    assert "sentence-transformers" in str(raised.value)
    assert isinstance(raised.value, EncoderError)
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]
    assert (folder / "about.json").read_text() == "from before"


def wild(folder: Path, spread: float) -> SentenceTransformer:
    """A model that makes much of small differences: the more so, the wider its weights."""
    return tiny(folder, "mean", {"num_hidden_layers": 6, "initializer_range": spread})


def test_a_model_that_int8_harms_is_exported_in_float32(tmp_path: Path) -> None:
    model = wild(tmp_path / "model", 0.2)
    manifest = exported(model, tmp_path / "export", "wild")
    assert manifest.name == "wild float32"
    assert manifest.embedding_cosine >= 0.9999
    verify_export(tmp_path / "export")
    encoder = ExportedEncoder.open(tmp_path / "export")
    (one,) = encoder.encode_passages(["What is it about?"])
    (expected,) = model.encode(["What is it about?"], normalize_embeddings=True)
    assert one.embedding @ expected > 0.999
    encoder.close()


def test_an_export_too_far_from_its_model_is_refused(tmp_path: Path) -> None:
    model = wild(tmp_path / "model", 0.5)
    said = r"the embedding cosine in int8 is 0\.\d{5}, and must be at least 0\.999; the token"
    with pytest.raises(NotExportableError, match=said):
        exported(model, tmp_path / "export", "wild")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
