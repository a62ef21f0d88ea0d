"""Asking from a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from bot.answering.answers import Answerer
from bot.answering.explanation import explanation, print_explanation
from bot.answering.wording import question_problem
from bot.cli.printing import answer_json, error_json, print_answer
from bot.errors import QuestionError
from bot.locales import Phrasebook, Phrasebooks
from knowledge import Language

REFUSED = 1
"""The exit status where a question could not be searched for."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How questions are asked and answers are printed.

    Attributes:
        answerer: Answers.
        books: What surrounds a quote, in the language of its question.
        spoken: The language of the terminal, for all else.
        language: The language that quotes should be in; None takes the question's.
        everything: Whether to print the runners-up too.
        as_json: Whether to print JSON, one line for each question.
        explained: Whether to say where the score comes from.
    """

    answerer: Answerer
    books: Phrasebooks
    spoken: Language
    language: Language | None
    everything: bool
    as_json: bool
    explained: bool = False

    @property
    def phrases(self) -> Phrasebook:
        """The phrases of the terminal."""
        return self.books[self.spoken]

    def ask(self, question: str) -> int:
        """Answer one question; returns an exit status."""
        try:
            question.encode()
        except UnicodeEncodeError:
            # Bytes that are no UTF-8 come from the command line as lone surrogates.
            shown = question.encode(errors="surrogateescape").decode(errors="replace")
            return self._refuse(shown, "encoding", self.phrases("problem.encoding"))
        try:
            answer = self.answerer.answer(question, self.phrases.language, self.language)
        except QuestionError as error:
            return self._refuse(question, error.problem, question_problem(error, self.phrases))
        explained = explanation(self.answerer.index, answer) if self.explained else None
        if self.as_json:
            print(answer_json(answer, explained), flush=True)  # noqa: T201
            return 0
        phrases = self.books[answer.detected.language]
        print_answer(Console(), answer, phrases, everything=self.everything)
        if explained is not None:
            print_explanation(Console(), explained)
        return 0

    def ask_lines(self, lines: Iterable[bytes]) -> int:
        """Answer every line; returns the worst exit status."""
        worst = 0
        for line in lines:
            text = line.rstrip(b"\r\n").decode(errors="surrogateescape")
            worst = max(worst, self.ask(text))
        return worst

    def ask_person(self) -> int:
        """Answer what a person types, until they have had enough."""
        console = Console()
        console.print(Text(self.phrases("terminal.prompt"), style="dim"))
        while True:
            try:
                typed = console.input("> ")
            except (EOFError, KeyboardInterrupt):
                console.print()
                return 0
            if typed.strip():
                self.ask(typed)

    def _refuse(self, question: str, error: str, message: str) -> int:
        if self.as_json:
            print(error_json(question, error, message), flush=True)  # noqa: T201
        else:
            Console(stderr=True).print(Text(message, style="red"))
        return REFUSED


def ask_stdin(asking: Asking) -> int:
    """Answer what standard input holds, or what a person types into it."""
    if sys.stdin.isatty():
        return asking.ask_person()
    return asking.ask_lines(sys.stdin.buffer)
