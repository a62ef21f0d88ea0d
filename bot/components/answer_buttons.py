"""The buttons under answers."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Self

from bot.answering.answers import Found
from bot.answering.suggestions import Suggestion
from bot.components.buttons import PLACE, KeptButton, PassageReference
from bot.locales import Phrasebook
from index import Index
from knowledge import Language

MOST_OTHERS = 3
"""Passages that fit into a `custom_id` with what else it holds."""
_SHOWN = rf"(?P<place>{PLACE}):(?P<language>fr|en)"
# Messages of before questions were kept have buttons without one.
_QUESTION = r"(?::(?P<question>[\w-]{16}))?"


def _shown(found: Found) -> str:
    """A passage as it is shown, in the form that `_SHOWN` reads."""
    return f"{PassageReference.of(found)}:{found.quote.language}"


class ShowPassage(KeptButton, template=rf"passage:{_SHOWN}"):
    """Shows a passage in a language, to whoever clicks."""

    @classmethod
    def in_other_language(cls, found: Found, phrases: Phrasebook) -> Self | None:
        """The button for a passage's other text, where it has one."""
        if found.other is None:
            return None
        place = PassageReference(found.quote.passage_id, found.other.sentence)
        written_in = phrases(f"written_in.{found.other.language}")
        return cls(
            phrases("card.other_language", language=written_in),
            f"passage:{place}:{found.other.language}",
        )


class EarlierShowPassage(
    ShowPassage,
    template=r"passage:(?P<passage>[0-9a-f]{16}):(?P<language>fr|en):(?P<sentence>\d{1,3}|-)",
):
    """The same button as the first releases wrote it; messages of then still have it."""

    @property
    def place(self) -> PassageReference:
        """The passage that the button is about."""
        return PassageReference.read(self.fields["passage"] + self.fields["sentence"])


class OtherPassages(
    KeptButton,
    template=rf"others:(?P<how>open|turn):(?P<at>\d):(?P<language>fr|en):(?P<places>(?:{PLACE},?)+)",
):
    """Shows another passage that was found; `open` in a new message, `turn` in its place."""

    @classmethod
    def opening(cls, others: Sequence[Found], language: Language, phrases: Phrasebook) -> Self:
        """The button under an answer."""
        return cls(
            phrases("card.others", count=len(others)),
            cls._written("open", 0, language, [PassageReference.of(each) for each in others]),
        )

    @classmethod
    def turning(
        cls, label: str, at: int, language: Language, places: Sequence[PassageReference]
    ) -> Self:
        """The button that goes to the passage `at`, counted from 0."""
        return cls(label, cls._written("turn", at, language, places))

    @staticmethod
    def _written(how: str, at: int, language: Language, places: Sequence[PassageReference]) -> str:
        return f"others:{how}:{at}:{language}:{','.join(map(str, places))}"

    @property
    def places(self) -> list[PassageReference]:
        """The passages that are paged through."""
        return [PassageReference.read(each) for each in self.fields["places"].split(",")]

    @property
    def place(self) -> PassageReference:
        """The passage that it goes to."""
        return self.places[min(self.at, len(self.places) - 1)]


class InContext(KeptButton, template=rf"context:{_SHOWN}"):
    """Shows a passage between its neighbours, to whoever clicks."""

    @classmethod
    def of(cls, found: Found, phrases: Phrasebook) -> Self:
        """The button for a passage."""
        return cls(phrases("card.context"), f"context:{_shown(found)}")


class WholePassage(KeptButton, template=rf"whole:(?P<how>open|turn):(?P<at>\d{{1,3}}):{_SHOWN}"):
    """Shows a page of a passage that was cut, to whoever clicks."""

    @classmethod
    def of(cls, found: Found, phrases: Phrasebook) -> Self:
        """The button for a passage."""
        return cls(phrases("card.whole"), f"whole:open:0:{_shown(found)}")

    @classmethod
    def turning(cls, label: str, at: int, found: Found) -> Self:
        """The button that goes to the page `at`, counted from 0."""
        return cls(label, f"whole:turn:{at}:{_shown(found)}")


class Helpful(KeptButton, template=rf"helpful:(?P<passage>[0-9a-f]{{16}}){_QUESTION}"):
    """Says that an answer helped."""

    @classmethod
    def of(cls, found: Found, question: str, phrases: Phrasebook) -> Self:
        """The button for an answer's passage."""
        return cls(
            phrases("card.helpful"), f"helpful:{found.quote.passage_id}:{question}", emoji="👍"
        )


class NotHelpful(KeptButton, template=rf"unhelpful:(?P<passage>[0-9a-f]{{16}}){_QUESTION}"):
    """Says that an answer did not help: a member says what was sought, a moderator corrects."""

    @classmethod
    def of(cls, found: Found, question: str, phrases: Phrasebook) -> Self:
        """The button for an answer's passage."""
        return cls(
            phrases("card.unhelpful"), f"unhelpful:{found.quote.passage_id}:{question}", emoji="👎"
        )


class SayWhatWasSought(KeptButton, template=rf"say:(?P<passage>[0-9a-f]{{16}}){_QUESTION}"):
    """Asks a moderator what was sought, who was offered other passages first."""

    @classmethod
    def of(cls, passage: str, question: str, phrases: Phrasebook) -> Self:
        """The button under the other passages."""
        return cls(phrases("pins.say"), f"say:{passage}:{question}")


class ShowEveryone(KeptButton, template=rf"everyone:{_SHOWN}{_QUESTION}"):
    """Shows a private answer to everybody in the channel."""

    @classmethod
    def of(cls, found: Found, question: str | None, phrases: Phrasebook) -> Self:
        """The button for an answer's passage."""
        kept = "" if question is None else f":{question}"
        return cls(phrases("card.everyone"), f"everyone:{_shown(found)}{kept}")


class Delete(KeptButton, template=r"delete:(?P<asker>\d{1,20})"):
    """Deletes an answer, for who asked and for moderators."""

    @classmethod
    def of(cls, asker: int, phrases: Phrasebook) -> Self:
        """The button under an answer to the member `asker`."""
        return cls(phrases("card.delete"), f"delete:{asker}")


class AskSuggestion(
    KeptButton,
    template=r"suggested:(?P<passage>[0-9a-f]{16}):(?P<language>fr|en):(?P<check>[0-9a-f]{8})",
):
    """Asks a curated question."""

    @classmethod
    def of(cls, suggestion: Suggestion) -> Self:
        """The button for a curated question."""
        return cls(
            suggestion.question,
            f"suggested:{suggestion.passage}:{suggestion.language}:{checksum(suggestion.question)}",
        )


class AskModerators(KeptButton, template=r"moderators:(?P<question>[\w-]{16}):(?P<asker>\d{1,20})"):
    """Hands a question to the moderators: for who asked it, or found its answer no help."""

    @classmethod
    def of(cls, question: str, asker: int, phrases: Phrasebook) -> Self:
        """The button for the question that is kept under an id."""
        return cls(phrases("request.ask"), f"moderators:{question}:{asker}")


def checksum(question: str) -> str:
    """Eight hexadecimal digits by which a passage's curated question is found again."""
    return f"{zlib.crc32(question.encode()):08x}"


def suggested_question(index: Index, passage: str, language: Language, check: str) -> str | None:
    """A passage's curated question with that checksum, or None where it is no longer there."""
    found = index.passage(passage)
    questions = () if found is None else found.passage.questions.get(language, ())
    return next((each for each in questions if checksum(each) == check), None)
