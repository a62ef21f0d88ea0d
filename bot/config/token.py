"""The bot's token: read, kept out of sight, stored, and told apart from what is no token."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

from dotenv import dotenv_values, set_key

from bot.errors import FolderError, TokenError
from bot.locales import Words
from index.files import sync_file, sync_folder

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the name of the variable, not the token
TOKEN_FILE = Path(".env")
_MISTAKES = {
    "empty": re.compile(r""),
    "spaces": re.compile(r"\S*\s.*", re.DOTALL),
    "characters": re.compile(r".*[^!-~].*"),
    "application_id": re.compile(r"\d{15,21}"),
    "public_key": re.compile(r"[0-9a-f]{64}"),
    "client_secret": re.compile(r"[\w-]{32}", re.ASCII),
}
_LOOKS_RIGHT = re.compile(r"[\w-]{16,}\.[\w-]{4,}\.[\w-]{16,}", re.ASCII)
_OWNER_ALONE = 0o600


class Token:
    """The bot's token, kept out of every message, log and repr."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Token(…)"

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stand for the token and do not tell it."""
        return hashlib.sha256(self._value.encode()).hexdigest()[:16]

    @property
    def looks_right(self) -> bool:
        """Whether it has the three parts that every token had so far."""
        return _LOOKS_RIGHT.fullmatch(self._value) is not None

    def reveal(self) -> str:
        """The token itself, for discord.py and the file it is kept in alone."""
        return self._value


def find_token() -> Token | None:
    """The token from the environment, or from a `.env` file in the current folder, if any.

    Raises:
        TokenError: What is there can be no token.
    """
    value = os.environ.get(TOKEN_VARIABLE) or _stored()
    return parse_token(value) if value.strip() else None


def read_token() -> Token:
    """The token, which must be there.

    Raises:
        TokenError: There is none, or what is there can be no token.
    """
    token = find_token()
    if token is None:
        raise TokenError(Words("error.token_missing", variable=TOKEN_VARIABLE))
    return token


def parse_token(text: str) -> Token:
    """The token in what somebody pasted: white space, quotation marks and “Bot” around it go.

    Only what is certainly something else is refused; all else is for Discord to judge.

    Raises:
        TokenError: It can be no token; says what it seems to be, and never the text.
    """
    value = text.strip().strip("\"'“”«»").strip().removeprefix("Bot ").strip()
    seen = _mistaken_for(value)
    if seen is not None:
        raise TokenError(Words("error.token_mistaken", seen=seen))
    return Token(value)


def store_token(token: Token, path: Path = TOKEN_FILE) -> None:
    """Write the token into `path`, readable by its owner alone; other lines stay.

    A crash leaves the old file or the new one.

    Raises:
        FolderError: It cannot be written; `path` is as it was.
    """
    place = path.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        draft.touch(_OWNER_ALONE)
        if place.exists():
            draft.write_bytes(place.read_bytes())
        set_key(draft, TOKEN_VARIABLE, token.reveal(), quote_mode="never")
        sync_file(draft)
        draft.replace(place)
        sync_folder(place.parent)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else Words("error.not_utf8")
        raise FolderError(
            Words(
                "error.token_not_saved", path=path.resolve(), reason=reason, variable=TOKEN_VARIABLE
            )
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _stored() -> str:
    try:
        return dotenv_values(TOKEN_FILE).get(TOKEN_VARIABLE) or ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else Words("error.not_utf8")
        raise TokenError(
            Words("error.token_unreadable", path=TOKEN_FILE.resolve(), reason=reason)
        ) from error


def _mistaken_for(value: str) -> Words | None:
    """What `value` is instead of a token, as a sentence without its full stop."""
    for seen, pattern in _MISTAKES.items():
        if pattern.fullmatch(value):
            return Words(f"mistaken.{seen}")
    return None
