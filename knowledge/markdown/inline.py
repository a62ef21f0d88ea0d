"""A text with its marks as Markdown that is read as the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.blocks.richtext import Mark, MarkKind, RichText
from knowledge.spans import Span

_ANYWHERE = re.compile(
    r"[\\*`\[\]<|^]|(?<![^\W_])_|_(?![^\W_])|~|=(?==)|(?<==)=|%(?=%)|(?<=%)%"
    r"|\{(?=[{%:#. ])|&(?=\w+;|#)"
)
_AT_START = re.compile(r"^(#|>|\+|-|=|:|~|!|\d+(?=[.)]))", re.MULTILINE)
_BLANK = re.compile(r"(?<=\n)[\xa0\u202f\u2007]+(?=\n)")
_TAGS = {
    MarkKind.BOLD: ("<b>", "</b>"),
    MarkKind.ITALIC: ("<i>", "</i>"),
    MarkKind.STRIKE: ("<s>", "</s>"),
    MarkKind.CODE: ("<code>", "</code>"),
}
_SIGNS = {MarkKind.BOLD: "**", MarkKind.ITALIC: "*", MarkKind.STRIKE: "~~"}


def escaped(text: str) -> str:
    """`text` as Markdown that says just that, where a block begins with it."""
    shown = _ANYWHERE.sub(r"\\\g<0>", text)
    shown = _AT_START.sub(lambda found: _escaped_start(found[1]), shown)
    # A line of no-break spaces alone would be blank, and end the paragraph.
    return _BLANK.sub(lambda found: "&nbsp;" * len(found[0]), shown)


def _escaped_start(sign: str) -> str:
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def inline(text: RichText, notes: frozenset[str], *, in_cell: bool = False) -> str:
    """`text` as Markdown.

    Args:
        text: The text.
        notes: The marks of the notes that there are; the signs of others are left out.
        in_cell: Whether a line of it ends with a tag.
    """
    line_end = "<br>" if in_cell else "\\\n"
    marks = [each for each in text.marks if each.kind is not MarkKind.NOTE or each.target in notes]
    if not marks:
        return escaped(text.text).replace("\n", line_end)
    inserted = _inserted(text.text, marks)
    parts: list[str] = []
    cuts = sorted({0, len(text.text), *inserted})
    for start, end in zip(cuts, [*cuts[1:], len(text.text)], strict=True):
        signs = inserted.get(start, "")
        if signs.startswith("[") and parts and re.search(r"(?<!\\)!\Z", parts[-1]):
            # An exclamation mark before a link would make it a picture.
            parts[-1] = f"{parts[-1][:-1]}\\!"
        parts.append(signs)
        if start == end:
            continue
        piece = text.text[start:end]
        code = any(
            each.kind is MarkKind.CODE and each.span.start <= start and end <= each.span.end
            for each in marks
        )
        shown = _ANYWHERE.sub(r"\\\g<0>", piece) if not code or _in_tags(piece) else piece
        at_start = not start or text.text[start - 1] == "\n"
        if not code:
            lines = shown.split("\n")
            shown = "\n".join(
                _AT_START.sub(lambda found: _escaped_start(found[1]), line)
                if number or at_start
                else line
                for number, line in enumerate(lines)
            )
        elif in_cell and not _in_tags(piece):
            shown = shown.replace("|", "\\|")
        parts.append(shown.replace("\n", line_end))
    return "".join(parts)


def _inserted(text: str, marks: Sequence[Mark]) -> dict[int, str]:
    """What stands before which character: beginnings and ends of marks, properly nested."""
    opened: list[tuple[Mark, str]] = []
    found: dict[int, str] = {}
    places = sorted({at for each in marks for at in each.span})
    for at in places:
        signs = ""
        again: list[Mark] = []
        while any(each.span.end == at for each, _ in opened):
            mark, closing = opened.pop()
            signs += closing
            if mark.span.end != at:
                again.append(mark)
        coming = [each for each in marks if each.span.start == at]
        signs += "".join(f"[^{each.target}]" for each in coming if each.kind is MarkKind.NOTE)
        new = sorted(
            (each for each in coming if each.kind is not MarkKind.NOTE),
            key=lambda each: (each.kind is MarkKind.CODE, -each.span.end),
        )
        for mark in (*reversed(again), *new):
            opening, closing = _around(text, mark, marks, whole=mark in new)
            signs += opening
            opened.append((mark, closing))
        found[at] = found.get(at, "") + signs
    return found


def _around(text: str, mark: Mark, marks: Sequence[Mark], *, whole: bool) -> tuple[str, str]:
    """What begins and ends a mark."""
    words = mark.span.of(text)
    if mark.kind is MarkKind.LINK:
        target = re.sub(r"[<>]", lambda found: f"%{ord(found[0]):02X}", mark.target)
        return "[", f"](<{target}>)" if re.search(r"[()\\]", target) else f"]({target})"
    if mark.kind is MarkKind.CODE:
        if _in_tags(words):
            return _TAGS[mark.kind]
        longest = max(map(len, re.findall("`+", words)), default=0)
        sign = "`" * (longest + 1)
        return sign, sign
    crossed = any(_cross(mark.span, each.span) for each in marks)
    touched = any(
        each is not mark and {each.span.start, each.span.end} & {mark.span.start, mark.span.end}
        for each in marks
    )
    if not whole or crossed or touched or "\n" in words or not _stands_free(text, mark.span):
        return _TAGS[mark.kind]
    sign = _SIGNS[mark.kind]
    return sign, sign


def _cross(one: Span, other: Span) -> bool:
    return one.start < other.start < one.end < other.end or (
        other.start < one.start < other.end < one.end
    )


def _stands_free(text: str, span: Span) -> bool:
    """Whether Markdown reads signs around the words as their beginning and end."""
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    inside = text[span.start] + text[span.end - 1]
    return (
        not (before and (before.isalnum() or before == "_"))
        and not (after and (after.isalnum() or after == "_"))
        and (not before or before.isspace() or text[span.start].isalnum())
        and (not after or after.isspace() or text[span.end - 1].isalnum() or inside[1] in ":.,;!?")
    )


def _in_tags(code: str) -> bool:
    """Whether code has to stand in tags: it has lines, or begins or ends with its own sign."""
    return (
        "\n" in code or code.startswith("`") or code.endswith("`") or ("\\" in code and "|" in code)
    )
