"""What the bot asks to be allowed, and what it finds missing."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from discord import Permissions

from bot.client.permissions import invite_link, missing_from, needed_permissions


def test_an_invitation_asks_for_what_is_needed_and_nothing_else() -> None:
    link = urlsplit(invite_link(42))
    assert link.netloc == "discord.com"
    asked = parse_qs(link.query)
    assert asked.pop("permissions") == [str(needed_permissions().value)]
    assert asked == {"client_id": ["42"], "scope": ["bot applications.commands"]}
    assert needed_permissions() == Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        read_message_history=True,
    )


@pytest.mark.parametrize(
    ("allowed", "in_channel", "in_thread"),
    [
        (
            Permissions.none(),
            ["view_channel", "send_messages", "read_message_history"],
            ["view_channel", "send_messages_in_threads", "read_message_history"],
        ),
        (needed_permissions(), [], []),
        (Permissions.all(), [], []),
        (
            Permissions(view_channel=True, send_messages=True),
            ["read_message_history"],
            ["send_messages_in_threads", "read_message_history"],
        ),
        (
            Permissions(send_messages_in_threads=True, read_message_history=True),
            ["view_channel", "send_messages"],
            ["view_channel"],
        ),
    ],
)
def test_a_thread_needs_another_permission_to_answer_than_a_channel(
    allowed: Permissions, in_channel: list[str], in_thread: list[str]
) -> None:
    assert [each.name for each in missing_from(allowed)] == in_channel
    assert [each.name for each in missing_from(allowed, thread=True)] == in_thread
