"""What titles above a passage, and what introduces it, do for finding it.

`python -m benchmarks.headed` asks the hundred questions of `questions.yaml` on the ten articles
beside it, which have the same titles (“Horaires”, “Fee”) under several others. The articles are
indexed as they are, then without what introduces lists and rows, then without titles as well.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.answering.startup import load_encoder
from bot.config import read_config
from index import Index, LanguageDetector, build_index
from index.evaluation import evaluate, read_cases
from knowledge import Library, PassageText, read_library

_HERE = Path(__file__).parent


def _whole(text: PassageText) -> PassageText:
    return text


def _without_lead(text: PassageText) -> PassageText:
    return replace(text, lead=())


def _bare(text: PassageText) -> PassageText:
    return replace(text, lead=(), headings=())


def _with(library: Library, change: Callable[[PassageText], PassageText], name: str) -> Library:
    """The library with other texts of its passages."""
    documents = tuple(
        replace(
            document,
            passages=tuple(
                replace(each, texts={key: change(text) for key, text in each.texts.items()})
                for each in document.passages
            ),
        )
        for document in library.documents
    )
    return Library(documents, (), f"{library.fingerprint}-{name}")


def main() -> None:
    """Print a table."""
    settings = read_config(None)
    encoder = load_encoder(settings, print)
    library = read_library(_HERE / "articles", settings.knowledge.limits)
    detector = LanguageDetector()
    print(f"{len(library.documents)} documents, {len(library.passages)} passages")
    print("| what is searched | right passage first | in the first five | mean reciprocal rank |")
    print("|---|---|---|---|")
    for name, change in (
        ("words, titles and introductions", _whole),
        ("words and titles", _without_lead),
        ("words alone", _bare),
    ):
        with tempfile.TemporaryDirectory() as folder:
            build_index(_with(library, change, name), encoder, Path(folder))
            index = Index.open(Path(folder), encoder)
            total = evaluate(index, read_cases(_HERE / "questions.yaml", index), detector).total
        first, five = total.accuracy.value, total.recall.value
        print(f"| {name} | {first:.0%} | {five:.0%} | {total.reciprocal_rank:.3f} |")


if __name__ == "__main__":
    main()
