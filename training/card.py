"""The model card of a trained reader: what it is made of, how well it reads, where it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.encoders.bundled import BUNDLED_REVISION
from training.documents import Document
from training.evaluate import Figures, table
from training.settings import Settings
from training.split import Split


@dataclass(frozen=True, slots=True)
class Training:
    """What a training run was.

    Attributes:
        settings: How it trained.
        pairs: How many pairs it saw.
        documents: Every document, whatever it serves.
    """

    settings: Settings
    pairs: int
    documents: Sequence[Document]


def card_of(training: Training, figures: Mapping[str, Mapping[str, Figures]]) -> str:
    """A model card, Markdown with its header.

    Args:
        training: The run.
        figures: What was measured, by the name of the model or the file that was measured.
    """
    settings = training.settings
    counts = {
        split: [each for each in training.documents if each.split is split] for split in Split
    }
    said = "\n".join(
        f"| {split} | {len(each)} | {sum(len(one.questions) for one in each):,} |"
        for split, each in counts.items()
    )
    begun = ""
    if settings.begin is not None:
        begun = "It went on from a reader that was trained before, on some of these documents.\n"
    measured = "\n\n".join(f"{name}:\n\n{table(each)}" for name, each in figures.items())
    return f"""---
language: [fr, en]
license: mit
base_model: intfloat/multilingual-e5-small
pipeline_tag: text-ranking
library_name: sentence-transformers
---

# A reader: does this passage answer this question?

A sentence-transformers `CrossEncoder` with one score. It reads a question and a passage together,
the passage's titles above it, in French or English, each in either language. Above 0.5 (after the
sigmoid) it holds the passage for an answer; that is no probability of being right before it is
calibrated.

## What it is made of

Layers {", ".join(str(each + 1) for each in settings.layers)} of multilingual-e5-small
({BUNDLED_REVISION}, MIT), its vocabulary frozen: only the layers, the positions and the score were
trained. {training.pairs:,} pairs in {settings.rounds} rounds, of which the first
{settings.in_parts} show a sentence or two and the others whole passages; batches of
{settings.batch}, highest learning rate {settings.rate:g}, seed {settings.seed}; binary
cross-entropy, sentence-transformers' own trainer. `python -m training --out FOLDER` does it again.
{begun}
## Data

Written for this project, under its licence, from imagination; see `training/WRITING.md`. Half of
the questions are about a document that does not answer them. Split by document:

| part | documents | questions |
|---|---|---|
{said}

A third of the questions are typed more carelessly by rule in each round. Negatives: the passage
that tempts most, other passages of the document, passages of other documents that share words,
unrelated questions and small talk.

## Figures

Of the {Split.TEST} part, which nothing was trained or chosen on. "Near": about the document and not
answered by it. "First right": among the passages of its document.

{measured}

## Limits

- French and English only. Passages beyond 384 tokens, question included, are cut: read them in
  windows.
- The documents are invented, short, and of a few dozen forms; on other text it is less sure than
  these figures.
- It was taught the bundled unrelated questions and small talk: measure silence with others.
- It says that a passage answers, not that what the passage says is true.
"""
