"""The written documents: passages, and questions that one of them answers or only seems to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.errors import TrainingError
from training.split import Split, split_of

DOCUMENTS = Path(__file__).with_name("documents")


class Question(BaseModel):
    """A question about a document.

    Attributes:
        q: Its words, as a member types them.
        lang: Their language.
        kind: Whether a passage answers it, or none does.
        passage: The passage that answers it, or the one that tempts most.
        span: The shortest run of the passage's words that holds the answer; none for `near`.
        style: How it is typed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: Annotated[str, Field(min_length=1)]
    lang: Literal["fr", "en"]
    kind: Literal["answered", "near"]
    passage: Annotated[int, Field(ge=0)]
    span: str | None
    style: str


class Document(BaseModel):
    """A document, its passages in their order.

    Attributes:
        lang: The language of title and passages.
        title: Names it among all documents.
        form: News, rules, minutes and so on; `register` in the file.
        passages: Its text.
        questions: What is asked about it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lang: Literal["fr", "en"]
    title: Annotated[str, Field(min_length=1)]
    form: Annotated[str, Field(alias="register")]
    passages: Annotated[tuple[str, ...], Field(min_length=2, max_length=8)]
    questions: tuple[Question, ...]

    @property
    def split(self) -> Split:
        """What it serves."""
        return split_of(self.title)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of a file.

    Attributes:
        where: The file and its line.
        what: What is wrong, and what was expected.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def files_of(folder: Path) -> Sequence[Path]:
    """The files of a folder, in an order that never changes.

    Raises:
        TrainingError: There are none.
    """
    found = sorted(folder.glob("*.jsonl"))
    if not found:
        raise TrainingError(f"No training documents (*.jsonl) are in {folder}.")
    return found


def load_documents(folder: Path = DOCUMENTS) -> tuple[Document, ...]:
    """All documents.

    Raises:
        TrainingError: There are none, or something is wrong with one of them.
    """
    documents, problems = read_files(files_of(folder))
    if problems:
        listed = "\n".join(str(each) for each in problems[:10])
        raise TrainingError(f"{len(problems)} problems in the training documents:\n{listed}")
    return documents


def read_files(paths: Iterable[Path]) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """The documents that files hold, and what is wrong with the others.

    Raises:
        TrainingError: A file cannot be read.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    titles: set[str] = set()
    for path in paths:
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise TrainingError(f"{path} cannot be read: {error}") from error
        for number, line in enumerate(lines, 1):
            where = f"{path.name}:{number}"
            try:
                document = Document.model_validate_json(line)
            except ValidationError as error:
                what = "; ".join(
                    f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
                )
                problems.append(Problem(where, what))
                continue
            wrong = list(_wrong(document))
            if document.title in titles:
                wrong.append(f"a second document is called {document.title!r}")
            titles.add(document.title)
            problems += (Problem(where, each) for each in wrong)
            documents.append(document)
    return tuple(documents), tuple(problems)


def _wrong(document: Document) -> Iterable[str]:
    asked: set[str] = set()
    for question in document.questions:
        named = f"question {question.q!r}"
        if question.q.lower() in asked:
            yield f"{named} stands twice"
        asked.add(question.q.lower())
        if question.passage >= len(document.passages):
            yield f"{named} is of passage {question.passage}, and there is none"
        elif question.kind == "near":
            if question.span is not None:
                yield f"{named} is near and has a span; nothing answers it"
        elif not question.span or question.span not in document.passages[question.passage]:
            yield f"{named} has a span that its passage does not hold word for word"
