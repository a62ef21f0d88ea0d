"""What is measured in this process: questions, and passages that become an index."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np

from benchmarks.speed.plain import DEPTH, Plain
from benchmarks.speed.timing import Pair, Sample, in_turn, seconds
from index import Encoder, Index, build_index
from knowledge import Language, PassageLimits, read_library

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

THREADS = 2
_BLOCK = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """A knowledge base, indexed both ways, and questions about it.

    Attributes:
        name: What it is called.
        index: The product's.
        plain: The plain recipe's.
        questions: Questions with their languages.
    """

    name: str
    index: Index
    plain: Plain
    questions: Sequence[tuple[str, Language]]

    def ask(self, question: tuple[str, Language]) -> object:
        """Search as the bot does for a question that nobody has asked before."""
        text, language = question
        return self.index.search_many([text], [language], limit=DEPTH)


def use_threads(count: int) -> None:
    """How many threads the plain recipe uses for a question."""
    import torch

    torch.set_num_threads(count)
    faiss.omp_set_num_threads(count)


def one_thread(subject: Subject) -> Pair:
    """Seconds from each question to its ranked passages, on one thread.

    Contenders take turns by blocks of questions: each finds the processor's caches as it left
    them, and not full of the other's weights.
    """
    use_threads(1)
    plain: list[float] = []
    product: list[float] = []
    for start in range(0, len(subject.questions), _BLOCK):
        block = subject.questions[start : start + _BLOCK]
        plain += [seconds(partial(subject.plain.search, question)) for question, _ in block]
        product += [seconds(partial(subject.ask, each)) for each in block]
    return Pair(Sample(tuple(plain)), Sample(tuple(product)))


def throughput(subject: Subject, rounds: int) -> Pair:
    """Questions per second with `THREADS` threads.

    The plain recipe takes one question after the other, on one thread or on all, whichever is
    quicker: beside other work, torch with several threads is many times slower. The product
    answers as many questions at once as there are threads.
    """
    with ThreadPoolExecutor(THREADS) as threads:

        def plainly() -> float:
            return max(_plain_rate(subject, 1), _plain_rate(subject, THREADS))

        def product() -> float:
            took = seconds(lambda: list(threads.map(subject.ask, subject.questions)))
            return len(subject.questions) / took

        return in_turn([(plainly, product)] * rounds)


def _plain_rate(subject: Subject, threads: int) -> float:
    use_threads(threads)
    some = subject.questions[::4]
    return len(some) / seconds(lambda: [subject.plain.search(each) for each, _ in some])


def building(
    model: SentenceTransformer,
    encoder: Encoder,
    passages: Sequence[str],
    known: Path,
    rounds: int,
) -> Pair:
    """Seconds for passages to become an index on disk, with `THREADS` threads.

    Args:
        model: The plain recipe's.
        encoder: The product's.
        passages: Texts of one paragraph.
        known: The folder of an index, from which the texts that every index knows silence by
            are taken; they are encoded once for all and do not count.
        rounds: How often.
    """
    use_threads(THREADS)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        library = read_library(one_article(root / "articles", passages), PassageLimits(80, 100_000))

        def plainly() -> float:
            folder = Path(tempfile.mkdtemp(dir=root))
            return seconds(
                lambda: Plain.build(model, passages).write(folder, passages, Path("model"))
            )

        def product() -> float:
            folder = Path(tempfile.mkdtemp(dir=root))
            for reference in known.glob("reference-*"):
                shutil.copy(reference, folder)
            return seconds(partial(build_index, library, encoder, folder))

        return in_turn([(plainly, product)] * rounds)


def long_passages(
    words: Sequence[str], count: int, tokens: int, measure: Callable[[str], int]
) -> list[str]:
    """Passages of `tokens` tokens on average, from half as long to half as long again.

    Args:
        words: Running text; read from its start again where it does not suffice.
        count: How many passages.
        tokens: How long they are on average.
        measure: Counts the tokens of a text.
    """
    rate = measure(" ".join(words[:200])) / len(words[:200])
    lengths = np.random.default_rng(0).permutation(np.linspace(0.5, 1.5, count)) * tokens / rate
    ends = np.cumsum(lengths.astype(int))
    endless = list(words) * (int(ends[-1]) // len(words) + 1)
    return [" ".join(endless[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def one_article(folder: Path, passages: Sequence[str]) -> Path:
    """A folder of articles that holds one, whose paragraphs are the passages."""
    article = folder / "benchmark"
    article.mkdir(parents=True)
    text = "\n\n".join(passages)
    (article / "en.md").write_text(f"---\ntitle: Benchmark\nlanguage: en\n---\n\n{text}\n", "utf-8")
    return folder
