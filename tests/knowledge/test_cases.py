"""Cases of files that moderators have, where they lie beside the checkout."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge import Language, PassageLimits, read_document
from knowledge.files import FileError, Upload, read_upload
from knowledge.front_matter import divided, with_front_matter

CASES = Path(__file__).parents[3] / "shared" / "cases"
ANY = r"[\s\S]{0,150}?"
KNOWN = (
    "accepted", "has", "lacks", "passage", "title", "sentence", "line", "together", "apart",
    "split", "rows", "order", "alone", "words",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What became of a file."""

    upload: Upload
    titles: tuple[str, ...]
    passages: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def everything(self) -> str:
        return "\n".join((*self.titles, *self.passages))


def _expected() -> list[tuple[str, dict[str, Any]]]:
    found = CASES / "expected.yaml"
    if not found.exists():
        return []
    every: list[tuple[str, dict[str, Any]]] = []
    for case, files in yaml.safe_load(found.read_text("utf-8")).items():
        for name, assertions in files.items():
            if name != "skip":
                every += ((f"{case}/{name}", each) for each in assertions)
    return every


EXPECTED = [(path, each) for path, each in _expected() if set(each) & set(KNOWN)]


def _plain(text: str) -> str:
    """A text in one form of white space, apostrophes and ligatures."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return " ".join(text.split())


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(ANY.join(re.escape(_plain(each)) for each in text.split("[…]")))


def _stands(text: str | list[str], *where: str) -> bool:
    wanted = [text] if isinstance(text, str) else text
    return any(_pattern(each).search(_plain(place)) for each in wanted for place in where)


@cache
def _seen(path: str) -> Seen:
    file = CASES / path
    upload = read_upload(file.name, file.read_bytes())
    text = upload.markdown
    if divided(text).front is None:
        text = with_front_matter({"title": file.stem, "language": "fr"}, text)
    read = read_document("case", {"fr.md": text}, PassageLimits(), "draft")
    told = [(each, each.texts[Language.FRENCH]) for each in read.document.passages]
    edition = read.document.original
    titles = [edition.about.title, *(title for _, each in told for title in each.headings)]
    return Seen(
        upload,
        tuple(titles),
        tuple(each.span.of(edition.text) for _, each in told),
        tuple(part.of(edition.text) for _, each in told for part in each.sentences),
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _plain(text).lower()))


def _holds(  # noqa: C901, PLR0911, PLR0912 - one case an assertion
    seen: Seen,
    what: str,
    value: Any,  # noqa: ANN401 - as the file has it
    assertion: dict[str, Any],
    path: str,
) -> bool:
    texts = [value] if isinstance(value, str) else value
    match what:
        case "accepted":
            return bool(seen.passages) is value
        case "has":
            return _stands(value, *seen.titles, *seen.passages)
        case "lacks":
            return not _stands(value, *seen.titles, *seen.passages)
        case "passage":
            return _stands(value, *seen.passages)
        case "title":
            return any(
                _pattern(each).fullmatch(_plain(title)) for each in texts for title in seen.titles
            )
        case "sentence":
            return any(
                _pattern(each).fullmatch(_plain(one)) for each in texts for one in seen.sentences
            )
        case "line":
            lines = [
                *seen.sentences,
                *(line for each in seen.passages for line in each.split("\n")),
            ]
            return any(_plain(line).endswith(_plain(each)) for each in texts for line in lines)
        case "together":
            return any(all(_stands(each, one) for each in texts) for one in seen.passages)
        case "apart":
            return all(sum(_stands(each, one) for each in texts) < 2 for one in seen.passages)
        case "split":
            return all(sum(_stands(each, one) for each in texts) < 2 for one in seen.sentences)
        case "rows":
            return all(_stands(each, *seen.passages) for each in texts)
        case "order":
            return (
                re.search(
                    r"[\s\S]*?".join(_pattern(each).pattern for each in texts),
                    _plain(seen.everything),
                )
                is not None
            )
        case "alone":
            return all(
                _plain(one) == _plain(value) for one in seen.sentences if _stands(value, one)
            )
        case "words":
            return not list(_invented(seen, assertion, path))
    raise AssertionError(what)


def _invented(seen: Seen, assertion: dict[str, Any], path: str) -> Iterator[str]:
    """Words of passages that the original has not, where its text is given or is plain."""
    case, name = path.split("/")
    own = yaml.safe_load((CASES / "expected.yaml").read_text("utf-8"))[case][name]
    original = next((each["original"] for each in own if "original" in each), None)
    if original is None and name.endswith((".md", ".txt", ".html", ".htm")):
        content = (CASES / path).read_bytes()
        encoding = "cp1252" if "1252" in name else "utf-8"
        original = re.sub(r"[*`_|]|&shy;|\\", " ", content.decode(encoding))
        if not name.endswith(".txt"):
            original = re.sub(r"<(/?(?:p|li|div|h\d|br|td|th|tr)\b)", r" <\1", original)
            original = re.sub(r"<[^>]*>", "", original)
    if original is not None:
        allowed = _words(original) | {str(each).lower() for each in assertion.get("may_add", ())}
        yield from _words("\n".join(seen.passages)) - allowed


@pytest.mark.skipif(not EXPECTED, reason="../shared/cases is not there")
@pytest.mark.parametrize(
    ("path", "assertion"), EXPECTED, ids=[f"{path}-{at}" for at, (path, _) in enumerate(EXPECTED)]
)
def test_a_case_is_read_as_its_reader_sees_it(path: str, assertion: dict[str, Any]) -> None:
    try:
        seen = _seen(path)
    except FileError as error:
        pytest.fail(f"{path} is not read: {error.problem}")
    for what in set(assertion) & set(KNOWN):
        assert _holds(seen, what, assertion[what], assertion, path), (
            f"{what}: {assertion[what]!r} ({assertion['why']})\n{seen.titles}\n{seen.sentences}"
        )
