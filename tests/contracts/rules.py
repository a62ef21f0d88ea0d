"""Discord's rules that its OpenAPI document does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

ACTION_ROW, BUTTON, TEXT_INPUT, TEXT_DISPLAY, CONTAINER = 1, 2, 4, 10, 17
LINK, PREMIUM = 5, 6
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
_BASE = re.compile(r"^/api/v\d+")
_MESSAGE = re.compile(r"/channels/\d+/messages(?:/\d+)?|/webhooks/\d+/[^/]+(?:/messages/[^/]+)?")
_NAME = re.compile(r"[-_'\w]{1,32}")
_CHAT_INPUT = 1
_SUBCOMMANDS = (1, 2)


class ContractError(AssertionError):
    """What was sent is not what Discord takes, or would send itself."""


def after_version(path: str) -> str:
    """A path without what stands before its route."""
    return _BASE.sub("", path)


def check_rules(method: str, path: str, body: Any) -> None:  # noqa: ANN401 - any JSON
    """Check a request against the rules.

    Raises:
        ContractError: It breaks one.
    """
    route = after_version(path)
    try:
        if method == "POST" and route.endswith("/callback"):
            check_callback(body)
        elif method == "PUT" and route.endswith("/commands"):
            check_commands(body)
        elif method in {"POST", "PATCH"} and _MESSAGE.fullmatch(route):
            check_message(body, edit=method == "PATCH")
    except AssertionError as error:
        raise ContractError(f"{method} {path}: {error}") from error


def walk(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component, in the order in which it is read."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for key in ("accessory", "component"):
            if (child := component.get(key)) is not None:
                yield from walk([child])


def check_message(body: Mapping[str, Any], *, edit: bool = False) -> None:
    """What must be true of a message that is sent, or of its edit."""
    components: Sequence[Mapping[str, Any]] = body.get("components") or ()
    content = body.get("content") or ""
    assert len(content) <= 2000, f"content of {len(content)} characters"
    if body.get("flags", 0) & COMPONENTS_V2:
        beside = [key for key in ("content", "embeds", "poll", "sticker_ids") if body.get(key)]
        assert not beside, f"beside components v2: {beside}"
        assert components, "an empty message"
    elif not edit:
        assert content or body.get("embeds") or components or body.get("attachments"), (
            "an empty message"
        )
    _check_embeds(body.get("embeds") or ())
    check_components(components)
    _check_mentions(body, components)


def check_components(components: Sequence[Mapping[str, Any]]) -> None:
    """The limits of the components of a message."""
    every = list(walk(components))
    assert len(every) <= 40, f"{len(every)} components"
    shown = sum(len(each["content"]) for each in every if each.get("type") == TEXT_DISPLAY)
    assert shown <= 4000, f"{shown} characters of text"
    ids = [each["custom_id"] for each in every if each.get("custom_id")]
    assert len(set(ids)) == len(ids), f"a custom_id twice: {ids}"
    assert all(1 <= len(each) <= 100 for each in ids), f"a custom_id too long: {ids}"
    for each in every:
        kind = each.get("type")
        if kind == CONTAINER:
            assert each.get("components"), "an empty container"
        elif kind == ACTION_ROW:
            assert 1 <= len(each["components"]) <= 5, f"a row of {len(each['components'])}"
        elif kind == TEXT_DISPLAY:
            assert each["content"].strip(), "a blank text"
        elif kind == BUTTON:
            _check_button(each)


def _check_button(button: Mapping[str, Any]) -> None:
    if button["style"] == PREMIUM:
        return
    label = button.get("label") or ""
    assert label.strip() or button.get("emoji"), "a button with neither label nor emoji"
    assert len(label) <= 80, f"a label of {len(label)} characters"
    if button["style"] == LINK:
        url = button.get("url") or ""
        assert url.startswith(("https://", "http://", "discord://")), f"a link to {url!r}"
        assert len(url) <= 512, f"a link of {len(url)} characters"
        assert "custom_id" not in button, "a link with a custom_id"
    else:
        assert button.get("custom_id"), "a button without custom_id"


def _check_embeds(embeds: Sequence[Mapping[str, Any]]) -> None:
    total = 0
    for embed in embeds:
        fields: Sequence[Mapping[str, str]] = embed.get("fields") or ()
        assert all(each["name"].strip() and each["value"].strip() for each in fields), "empty field"
        parts = [embed.get("title"), embed.get("description")]
        parts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
        parts += [each[key] for each in fields for key in ("name", "value")]
        total += sum(len(each) for each in parts if each)
    assert total <= 6000, f"{total} characters over all embeds"


def _check_mentions(body: Mapping[str, Any], components: Sequence[Mapping[str, Any]]) -> None:
    """Members' text and quotes never ping, whatever they hold.

    One member may be, whom the message is for: it begins with the mention.
    """
    says = [str(body.get("content") or "")]
    says += [each["content"] for each in walk(components) if each.get("type") == TEXT_DISPLAY]
    if not any(says):
        return
    pings = body.get("allowed_mentions")
    # NB Message.edit(view=…) without content does not send the client's own: pass it there.
    assert pings is not None, f"allowed_mentions left to Discord's default: {body}"
    called = [str(each) for each in pings.get("users") or ()]
    alone = len(called) == 1 and any(each.startswith(f"<@{called[0]}>\n") for each in says)
    assert not called or alone, f"may ping: {pings}"
    assert not any(pings.get(key) for key in ("parse", "roles")), f"may ping: {pings}"
    assert not pings.get("replied_user"), f"pings the person answered: {pings}"


def check_callback(body: Mapping[str, Any]) -> None:
    """What must be true of a first response to an interaction."""
    kind, data = body["type"], body.get("data") or {}
    if kind == 4:
        check_message(data)
    elif kind == 7:
        check_message(data, edit=True)
    elif kind == 8:
        choices = data.get("choices") or []
        assert len(choices) <= 25, f"{len(choices)} choices"
        for each in choices:
            assert 1 <= len(each["name"]) <= 100, each
            assert not isinstance(each["value"], str) or 1 <= len(each["value"]) <= 100, each
    elif kind == 9:
        assert 1 <= len(data["title"]) <= 45, data["title"]
        assert 1 <= len(data["custom_id"]) <= 100, data["custom_id"]
        assert 1 <= len(data["components"]) <= 5, "a modal takes five inputs"
        for each in walk(data["components"]):
            assert len(each.get("label") or "") <= 45, each


def _wordings(spec: Mapping[str, Any], key: str) -> list[str]:
    translated: Mapping[str, str] = spec.get(f"{key}_localizations") or {}
    return [str(spec[key]), *translated.values()]


def check_commands(commands: Sequence[Mapping[str, Any]]) -> None:
    """The limits of the commands of an application."""
    kinds = [each.get("type", _CHAT_INPUT) for each in commands]
    assert kinds.count(_CHAT_INPUT) <= 100, "more than 100 commands"
    assert all(kinds.count(each) <= 15 for each in (2, 3)), "more than 15 commands of a menu"
    names = [(each.get("type", _CHAT_INPUT), each["name"]) for each in commands]
    assert len(set(names)) == len(names), f"a name twice: {names}"
    for command in commands:
        if command.get("type", _CHAT_INPUT) == _CHAT_INPUT:
            _check_option(command)
            assert _size(command) <= 8000, f"{command['name']} takes {_size(command)} characters"
        else:
            assert all(1 <= len(each) <= 32 for each in _wordings(command, "name")), command


def _check_option(spec: Mapping[str, Any]) -> None:
    for name in _wordings(spec, "name"):
        assert _NAME.fullmatch(name), f"no name for a command: {name!r}"
        assert name == name.lower(), f"not in lower case: {name!r}"
    assert all(1 <= len(words) <= 100 for words in _wordings(spec, "description")), spec
    options: Sequence[Mapping[str, Any]] = spec.get("options") or ()
    choices: Sequence[Mapping[str, Any]] = spec.get("choices") or ()
    assert len(options) <= 25, f"{len(options)} options"
    assert len(choices) <= 25, f"{len(choices)} choices"
    for choice in choices:
        assert all(1 <= len(words) <= 100 for words in _wordings(choice, "name")), choice
    for option in options:
        _check_option(option)
    needed = [bool(each.get("required")) for each in options if each["type"] not in _SUBCOMMANDS]
    assert needed == sorted(needed, reverse=True), "a required option after an optional one"


def _size(spec: Mapping[str, Any]) -> int:
    """Characters of names, descriptions and values: of each, the longest wording."""
    own = max(map(len, _wordings(spec, "name")))
    if "description" in spec:
        own += max(map(len, _wordings(spec, "description")))
    if isinstance(value := spec.get("value"), str):
        own += len(value)
    inner = (*(spec.get("options") or ()), *(spec.get("choices") or ()))
    return own + sum(map(_size, inner))
