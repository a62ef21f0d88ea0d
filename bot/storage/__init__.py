"""Everything that the bot keeps and cannot rebuild, behind protocols.

Documents, pins, settings, questions, opinions, requests and the audit of each guild; what
members chose for themselves.
"""

from bot.storage.errors import (
    ConflictError,
    IsolationError,
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageGoneError,
    StorageTooNewError,
)
from bot.storage.opening import open_storage
from bot.storage.protocols import (
    Audit,
    Cluster,
    Documents,
    GuildStorage,
    Pins,
    Preferences,
    Privacy,
    Questions,
    Requests,
    Settings,
    Storage,
)
from bot.storage.records import (
    Action,
    AskedQuestion,
    AuditEntry,
    DocumentState,
    DocumentVersion,
    Forgotten,
    Gap,
    Meaning,
    Opinion,
    Pin,
    Progress,
    Request,
    Surface,
    Swept,
    new_question_id,
)
from bot.storage.settings import GuildSettings, SettingChanges

__all__ = [
    "Action",
    "AskedQuestion",
    "Audit",
    "AuditEntry",
    "Cluster",
    "ConflictError",
    "DocumentState",
    "DocumentVersion",
    "Documents",
    "Forgotten",
    "Gap",
    "GuildSettings",
    "GuildStorage",
    "IsolationError",
    "Meaning",
    "Opinion",
    "Pin",
    "Pins",
    "Preferences",
    "Privacy",
    "Progress",
    "Questions",
    "Request",
    "Requests",
    "SettingChanges",
    "Settings",
    "Storage",
    "StorageBusyError",
    "StorageDamagedError",
    "StorageError",
    "StorageFullError",
    "StorageGoneError",
    "StorageTooNewError",
    "Surface",
    "Swept",
    "new_question_id",
    "open_storage",
]
