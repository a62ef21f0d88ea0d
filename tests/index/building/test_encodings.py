"""What was encoded of documents and kept as bytes: taken as it is, or encoded again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from index import Encoder, Index
from index.building.encodings import EncodedDocument, encode_documents
from index.building.store import DocumentStore, VersionedDocument
from knowledge import Document, Language, PassageLimits, read_document
from tests.index.building.test_build import Counting

HONEY = "Bees make honey from nectar. They dance to show where flowers are."
RUST = "Iron rusts in the rain. A coat of zinc keeps it from rusting."
ASKED = "What do bees make from nectar?"
LIMITS = PassageLimits(shortest=10)


def bees(*paragraphs: str, limits: PassageLimits = LIMITS) -> Document:
    """A document with a curated question for its first paragraph."""
    text = "\n\n".join(paragraphs)
    files = {
        "en.md": f"---\ntitle: Bees\nlanguage: en\n---\n\n{text}\n",
        "questions.yaml": f'- passage: "{paragraphs[0][:20]}"\n  en:\n    - "{ASKED}"\n',
    }
    read = read_document("bees", files, limits, "")
    assert read.problems == ()
    return read.document


@pytest.fixture
def kept(base: Index, counting: Counting) -> Mapping[str, EncodedDocument]:
    """What was encoded of two paragraphs."""
    encoded = encode_documents([bees(HONEY, RUST)], base, {})
    assert encoded.renewed == {"bees"} and encoded.problems == {}
    assert sorted(counting.encoded) == sorted([HONEY, RUST, ASKED, ASKED])
    counting.encoded.clear()
    return encoded.documents


def found(store: DocumentStore) -> list[object]:
    """Passages, scores and verdicts of some questions."""
    given: list[object] = []
    for question in ("What do bees make?", "How do I keep iron from rusting?", "Who is Tim Wu?"):
        result = store.index.search(question, Language.ENGLISH)
        scores = [(each.passage.id, each.score) for each in result.matches]
        given.append((result.outcome, result.verdict, scores))
    curated = store.index.curated_similarities(store.index.embed([ASKED])[0])
    return [*given, curated.tolist()]


def test_a_store_of_what_was_kept_answers_alike_and_encodes_nothing(
    base: Index, counting: Counting, kept: Mapping[str, EncodedDocument], tmp_path: Path
) -> None:
    document = bees(HONEY, RUST)
    plain = DocumentStore(tmp_path / "plain", base, "")
    plain.change([VersionedDocument(document, 1)])
    wanted = found(plain)
    counting.encoded.clear()

    again = encode_documents([document], base, kept)
    assert (again.documents, again.renewed, again.problems) == (kept, frozenset(), {})
    store = DocumentStore(tmp_path / "store", base, "")
    store.change([VersionedDocument(document, 1)], (), None, again)
    assert counting.encoded == []
    assert found(store) == wanted


def test_of_a_changed_document_only_what_is_new_is_encoded_and_nothing_old_is_kept(
    base: Index, counting: Counting, kept: Mapping[str, EncodedDocument]
) -> None:
    changed = "Iron never rusts where the air is dry."
    edited = encode_documents([bees(HONEY, changed)], base, kept)
    assert counting.encoded == [changed]
    assert edited.renewed == {"bees"} and edited.problems == {}
    keys = {name.partition(".")[0] for name in load(edited.documents["bees"].content)}
    before = {name.partition(".")[0] for name in load(kept["bees"].content)}
    assert len(keys) == 3 and len(keys & before) == 2

    counting.encoded.clear()
    shorter = encode_documents([bees(HONEY)], base, kept)
    assert counting.encoded == []
    assert shorter.renewed == {"bees"}
    assert len(shorter.documents["bees"].content) < len(kept["bees"].content)


def test_texts_that_are_divided_otherwise_are_not_found(
    base: Index, counting: Counting, kept: Mapping[str, EncodedDocument]
) -> None:
    together = bees(HONEY, RUST, limits=PassageLimits(shortest=100))
    (passage,) = together.passages
    again = encode_documents([together], base, kept)
    assert again.renewed == {"bees"} and again.problems == {}
    # The question is as it was.
    assert counting.encoded == [passage.texts[Language.ENGLISH].span.of(
        together.editions[Language.ENGLISH].text
    )]  # fmt: skip


Damage = Callable[[EncodedDocument], EncodedDocument]


def sealed(content: bytes, before: EncodedDocument) -> EncodedDocument:
    """Other bytes, with the checksum that is theirs."""
    return replace(before, content=content, sha256=hashlib.sha256(content).hexdigest())


def changed(part: str, change: Callable[[np.ndarray], np.ndarray]) -> Damage:
    """Change an array of every text."""

    def damage(before: EncodedDocument) -> EncodedDocument:
        arrays = {
            name: np.ascontiguousarray(change(each)) if name.endswith(part) else each
            for name, each in load(before.content).items()
        }
        return sealed(save(arrays), before)

    return damage


def without(part: str) -> Damage:
    """Leave an array of every text out."""

    def damage(before: EncodedDocument) -> EncodedDocument:
        arrays = load(before.content).items()
        return sealed(save({n: each for n, each in arrays if not n.endswith(part)}), before)

    return damage


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a bit": (
        lambda kept: replace(kept, content=kept.content[:-1] + bytes([kept.content[-1] ^ 1])),
        "does not match its checksum",
    ),
    "cut": (
        lambda kept: replace(kept, content=kept.content[:-1]),
        "does not match its checksum",
    ),
    "empty": (lambda kept: sealed(b"", kept), "not what this version writes"),
    "no file": (lambda kept: sealed(b"{" * 99, kept), "not what this version writes"),
    "cut and sealed": (
        lambda kept: sealed(kept.content[:-7], kept),
        "not what this version writes",
    ),
    "another encoder": (lambda kept: replace(kept, encoder="0" * 64), "by another encoder"),
    "fewer dimensions": (changed(".codes", lambda each: each[:, 1:]), "not what this version"),
    "other sentences": (changed(".sentences", lambda each: each[1:]), "not what this version"),
    "another type": (changed(".scales", lambda each: each.astype(np.float64)), "not what this"),
    "no token": (changed(".codes", lambda each: each[:0]), "not what this version writes"),
    "beyond the tokens": (changed(".ranges", lambda each: each + 1000), "not what this version"),
    "a shorter question": (changed(".asked", lambda each: each[1:]), "not what this version"),
    "no numbers": (
        changed(".scales", lambda each: each * np.float32(np.nan)),
        "it has numbers that are not finite",
    ),
    "no scales": (without(".scales"), "not what this version writes"),
    "no question": (without(".asked"), "not what this version writes"),
}


@pytest.mark.parametrize(("damage", "why"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_not_what_was_kept_is_encoded_again_and_said(
    base: Index,
    counting: Counting,
    kept: Mapping[str, EncodedDocument],
    damage: Damage,
    why: str,
) -> None:
    again = encode_documents([bees(HONEY, RUST)], base, {"bees": damage(kept["bees"])})
    assert why in again.problems["bees"]
    assert again.renewed == {"bees"}
    assert sorted(counting.encoded) == sorted([HONEY, RUST, ASKED, ASKED])
    assert again.documents == kept


def test_what_another_encoder_made_is_encoded_again(
    index_folder: Path, kept: Mapping[str, EncodedDocument], base: Index, encoder: Encoder
) -> None:
    del index_folder
    other = Counting(encoder, name="another")
    renamed = Index(base.manifest, base.segments, other, base.reference, base.confidence)
    again = encode_documents([bees(HONEY, RUST)], renamed, kept)
    assert again.problems == {"bees": "it was made by another encoder"}
    assert len(other.encoded) == 4
    assert again.documents["bees"].encoder != kept["bees"].encoder
