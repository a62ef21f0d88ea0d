from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.located_yaml import YamlError, first_problem, parse_yaml


def test_every_key_and_item_knows_its_line() -> None:
    source = parse_yaml("title: T\nlist:\n  - one\n  - name: two\n", first_line=5)

    assert source.value == {"title": "T", "list": ["one", {"name": "two"}]}
    assert source.line(("title",)) == 5
    assert source.line(("list", 0)) == 7
    assert source.line(("list", 1, "name")) == 8


def test_a_key_that_is_not_there_has_the_line_of_what_should_hold_it() -> None:
    source = parse_yaml("a: 1\nb:\n  c: 2\n")

    assert source.line(("b", "d", 3)) == 2
    assert source.line(("x",)) is None


def test_nothing_is_nothing() -> None:
    assert parse_yaml("# only a comment\n").value is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: a\ntitle: b", 2, "'title' stands here twice. Keep one."),
        ("a: 1\ntitle: Foo: bar", 2, "not valid YAML (mapping values are not allowed here)"),
        ("a: 1\nday: 2021-13-45", 2, "'2021-13-45' is not a valid timestamp"),
        ("a: !!bool maybe", 1, "'maybe' is not a valid bool"),
        ("a: !!int ''", 1, "'' is not a valid int"),
        ("a: !!timestamp soon", 1, "'soon' is not a valid timestamp"),
        ("a: 1\nb: !!python/object:os.system x", 2, "could not determine a constructor"),
        ("a: " + "9" * 5000, 1, "is not a valid int"),
        ("a: 0x" + "f" * 5000, 1, "is not a valid int"),
        ("a: 1" + ":59" * 500 + ".5", 1, "is not a valid float"),
        ("a: 1\nb: \x80", 2, "the character '\\x80' does not belong in a text. Remove it."),
        ("a: &x [*x]", 1, "*x is an alias; write the value itself"),
        ("? [a]\n: b", 1, "unhashable"),
        ("a: 1\n...\nb: 2", 3, "not valid YAML"),
        ("a: 'open", 1, "not valid YAML"),
        ("[" * 2000, None, "brackets are nested too deep"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text)

    assert message in str(caught.value)
    assert caught.value.line == line


def test_aliases_cannot_fill_the_memory() -> None:
    laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))

    with pytest.raises(YamlError, match="alias"):
        parse_yaml("a0: &a0 ha\n" + laughs)


@given(st.text(alphabet=st.sampled_from("ab:-?&*!|>%@`'\"#[]{},<=~ \n\t01."), max_size=40))
def test_any_text_is_yaml_or_refused(text: str) -> None:
    with contextlib.suppress(YamlError):
        parse_yaml(text)


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    tags: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("tags: []", None, "the key 'name' is missing. Add it."),
        ("nmae: x", 1, "unknown key 'nmae'. Check its spelling, or take it out."),
        ("name: yes", 1, "'name' is True: it should be text. Put it between quotation marks."),
        ("name:", 1, "'name' is empty: it should be text. Correct it."),
        ("name: x\ntags: y", 2, "'tags' is 'y': it should be a list. Correct it."),
        ("name: x\ntags:\n- y\n- 3", 4, "'tags' is 3: it should be text."),
        ("- name", None, "this is ['name']: it should have keys and values. Correct it."),
    ],
)
def test_a_wrong_value_is_put_in_words(text: str, line: int | None, message: str) -> None:
    source = parse_yaml(text)
    with pytest.raises(ValidationError) as caught:
        _Settings.model_validate(source.value)

    problem = first_problem(caught.value, source)

    assert str(problem).startswith(message)
    assert problem.line == line


def test_a_long_value_is_shown_in_part() -> None:
    source = parse_yaml(f"name: x\ntags: {'word ' * 1000}")
    with pytest.raises(ValidationError) as caught:
        _Settings.model_validate(source.value)

    assert len(str(first_problem(caught.value, source))) < 200
