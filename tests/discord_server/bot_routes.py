"""What the bot asks about itself, and its commands."""

from __future__ import annotations

from tests.discord_server.call import Answer, Call, Refused, Route


async def _me(call: Call) -> Answer:
    return Answer(200, call.server.bot.own_payload())


async def _application(call: Call) -> Answer:
    bot = call.server.bot
    return Answer(
        200,
        {
            "id": bot.id,
            "name": bot.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": bot.payload(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": call.server.operator.payload(),
            "approximate_guild_count": len(call.server.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "rpc_origins": [],
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
        },
    )


async def _gateway(call: Call) -> Answer:
    return Answer(200, {"url": call.server.gateway_address})


async def _gateway_bot(call: Call) -> Answer:
    left = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
    shards = call.server.recommended_shards
    return Answer(
        200,
        {"url": call.server.gateway_address, "shards": shards, "session_start_limit": left},
    )


async def _register(call: Call) -> Answer:
    guild = call.given.get("guild")
    if guild is not None and guild not in call.server.guilds:
        raise Refused(403, 50001, "Missing Access")
    full = [
        {
            "type": 1,
            "description": "",
            **command,
            "default_member_permissions": _as_text(command.get("default_member_permissions")),
            "id": call.server.clock.snowflake(),
            "application_id": call.server.bot.id,
            "version": call.server.clock.snowflake(),
        }
        for command in call.body
    ]
    call.server.commands[guild] = full
    return Answer(200, full)


def _as_text(permissions: object) -> str | None:
    """Permissions as Discord gives them back, which takes a number too."""
    return None if permissions is None else str(permissions)


async def _registered(call: Call) -> Answer:
    return Answer(200, call.server.commands.get(call.given.get("guild"), []))


_COMMANDS = "/applications/{application}/commands"
_GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"
ROUTES: tuple[Route, ...] = (
    ("GET", "/users/@me", _me),
    ("GET", "/oauth2/applications/@me", _application),
    ("GET", "/applications/@me", _application),
    ("GET", "/gateway", _gateway),
    ("GET", "/gateway/bot", _gateway_bot),
    ("PUT", _COMMANDS, _register),
    ("GET", _COMMANDS, _registered),
    ("PUT", _GUILD_COMMANDS, _register),
    ("GET", _GUILD_COMMANDS, _registered),
)
