"""Where the score of an answer comes from, for who runs the bot."""

from __future__ import annotations

import math
import textwrap
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.answering.answers import Answer
from index import Index, Match
from index.explanation import ExplainedText, Explanation

_WIDTH = 90


def explanation(index: Index, answer: Answer) -> dict[str, Any]:
    """The numbers behind an answer, as they go into JSON."""
    result = answer.result
    explained = [index.explain(answer.question, match) for match in result.matches]
    return {
        "evidence": round(result.verdict.evidence, 3),
        "needed": round(result.verdict.needed, 3),
        "small_talk": result.small_talk,
        "weights": asdict(explained[0].weights),
        "passages": list(map(_passage, result.matches, explained)),
    }


def _passage(match: Match, explained: Explanation) -> dict[str, Any]:
    question = explained.question
    return {
        "passage_id": match.passage.id,
        "document": match.document.slug,
        "number": match.passage.number,
        "score": round(match.score, 3),
        "reader": None if match.read is None else round(probability(match.read), 3),
        "text": _text(explained.text),
        "curated_question": None if question is None else _text(question),
        "telling": {language.value: number for language, number in match.telling.items()},
    }


def probability(logit: float) -> float:
    """What a reader's score says as a probability; how sure an answer is, `confidence` says."""
    return 1.0 / (1.0 + math.exp(-min(max(logit, -30.0), 30.0)))


def _text(text: ExplainedText) -> dict[str, Any]:
    return {
        "language": text.language,
        "content": text.content,
        "score": round(text.score, 3),
        "tokens": round(text.tokens, 3),
        "sentence": round(text.sentence, 3),
        "words": round(text.words, 3),
        "matched_words": {each.word: round(each.share, 3) for each in text.matched_words},
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
    weights = explained["weights"]
    for place, each in enumerate(explained["passages"], 1):
        head = f"{place}. {each['document']}, passage {each['number']}: score {each['score']:.2f}"
        console.print(Text(head, style="bold"))
        if each["reader"] is not None:
            console.print(Text(f"   read with the question: {each['reader']:.0%} that it answers"))
        _print_text(console, "text", each["text"], weights)
        if each["curated_question"] is not None:
            _print_text(console, "curated question", each["curated_question"], weights)
            share = weights["curated_question"]
            console.print(Text(f"   raises the score {share:.0%} of the way to its own"))
    console.print(
        Text(
            "Tokens and sentence are in standard deviations above unrelated questions; words is "
            "the share of the question's words that the text has.",
            style="dim",
        )
    )


def _print_text(
    console: Console, kind: str, text: dict[str, Any], weights: dict[str, float]
) -> None:
    console.print(
        Text(
            f"   {kind} ({text['language']}) {text['score']:.2f} = {weights['tokens']} × tokens "
            f"{text['tokens']:.2f} + {weights['sentence']} × sentence {text['sentence']:.2f} + "
            f"{weights['words']} × words {text['words']:.2f}"
        )
    )
    content = textwrap.shorten(text["content"], _WIDTH, placeholder="…")
    console.print(Text(f"   “{content}”", style="dim"))
    matched = ", ".join(f"{word} {share:.2f}" for word, share in text["matched_words"].items())
    if matched:
        console.print(Text(f"   words: {matched}", style="dim"))
