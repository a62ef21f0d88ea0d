"""YAML whose values remember their lines, so that a mistake can be pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError

Key: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and list positions from the root."""


class YamlError(ValueError):
    """Text that is not the YAML it should be, and the line where that shows."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


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


def parse_yaml(text: str, *, first_line: int = 1) -> LocatedYaml:
    """Parse `text` as one YAML document.

    Args:
        text: The YAML.
        first_line: The number that the first line of `text` has in its file.

    Raises:
        YamlError: The text is not YAML, or has a key twice.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + first_line
        raise YamlError(f"this is not valid YAML ({error.problem}).", line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(f"this is not valid YAML ({error}).", None) from error
    lines: dict[Key, int] = {}
    if root is not None:
        for key, line in _walk(root, ()):
            if key in lines:
                raise YamlError(f"the key {key[-1]!r} stands here twice.", line + first_line)
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
    details = error.errors(include_url=False)[0]
    key: Key = tuple(details["loc"])
    name = ".".join(str(part) for part in key)
    if details["type"] == "extra_forbidden":
        message = f"unknown key {name!r}. Check its spelling, or take it out."
    elif details["type"] == "missing":
        message = f"the key {name!r} is missing. Add it."
    else:
        expectation = details["msg"][:1].lower() + details["msg"][1:]
        message = f"{name!r} is {details['input']!r}: {expectation}."
    return YamlError(message, source.line(key))
