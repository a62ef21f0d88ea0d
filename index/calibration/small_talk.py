"""Messages that are no questions: greetings, thanks, insults and empty talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import yaml

from index.encoders.encoder import FloatArray
from knowledge import Language

_CLEAR_LEAD = 0.05
"""How much nearer to small talk than to any question a message must be; see docs/quality.md."""
_SLIGHT_LEAD = 0.03
"""The same where no passage fits, so that a greeting before a true question is answered."""


class SmallTalkKind(StrEnum):
    """What somebody does who does not ask."""

    GREETING = "greeting"
    THANKS = "thanks"
    INSULT = "insult"
    CHATTER = "chatter"


@dataclass(frozen=True, slots=True)
class Message:
    """An example of small talk, and the languages that it is said in."""

    text: str
    kind: SmallTalkKind
    languages: frozenset[Language]


@lru_cache(maxsize=1)
def small_talk_messages() -> tuple[Message, ...]:
    """The bundled examples, French and English together."""
    text = (resources.files("index") / "data" / "small_talk.yaml").read_text("utf-8")
    kinds: dict[str, SmallTalkKind] = {}
    languages: dict[str, frozenset[Language]] = {}
    for code, examples in yaml.load(text, Loader=yaml.CSafeLoader).items():
        for kind, messages in examples.items():
            for message in messages:
                kinds[message] = SmallTalkKind(kind)
                languages[message] = languages.get(message, frozenset()) | {Language(code)}
    return tuple(Message(message, kind, languages[message]) for message, kind in kinds.items())


class SmallTalk:
    """Tells small talk from questions by their nearest examples."""

    def __init__(
        self, messages: Sequence[Message], embedded: FloatArray, questions: Sequence[FloatArray]
    ) -> None:
        """Hold examples of both.

        Args:
            messages: Small talk.
            embedded: Its embeddings, float32 of shape (messages, dimension).
            questions: Embeddings of questions, each float32 of shape (questions, dimension).
        """
        self._messages = tuple(messages)
        self._embedded = embedded
        self._questions = [each for each in questions if len(each)]

    def kind_of(self, query: FloatArray, *, fits: bool) -> SmallTalkKind | None:
        """What kind of small talk a message is, or None for a question.

        Args:
            query: float32 (dimension,): the message's embedding.
            fits: Whether a passage fits it.
        """
        talk = self._embedded @ query
        nearest = int(talk.argmax())
        lead = float(talk[nearest]) - max(float((each @ query).max()) for each in self._questions)
        small = lead > (_CLEAR_LEAD if fits else _SLIGHT_LEAD)
        return self._messages[nearest].kind if small else None
