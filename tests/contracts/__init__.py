"""What Discord says of its own interface, as checks on what the bot and the stand-in send."""

from tests.contracts.documents import Contracts, documents
from tests.contracts.rules import (
    ContractError,
    check_commands,
    check_components,
    check_rules,
    walk,
)

__all__ = [
    "ContractError",
    "Contracts",
    "check_commands",
    "check_components",
    "check_request",
    "check_rules",
    "documents",
    "walk",
]


def check_request(method: str, path: str, body: object) -> None:
    """Check what the bot sent: the rules always, the document where it is here.

    Raises:
        ContractError: Discord would not take it.
    """
    check_rules(method, path, body)
    if (contracts := documents()) is not None:
        contracts.check_request(method, path, body)
