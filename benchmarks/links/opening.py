"""Where a link opens: what a browser marks, against where the words stand on the page."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.links.browsers import Browser
from bot.answering.links import page_text, sentence_link
from index import Located
from knowledge import Document, Span
from knowledge.visible import visible

_LOOKS = 12
"""How often is looked for a mark: browsers seek the words once the page is there."""
_PAUSE = 0.08
_MARK = np.array([255, 0, 255], np.int16)
"""The colour of marks, which `benchmarks.links.layouts` sets."""
_LIKE = 80
_NEAR = 4
"""Pixels by which a mark may reach over the boxes of its words."""
# Boxes of two characters, by how many stand before them; white space and unseen signs aside.
_BOXES = """(() => {
  const wanted = %s, skipped = /[\\s\\u00ad\\u200b-\\u200f\\u2060\\ufeff]/;
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const boxes = [];
  let count = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".beside")) continue;
    for (let at = 0; at < node.data.length; at++) {
      if (skipped.test(node.data[at])) continue;
      if (wanted.includes(count)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const box = range.getBoundingClientRect();
        boxes.push([box.left, box.top, box.right, box.bottom]);
      }
      count++;
    }
  }
  return JSON.stringify(boxes);
})()"""


class Opening(StrEnum):
    """What a browser does with a link."""

    RIGHT = "right"
    PART = "part"
    TOP = "top"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Target:
    """A sentence or passage that is linked to.

    Attributes:
        words: The words.
        fragment: What the link says after `#`; None where it names no place.
        first, last: Its first and last letter or digit, among all signs of the article that are
            seen and are no white space.
    """

    words: str
    fragment: str | None
    first: int
    last: int


def lines_of(document: Document) -> list[str]:
    """The lines of a document's page."""
    page = page_text(document.original)
    return [" ".join(each.of(page.text).split()) for each in page.lines]


def targets_of(document: Document) -> list[Target]:
    """Every passage and every sentence of a document."""
    language = document.original.about.language
    targets = []
    for passage in document.passages:
        text = passage.texts[language]
        for number, span in ((None, text.span), *enumerate(text.sentences)):
            link = sentence_link(Located(document, passage), language, number)
            fragment = None if link is None or "#" not in link else link.split("#", 1)[1]
            first, last = _ends(document, span)
            targets.append(Target(span.of(document.original.text), fragment, first, last))
    return targets


def _ends(document: Document, span: Span) -> tuple[int, int]:
    page = page_text(document.original)
    seen = [
        at
        for line in page.lines
        for at in range(line.start, line.end)
        if visible(page.text[at]).strip()
    ]
    within = [
        number
        for number, at in enumerate(seen)
        if span.start <= at < span.end and page.text[at].isalnum()
    ]
    return within[0], within[-1]


async def opened(browser: Browser, address: str, target: Target) -> Opening:
    """Follow a link to a page and see what is marked."""
    await browser.open(f"{address}#{target.fragment}")
    for _ in range(_LOOKS):
        rows, columns = np.nonzero(_marked(await browser.picture()))
        if len(rows):
            break
        await asyncio.sleep(_PAUSE)
    else:
        return Opening.TOP
    boxes = json.loads(await browser.evaluate(_BOXES % json.dumps([target.first, target.last])))
    return _judged(rows, columns, boxes)


def _judged(
    rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], boxes: Sequence[Sequence[float]]
) -> Opening:
    first, last = boxes[0], boxes[-1]
    outside = rows.min() < first[1] - _NEAR or rows.max() > last[3] + _NEAR
    on_first = columns[rows <= first[3] - _NEAR]
    on_last = columns[rows >= last[1] + _NEAR]
    outside |= bool(len(on_first)) and on_first.min() < first[0] - _NEAR
    # Punctuation may follow, and blanks at the end of a line are marked too.
    outside |= bool(len(on_last)) and on_last.max() > last[2] + 5 * _NEAR
    if outside:
        return Opening.WRONG
    begins = bool(len(on_first)) and on_first.min() < first[2] + _NEAR
    ends = bool(len(on_last)) and on_last.max() > last[0] - _NEAR
    return Opening.RIGHT if begins and ends else Opening.PART


def _marked(picture: bytes) -> npt.NDArray[np.bool_]:
    """Which pixels have the colour of marks: bool (height, width)."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(np.int16)
    return np.asarray((np.abs(pixels - _MARK) < _LIKE).all(axis=2))
