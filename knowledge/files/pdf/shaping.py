"""What paragraphs are: headings, items of lists, notes, or paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.blocks.blocks import DEEPEST_HEADING, Block, Heading, Item, ItemList, Note, Paragraph
from knowledge.blocks.notes import with_notes_in_place
from knowledge.blocks.richtext import RichText, rich_text
from knowledge.files.pdf.hyphens import Hyphens
from knowledge.files.pdf.paragraphs import ITEM, Group, text_of

_LONGEST_TITLE = 200
_MOST_LINES = 3
_NUMBERED = re.compile(r"(?:article|chapitre|chapter|section|titre|annexe)\b|[\dIVX]+[.)]", re.I)
_DEPTH = re.compile(r"\d+((?:\.\d+)+)")
_NOTE = re.compile(r"\(?(\d{1,3}|\*)[).]?\s+(?=\S)")


def shaped(groups: Sequence[Group], hyphens: Hyphens) -> list[Block]:
    """The blocks of a document."""
    sizes = Counter[float]()
    for group in groups:
        for line in group.lines:
            sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    mostly_bold = sum(each.lines[0].bold for each in groups) > 0.6 * len(groups)
    titles = {
        id(each): _style(each) for each in groups if _is_title(each, body, bold=not mostly_bold)
    }
    ranks = {style: at for at, style in enumerate(sorted(set(titles.values())), start=1)}
    blocks: list[Block] = []
    notes: dict[str, RichText] = {}
    for group in groups:
        text = text_of(group, hyphens)
        note = _NOTE.match(text.text)
        if style := titles.get(id(group)):
            level = min(ranks[style], DEEPEST_HEADING)
            blocks.append(Heading(rich_text(text.pieces()), level))
        elif note and group.lines[0].size < 0.92 * body and note[1] not in notes:
            notes[note[1]] = _after(text, note.end())
        elif not group.rows and (mark := ITEM.match(text.text)):
            item = Item(mark[1], _after(text, mark.end()))
            last = blocks[-1] if blocks else None
            if isinstance(last, ItemList):
                blocks[-1] = ItemList((*last.items, item))
            else:
                blocks.append(ItemList((item,)))
        else:
            blocks.append(Paragraph(text))
    return with_notes_in_place([*blocks, *(Note(mark, text) for mark, text in notes.items())])


def _is_title(group: Group, body: float, *, bold: bool) -> bool:
    first = group.lines[0]
    larger = first.size > 1.1 * body
    if group.rows or len(group.lines) > _MOST_LINES or len(group.text) > _LONGEST_TITLE:
        return False
    if not any(map(str.isalpha, group.text)) or not (larger or (bold and first.bold)):
        return False
    if first.size < 0.92 * body:
        return False
    return _NUMBERED.match(group.text) is not None or not group.text.endswith((".", ",", ";"))


def _style(group: Group) -> tuple[float, bool, int]:
    first = group.lines[0]
    depth = found[1].count(".") if (found := _DEPTH.match(group.text)) else 0
    return -first.size, not first.bold, depth


def _after(text: RichText, start: int) -> RichText:
    pieces = list(text.pieces())
    while pieces and start:
        taken = min(start, len(pieces[0].text))
        start -= taken
        pieces[0] = pieces[0]._replace(text=pieces[0].text[taken:])
        if not pieces[0].text:
            pieces.pop(0)
    return rich_text(pieces)
