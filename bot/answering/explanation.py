"""Where the score of an answer comes from, for who runs the bot."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.answering.answers import Answer
from index import (
    QUESTION_SHARE,
    SENTENCE_WEIGHT,
    TOKENS_WEIGHT,
    WORDS_WEIGHT,
    Index,
    Match,
    Part,
)

_WIDTH = 90


def explanation(index: Index, answer: Answer) -> dict[str, Any]:
    """The numbers behind an answer, as they go into JSON."""
    result = answer.result
    return {
        "evidence": round(result.verdict.evidence, 3),
        "needed": round(result.verdict.needed, 3),
        "small_talk": result.small_talk,
        "weights": {
            "tokens": TOKENS_WEIGHT,
            "sentence": SENTENCE_WEIGHT,
            "words": WORDS_WEIGHT,
            "curated_question": QUESTION_SHARE,
        },
        "passages": [_match(index, answer.question, match) for match in result.matches],
    }


def _match(index: Index, question: str, match: Match) -> dict[str, Any]:
    why = match.why
    return {
        "passage_id": match.passage.id,
        "document": match.document.slug,
        "number": match.passage.number,
        "score": round(match.score, 3),
        "text": _part(index, question, why.text),
        "curated_question": None if why.question is None else _part(index, question, why.question),
        "telling": {language.value: number for language, number in match.telling.items()},
    }


def _part(index: Index, question: str, part: Part) -> dict[str, Any]:
    text = index.text(part.text)
    return {
        "language": text.language,
        "content": text.content,
        "score": round(part.score, 3),
        "tokens": round(part.tokens, 3),
        "sentence": round(part.sentence, 3),
        "words": round(part.words, 3),
        "matched_words": {
            each.word: round(each.share, 3) for each in index.matched_words(question, part)
        },
    }


def print_explanation(console: Console, explained: dict[str, Any]) -> None:
    """Print what `explanation` gave."""
    if explained["small_talk"] is not None:
        console.print(Text(f"Small talk ({explained['small_talk']}): no passage is shown."))
    console.print(
        Text(
            f"Evidence {explained['evidence']:.2f}; {explained['needed']:.2f} are needed to show "
            "a passage."
        )
    )
    for place, each in enumerate(explained["passages"], 1):
        head = f"{place}. {each['document']}, passage {each['number']}: score {each['score']:.2f}"
        console.print(Text(head, style="bold"))
        _print_part(console, "text", each["text"])
        if each["curated_question"] is not None:
            _print_part(console, "curated question", each["curated_question"])
            console.print(Text(f"   raises the score {QUESTION_SHARE:.0%} of the way to its own"))
    console.print(
        Text(
            "Tokens and sentence are in standard deviations above unrelated questions; words is "
            "the share of the question's words that the text has.",
            style="dim",
        )
    )


def _print_part(console: Console, kind: str, part: dict[str, Any]) -> None:
    console.print(
        Text(
            f"   {kind} ({part['language']}) {part['score']:.2f} = {TOKENS_WEIGHT} × tokens "
            f"{part['tokens']:.2f} + {SENTENCE_WEIGHT} × sentence {part['sentence']:.2f} + "
            f"{WORDS_WEIGHT} × words {part['words']:.2f}"
        )
    )
    content = textwrap.shorten(part["content"], _WIDTH, placeholder="…")
    console.print(Text(f"   “{content}”", style="dim"))
    matched = ", ".join(f"{word} {share:.2f}" for word, share in part["matched_words"].items())
    if matched:
        console.print(Text(f"   words: {matched}", style="dim"))
