"""What a bot that runs on this machine says of itself."""

from __future__ import annotations

import aiohttp

from bot.config import Config
from bot.locales import Words
from bot.operations.doctor.findings import Finding, bad, doubtful, good

_PATIENCE = aiohttp.ClientTimeout(total=1)


async def examine_health(config: Config) -> Finding:
    """Whether the port for health and metrics is free, or the bot answers there."""
    subject = "health"
    port = config.health.port
    if port is None:
        return good(subject, Words("doctor.no_port"))
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(f"http://127.0.0.1:{port}/health/ready") as response,
        ):
            told = await response.json()
            ready, reason = bool(told["ready"]), told["reason"]
    except aiohttp.ClientConnectorError:
        return good(subject, Words("doctor.port_free", port=port))
    except (TimeoutError, aiohttp.ClientError, KeyError, TypeError, ValueError):
        return bad(
            subject,
            Words("doctor.port_taken", port=port),
            Words("doctor.port_other"),
        )
    if not ready:
        advice = Words("doctor.wait")
        return doubtful(subject, Words("doctor.not_ready", reason=reason), advice)
    return good(subject, Words("doctor.ready", port=port))
