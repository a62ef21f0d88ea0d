"""What fuzzing begins with: what each target takes, so that mutations get past its first check."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping

from tests.conftest import ARTICLES, ROOT
from tests.knowledge.test_archives import encrypted, link, modest_bomb, twice, zipped

_PASSAGE = "0123456789abcdef"
_QUESTION = "abcdefghijklmn_-"
_CUSTOM_IDS = (
    f"passage:{_PASSAGE}1:fr",
    f"passage:{_PASSAGE}:en:-",
    f"others:turn:1:fr:{_PASSAGE}12,{_PASSAGE}-",
    f"context:{_PASSAGE}-:en",
    f"whole:turn:2:{_PASSAGE}3:fr",
    f"helpful:{_PASSAGE}:{_QUESTION}",
    f"unhelpful:{_PASSAGE}",
    f"say:{_PASSAGE}:{_QUESTION}",
    f"everyone:{_PASSAGE}1:fr:{_QUESTION}",
    "delete:1234567890",
    f"suggested:{_PASSAGE}:fr:01234567",
    f"moderators:{_QUESTION}:1",
    "topics:1:fr",
    f"read:open:{_PASSAGE}:fr",
    "request:find:1",
    "request:done:1",
    "request:reply:1",
    "request:keep:1",
    f"request:choose:1:2:{_PASSAGE}1",
    f"pin:{_PASSAGE}:{_QUESTION}",
    "unpin:1",
    f"gap:answer:{_QUESTION}",
    f"gap:open:{_QUESTION}:1",
    "gap:request:1:1",
    f"gap:keep:{_QUESTION}:01234567",
    f"gap:done:{_QUESTION}:1",
    "gaps:1",
    "audit:1",
    "knowledge:remove:1:bakery",
    "knowledge:back:bakery",
    "knowledge:open:bakery",
    "knowledge:page:1",
)
_QUESTIONS = (
    "Who is Tim Wu?",
    "Qui est Tim\u00a0Wu\u202f?",
    "<@123> e\u0301\u0301\u0301 \u202e @everyone https://x.y \U0001f469\u200d\U0001f52c",
)
_BAKERY = "---\ntitle: Bakery\nlanguage: en\n---\n\n## Opening\n\nIt opens. At nine.\n"


def seeds() -> Mapping[str, tuple[bytes, ...]]:
    """For each target what it begins with."""
    read = {name: tuple(ARTICLES.glob(f"*/{name}")) for name in ("en.md", "questions.yaml")}
    return {
        "question": tuple(each.encode() for each in _QUESTIONS),
        "custom_id": tuple(each.encode() for each in _CUSTOM_IDS),
        "config": ((ROOT / "config.yaml").read_bytes(), b"questions: {longest: 500}\n"),
        "document": (_BAKERY.encode(), *(each.read_bytes() for each in read["en.md"])),
        "questions": (
            b"- passage: opens\n  en:\n    - When?\n",
            *(each.read_bytes() for each in read["questions.yaml"]),
        ),
        "archive": (
            zipped(("bakery/en.md", _BAKERY), ("bakery/questions.yaml", "[]")),
            zipped(("all/bakery/en.md", _BAKERY), method=zipfile.ZIP_STORED),
            zipped(("../en.md", _BAKERY)),
            encrypted(),
            link(),
            twice(),
            modest_bomb(),
        ),
    }
