"""What a message asks, among what else it says: who writes, why, and how kindly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.ranking.courtesies import only_courtesies, without_courtesies
from index.ranking.question_detection import is_question
from index.ranking.terms import fold

_END = re.compile(
    r"(?:(?P<sentence>[.!?…]+)|[,;:])(?=\s|$)|\n+|\s[-–—]\s|\s?(?P<sign>[\U0001f000-\U0001faff☀-➿]\ufe0f?)+"
)
_ABOUT_THEM = re.compile(
    r"\b(?:je|j|moi|me|m|mon|ma|mes|nous|notre|nos|vous|vos|votre|tu|te|toi|ton|ta|tes|quelqu un|"
    r"i|im|ive|id|my|mine|we|our|us|you|your|u|ur|yall|anyone|anybody|someone|somebody|"
    r"question|questions|merci|desole|desolee|pardon|thanks|thank|sorry|please|svp|stp)\b"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a message up to a comma or the like.

    Attributes:
        start, end: Where it stands, with the sign that ends it.
        sentence: The number of its sentence.
        asks: Whether it asks.
        aside: Whether it is about who writes and who reads.
    """

    start: int
    end: int
    sentence: int
    asks: bool
    aside: bool


def asked_parts(message: str) -> tuple[str, ...]:
    """What `message` may ask, from the clauses that ask alone to all that it says.

    Every clause that asks is in each, so that nothing which is asked is cut. The second has
    what else stands in their sentences, unless it is about who writes or who reads: a question
    may name its matter first, and then ask about "it".

    Returns:
        Different parts of `message`, without greetings and thanks at their ends, the shortest
        first. There is one where no clause asks.
    """
    clauses = list(_clauses(message))
    asking = [each for each in clauses if each.asks]
    if not asking:
        return (without_courtesies(message),)
    core = _between(message, asking[0], asking[-1])
    matter = _with_matter(message, clauses)
    return tuple(dict.fromkeys((core, matter, without_courtesies(message))))


def asked_part(message: str) -> str:
    """What `message` asks, with its matter: of `asked_parts` the second, if they differ so."""
    return _with_matter(message, list(_clauses(message)))


def _with_matter(message: str, clauses: Sequence[_Clause]) -> str:
    asking = [at for at, each in enumerate(clauses) if each.asks]
    if not asking:
        return without_courtesies(message)
    first, last = asking[0], asking[-1]
    while first > 0 and _belongs(clauses[first - 1], clauses[first]):
        first -= 1
    while last + 1 < len(clauses) and _belongs(clauses[last + 1], clauses[last]):
        last += 1
    return _between(message, clauses[first], clauses[last])


def _between(message: str, first: _Clause, last: _Clause) -> str:
    return without_courtesies(message[first.start : last.end].strip())


def _belongs(clause: _Clause, neighbour: _Clause) -> bool:
    return clause.sentence == neighbour.sentence and not clause.aside


def _clauses(message: str) -> Iterator[_Clause]:
    start = sentence = 0
    for found in (*_END.finditer(message), None):
        end = len(message) if found is None else found.end()
        text = message[start:end]
        if any(each.isalnum() for each in text):
            ends = "" if found is None else found.group()
            said = text.removesuffix(ends)
            courtesy = only_courtesies(said)
            asks = not courtesy and "!" not in ends and is_question(text)
            words = " ".join(re.findall(r"\w+", fold(said)))
            aside = courtesy or _ABOUT_THEM.search(words) is not None
            yield _Clause(start, end, sentence, asks, aside)
        start = end
        if found is not None and (found["sentence"] or found["sign"] or "\n" in found.group()):
            sentence += 1
