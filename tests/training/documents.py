"""Documents as a file has them, and files of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GOOD: Mapping[str, Any] = {
    "lang": "en",
    "title": "The lending shed",
    "register": "rules",
    "passages": ["Drills go out for three days.", "The shed opens at nine."],
    "questions": [
        {
            "q": "how long can i keep a drill",
            "lang": "en",
            "kind": "answered",
            "passage": 0,
            "span": "three days",
            "style": "colloquial",
        },
        {
            "q": "À quelle heure l’abri ferme-t-il ?",
            "lang": "fr",
            "kind": "near",
            "passage": 1,
            "span": None,
            "style": "formal",
        },
    ],
}


def changed(question: int, **values: object) -> dict[str, Any]:
    """`GOOD` with other values in one of its questions."""
    questions = [dict(each) for each in GOOD["questions"]]
    questions[question] |= values
    return dict(GOOD) | {"questions": questions}


def written(folder: Path, *documents: Mapping[str, Any]) -> Path:
    """A file of `documents` in `folder`."""
    path = folder / "some.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in documents), "utf-8")
    return path
