"""Check files of training documents, and count what they hold: `python -m training.check FILE…`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from knowledge import CoalitionBotError
from training.documents import read_files

_SHOWN = 40


def main(paths: Sequence[str] | None = None) -> int:
    """Run the command; its exit status is returned, 1 where something is wrong."""
    named = sys.argv[1:] if paths is None else paths
    if not named:
        print("Name the files to check: python -m training.check FILE…", file=sys.stderr)
        return 2
    try:
        documents, problems = read_files([Path(each) for each in named])
    except CoalitionBotError as error:
        print(error, file=sys.stderr)
        return 1
    for problem in problems[:_SHOWN]:
        print(problem)
    if len(problems) > _SHOWN:
        print(f"… and {len(problems) - _SHOWN} more")
    counts: Counter[str] = Counter()
    for each in documents:
        counts[f"documents {each.lang}"] += 1
        counts[f"passages {each.lang}"] += len(each.passages)
        for question in each.questions:
            counts[f"questions {question.lang}→{each.lang} {question.kind}"] += 1
    for name, count in sorted(counts.items()):
        print(count, name)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
