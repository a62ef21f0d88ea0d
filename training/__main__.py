"""Train the reader and measure it: `python -m training --out FOLDER`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from index.encoders.quiet import quieten
from knowledge import CoalitionBotError
from training.documents import DOCUMENTS, load_documents
from training.run import run
from training.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit status is returned."""
    options = _parser().parse_args(arguments)
    quieten()
    try:
        settings = Settings(
            layers=tuple(options.layers),
            rounds=options.rounds,
            in_parts=min(options.in_parts, options.rounds),
            seed=options.seed,
            fraction=options.fraction,
            rate=options.rate,
            begin=options.begin,
            frozen=options.frozen,
        )
        run(options.out, settings, load_documents(options.documents))
    except (CoalitionBotError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    usual = Settings()
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where everything is written")
    parser.add_argument("--documents", type=Path, default=DOCUMENTS, help="a folder of *.jsonl")
    parser.add_argument(
        "--fraction", type=float, default=usual.fraction, help="of the documents, for a rehearsal"
    )
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="over the questions")
    parser.add_argument(
        "--in-parts",
        type=int,
        default=usual.in_parts,
        help="how many rounds, the first ones, show a sentence or two in place of a passage",
    )
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument(
        "--layers", type=int, nargs="+", default=usual.layers, help="of the encoder, from 0"
    )
    parser.add_argument("--rate", type=float, default=usual.rate, help="the highest, of learning")
    parser.add_argument(
        "--begin", help="the folder of a trained reader of the same layers, to go on from"
    )
    parser.add_argument(
        "--frozen", type=int, default=usual.frozen, help="how many first layers stay as they are"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
