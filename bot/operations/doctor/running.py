"""What a bot that runs on this machine says of itself."""

from __future__ import annotations

import aiohttp

from bot.config import Config
from bot.operations.doctor.findings import Finding, bad, doubtful, good

_PATIENCE = aiohttp.ClientTimeout(total=1)


async def examine_health(config: Config) -> Finding:
    """Whether the port for health and metrics is free, or the bot answers there."""
    subject = "health"
    port = config.health.port
    if port is None:
        return good(subject, "No port is set for health and metrics.")
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(f"http://127.0.0.1:{port}/health/ready") as response,
        ):
            told = await response.json()
            ready, reason = bool(told["ready"]), told["reason"]
    except aiohttp.ClientConnectorError:
        return good(subject, f"The port {port} is free; the bot does not run.")
    except (TimeoutError, aiohttp.ClientError, KeyError, TypeError, ValueError):
        return bad(
            subject,
            f"Something else than the bot answers at the port {port}.",
            "Set `health.port` in config.yaml to another one.",
        )
    if not ready:
        advice = "Wait a moment; if it stays so, look at the log."
        return doubtful(subject, f"The bot runs and is not ready: {reason}.", advice)
    return good(subject, f"The bot runs and is ready; its metrics are at the port {port}.")
