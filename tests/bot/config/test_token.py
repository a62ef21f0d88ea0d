"""The token: where it is read, what is taken for one, and how it is kept."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from bot.config.token import Token, find_token, parse_token, read_token, store_token
from bot.errors import FolderError, TokenError

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.a-token_that-must_never-show-anywhere0"  # noqa: S105


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)


def test_a_token_hides_itself() -> None:
    token = Token(TOKEN)
    assert TOKEN not in f"{token!r} {token} {[token]}"
    assert token.reveal() == TOKEN


def test_the_token_comes_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert find_token() is None
    with pytest.raises(TokenError, match="There is no token"):
        read_token()
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\n")
    assert read_token().reveal() == TOKEN
    monkeypatch.setenv("DISCORD_TOKEN", " from-the-environment\n")
    assert read_token().reveal() == "from-the-environment"


@pytest.mark.parametrize(
    "pasted", [f'"{TOKEN}"', f"'{TOKEN}'\r\n", f"  Bot {TOKEN}\t", f"“{TOKEN}”"]
)
def test_what_stands_around_a_token_goes(pasted: str) -> None:
    assert parse_token(pasted).reveal() == TOKEN


@pytest.mark.parametrize(
    ("pasted", "seen"),
    [
        ("1175432109876543210", "application ID"),
        ("abcdefghijklmnopqrstuvwxyz-_0123", "client secret"),
        ("0123456789abcdef" * 4, "public key"),
        (f"{TOKEN}\n{TOKEN}", "spaces or line breaks"),
        (TOKEN.replace("G", "é"), "characters in it that no token has"),
        ('""', "there is nothing in it"),
    ],
)
def test_what_is_no_token_is_told_apart_and_never_shown(pasted: str, seen: str) -> None:
    with pytest.raises(TokenError, match=seen) as refused:
        parse_token(pasted)
    assert "“Reset Token”" in str(refused.value)
    assert pasted.strip('"') == "" or pasted not in str(refused.value)


def test_storing_keeps_other_lines_and_lets_the_owner_alone_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\nOTHER='a b'\nDISCORD_TOKEN=old\nLAST=1")
    file.chmod(0o644)
    store_token(Token(TOKEN))
    assert file.read_text() == f"# mine\nOTHER='a b'\nDISCORD_TOKEN={TOKEN}\nLAST=1"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    assert read_token().reveal() == TOKEN


def test_a_new_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    store_token(Token(TOKEN))
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert (tmp_path / ".env").read_text() == f"DISCORD_TOKEN={TOKEN}\n"


def test_a_crash_leaves_the_old_file_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("OTHER=1\n")
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append("folder" if path == tmp_path else path.read_text())
        fsync(descriptor)

    def replaced(source: Path, target: Path) -> None:
        replace(source, target)
        steps.append(f"{Path(target).name} replaced" if Path(target) == file else "draft")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    store_token(Token(TOKEN))
    whole = f"OTHER=1\nDISCORD_TOKEN={TOKEN}\n"
    assert steps == ["draft", whole, ".env replaced", "folder"]

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FolderError, match=r"cannot be saved in .*No space left"):
        store_token(Token("another"))
    assert file.read_text() == whole
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_file_that_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(FolderError, match=r"cannot be saved in .*directory"):
        store_token(Token(TOKEN))
    (tmp_path / ".env").rmdir()
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\n")
    with pytest.raises(TokenError, match="it is not UTF-8 text"):
        read_token()
    with pytest.raises(FolderError, match="it is not UTF-8 text"):
        store_token(Token(TOKEN))
    assert (tmp_path / ".env").read_bytes() == b"DISCORD_TOKEN=\xff\n"
