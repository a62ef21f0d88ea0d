"""YAML whose values remember their lines, so that a mistake can be pointed at."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from knowledge.errors import DocumentError, DocumentProblem, Place

Key: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and list positions from the root."""

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 80


class YamlError(ValueError):
    """Text that is not the YAML it should be.

    Attributes:
        line: Where that shows.
        problem, fields: As in `knowledge.errors.DocumentError`.
    """

    def __init__(
        self,
        message: str,
        line: int | None,
        problem: DocumentProblem = DocumentProblem.NO_YAML,
        **fields: str | int,
    ) -> None:
        super().__init__(message)
        self.line = line
        self.problem = problem
        self.fields = fields

    def in_document(self, place: Place) -> DocumentError:
        """The same of a document's file."""
        return DocumentError(place, str(self), self.problem, **self.fields)


@dataclass(frozen=True, slots=True)
class LocatedYaml:
    """Parsed YAML.

    Attributes:
        value: Plain Python values, as `yaml.safe_load` gives them.
        lines: For every key and list item, the line where it stands, counted from 1.
    """

    value: Any
    lines: dict[Key, int]

    def line(self, key: Key) -> int | None:
        """The line of the value at `key`, or of the nearest value that holds it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key)


class _Loader(yaml.SafeLoader):
    """Plain values only, each mistake at its line."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401
        # A few lines of aliases can stand for gigabytes, or hold themselves.
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise ComposerError(
                None, None, f"*{event.anchor} is an alias; write the value itself", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        try:
            value = super().construct_object(node, deep)
            if isinstance(value, int):
                str(value)  # Python shows no number of more than 4,300 digits
        except (ArithmeticError, AttributeError, LookupError, ValueError) as error:
            kind = node.tag.rpartition(":")[2]
            problem = f"{reprlib.repr(node.value)} is not a valid {kind}"
            raise ConstructorError(None, None, problem, node.start_mark) from error
        return value


def parse_yaml(text: str, *, first_line: int = 1) -> LocatedYaml:
    """Parse `text` as one YAML document.

    Args:
        text: The YAML.
        first_line: The number that the first line of `text` has in its file.

    Raises:
        YamlError: The text is not YAML, has a key twice, or uses aliases.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError(
            f"this is not valid YAML ({error.problem}). "
            "Check colons, indentation and quotation marks.",
            None if mark is None else mark.line + first_line,
        ) from error
    except ReaderError as error:
        raise YamlError(
            f"the character {chr(error.character)!r} does not belong in a text. Remove it.",
            text.count("\n", 0, error.position) + first_line,
            DocumentProblem.CHARACTER,
            character=repr(chr(error.character)),
        ) from error
    except RecursionError as error:
        raise YamlError(
            "brackets are nested too deep. Write plain values.", None, DocumentProblem.NESTED
        ) from error
    lines: dict[Key, int] = {}
    if root is not None:
        for key, line in _walk(root, ()):
            if key in lines:
                raise YamlError(
                    f"the key {key[-1]!r} stands here twice. Keep one.",
                    line + first_line,
                    DocumentProblem.KEY_TWICE,
                    name=key[-1],
                )
            lines[key] = line + first_line
    return LocatedYaml(value, lines)


def _walk(node: yaml.Node, prefix: Key) -> Iterator[tuple[Key, int]]:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = (*prefix, str(key_node.value))
            yield key, key_node.start_mark.line
            yield from _walk(value_node, key)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield (*prefix, position), item.start_mark.line
            yield from _walk(item, (*prefix, position))


def first_problem(error: ValidationError, source: LocatedYaml) -> YamlError:
    """What pydantic found wrong first, in words, at its line in `source`."""
    # A misspelt key is also a missing one; its line is known.
    details = min(
        error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden"
    )
    key: Key = tuple(details["loc"])
    name = ".".join(part for part in key if isinstance(part, str))
    problem, fields = DocumentProblem.VALUE, {"name": name}
    if details["type"] == "extra_forbidden":
        message = f"unknown key {name!r}. Check its spelling, or take it out."
        problem = DocumentProblem.KEY_UNKNOWN
    elif details["type"] == "missing":
        message = f"the key {name!r} is missing. Add it."
        problem = DocumentProblem.KEY_MISSING
    else:
        subject = repr(name) if name else "this"
        seen = "empty" if details["input"] is None else _REPR.repr(details["input"])
        quoted = details["type"] == "string_type" and details["input"] is not None
        advice = "Put it between quotation marks." if quoted else "Correct it."
        message = f"{subject} is {seen}: {_expectation(details['type'], details['msg'])}. {advice}"
        shown = "" if details["input"] is None else seen
        fields |= {"seen": shown, "expected": _expected(details["type"])}
    return YamlError(message, source.line(key), problem, **fields)


def _expected(kind: str) -> str:
    """What should stand in place of a value, for those who say it in words of their own."""
    known = {
        "string_type": "text",
        "tuple_type": "list",
        "list_type": "list",
        "model_type": "keys",
        "dict_type": "keys",
        "enum": "choice",
        "string_too_long": "shorter",
        "string_too_short": "longer",
        "unprintable": "printable",
        "own_language": "other_language",
    }
    if kind in known:
        return known[kind]
    return {"date": "date", "url": "address"}.get(kind.partition("_")[0], "other")


def _expectation(kind: str, message: str) -> str:
    if kind == "string_type":
        return "it should be text"
    if kind in {"tuple_type", "list_type"}:
        return "it should be a list"
    if kind in {"model_type", "dict_type"}:
        return "it should have keys and values"
    if kind.startswith("date_"):
        return "it should be a date such as 2021-04-06"
    if kind.startswith("url_"):
        return "it should be an address such as https://example.org/article"
    message = re.sub(r"^(Input|String|Value) should", "it should", message)
    return message[:1].lower() + message[1:]
