"""Where discord.py finds Discord."""

from __future__ import annotations

import discord
from discord.gateway import DiscordWebSocket
from yarl import URL


def point_at(address: str) -> None:
    """Point discord.py at another address than Discord's, such as `http://127.0.0.1:8000`."""
    discord.http.Route.BASE = f"{address}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(address.replace("http", "ws", 1) + "/gateway/")


class pointed_at:  # noqa: N801 - reads as a verb
    """Points discord.py of this process at another address for a while."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __enter__(self) -> None:
        self._before = (discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
        point_at(self._address)

    def __exit__(self, *_: object) -> None:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before

    async def __aenter__(self) -> None:
        self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()
