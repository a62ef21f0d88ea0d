"""The page shows of a text what Discord shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.preview._markdown import markdown_tokens

from bot.components.markup import escaped, quoted
from bot.operations.preview.markdown import Node, elements
from bot.operations.preview.previewer import Previewer, Shown
from knowledge import Language
from tests.contracts import walk

HOSTILE = st.text(
    st.sampled_from("aא1 *_`~|<>[]()@#:/\\-+=.!&\"'\U0001f642\u202e\u200b"), min_size=1
)
QUESTIONS = {
    Language.FRENCH: [
        "Qui fait partie de la coalition ?",
        "c koi *small* business <@1> @everyone `rising` ||???||",
        "Comment cuire des pâtes al dente ?",
        "pourquoi " * 200,
    ],
    Language.ENGLISH: [
        "who's tim wu",
        "how does amazon screw over the people selling on it",
        "how do i unclog a sink",
        "hello",
        "👍🏽",
    ],
}


Look: TypeAlias = list[tuple[str, frozenset[str]]]
"""Every character that is not white space, and how it looks."""
SAME = {"paragraph": None, "inline": None, "bullet_list": "ul", "ordered_list": "ol"} | {
    "list_item": "li",
    "subtext": "small",
}


def text_of(nodes: Iterable[Node]) -> str:
    return "".join(each.text for each in nodes)


def look(nodes: Iterable[Node | str], inside: frozenset[str] = frozenset()) -> Iterator[Any]:
    for each in nodes:
        if isinstance(each, str):
            yield from ((character, inside) for character in each if not character.isspace())
        else:
            kind = "heading" if each.tag.startswith("h") else each.tag
            yield from look(each.children, inside | ({kind} - {"p"}))


def simcord_look(
    tokens: Iterable[Mapping[str, Any]], inside: frozenset[str] = frozenset()
) -> Iterator[Any]:
    """The same of what simcord's preview makes of a text."""
    for token in tokens:
        kind = SAME.get(token["type"], token["type"])
        if "children" in token:
            yield from simcord_look(token["children"], inside | ({kind} - {None}))
        elif kind.endswith("_open"):
            inside |= {kind.removesuffix("_open").replace("link", "a")}
        elif kind.endswith("_close"):
            inside -= {kind.removesuffix("_close").replace("link", "a")}
        elif kind in {"text", "code"}:
            how = inside | ({kind} - {"text"})
            yield from (
                (character, how) for character in token["content"] if not character.isspace()
            )
        else:
            assert kind == "break", kind


def looks_alike(markdown: str) -> bool:
    ours: Look = list(look(elements(markdown)))
    return ours == list(simcord_look(markdown_tokens(markdown, "text_display")))


@given(HOSTILE.map(lambda text: f"x{text}x"))
def test_an_escaped_text_is_shown_to_the_letter(text: str) -> None:
    assert elements(escaped(text)) == (Node("p", (text,)),)
    assert elements(f"**{escaped(text)}**") == (Node("p", (Node("strong", (text,)),)),)
    assert elements(quoted(f"**{escaped(text)}** {escaped(text)}")) == (
        Node("blockquote", (Node("p", (Node("strong", (text,)), f" {text}")),)),
    )


def test_discord_knows_no_flanking() -> None:
    assert elements("**“a” **b") == (Node("p", (Node("strong", ("“a” ",)), "b")),)
    assert not looks_alike("**“a” **b"), "simcord takes CommonMark's rules"


@given(st.text(st.sampled_from("a1 \n*_`~|<>[]()#:/\\-.>"), max_size=60))
def test_nothing_is_lost_but_signs(markdown: str) -> None:
    letters = "".join(character for character in markdown if character == "a")
    assert "".join(each for each in text_of(elements(markdown)) if each == "a") == letters


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("-# small\nbig", (Node("small", ("small",)), Node("p", ("big",)))),
        ("# a\n### b", (Node("h3", ("a",)), Node("h5", ("b",)))),
        ("- a\n- *b*", (Node("ul", (Node("li", ("a",)), Node("li", (Node("em", ("b",)),)))),)),
        ("1. a", (Node("ol", (Node("li", ("a",)),)),)),
        ("`*a*` __b__ ~~c~~", None),
        ("[a](https://b.c)", (Node("p", (Node("a", ("a",), "https://b.c"),)),)),
        ("[a](javascript:alert(1))", (Node("p", ("[a](javascript:alert(1))",)),)),
        ("<img src=x onerror=alert(1)>", (Node("p", ("<img src=x onerror=alert(1)>",)),)),
        ("see https://b.c/d.", None),
    ],
)
def test_what_discord_makes_of_it(markdown: str, expected: tuple[Node, ...] | None) -> None:
    if expected is not None:
        assert elements(markdown) == expected
    assert looks_alike(markdown)


async def test_every_text_of_the_cards_looks_as_in_simcord(previewer: Previewer) -> None:
    seen = set()
    for language, questions in QUESTIONS.items():
        shown = [await previewer.ask(each, language, language) for each in questions]
        shown.append(previewer.topics(language, language))
        pressed = {
            each["custom_id"] for card in shown for each in components(card) if "custom_id" in each
        }
        shown += [await previewer.press(each, language, language) for each in pressed]
        seen |= {
            each["content"] for card in shown for each in components(card) if "content" in each
        }
    assert len(seen) > 40
    for content in seen:
        assert looks_alike(content), content


def components(shown: Shown) -> list[Mapping[str, Any]]:
    return list(walk(shown.as_json()["components"] or ()))
