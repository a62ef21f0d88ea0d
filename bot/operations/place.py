"""Which configuration, data and database a command uses, said before anybody wonders."""

from __future__ import annotations

import contextlib
from pathlib import Path

from bot.config import Config
from bot.config.reading import CONFIG_FILE
from bot.errors import ConfigError
from bot.locales import Words

_MARK = "configuration"
"""The file in the data folder that names the configuration it was used with last."""


def expect_configuration(config: Config, path: Path | None) -> None:
    """Refuse defaults where the data folder was used with a configuration before.

    Where there is a configuration, note it in the data folder for the next time.

    Args:
        config: The configuration.
        path: Where it was asked to be read from; None for the current folder.

    Raises:
        ConfigError: There is none, and there was one.
    """
    mark = config.data_folder / _MARK
    file = _file(path)
    if file is None:
        try:
            before = mark.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return
        raise ConfigError(
            Words(
                "error.no_configuration",
                file=CONFIG_FILE,
                data=config.data_folder,
                before=before,
                mark=mark,
            )
        )
    # Without the mark the next command is not warned, and no worse.
    with contextlib.suppress(OSError):
        config.data_folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(f"{file.resolve()}\n", "utf-8")


def in_use(config: Config, path: Path | None, documents: int) -> Words:
    """One line: the configuration, the data folder, the database, and how many documents."""
    file = _file(path)
    place = config.database_place
    database: object = place if isinstance(place, Path) else place.shown
    if isinstance(place, Path) and not place.exists():
        database = Words("place.none_yet", place=place)
    return Words(
        "place.in_use",
        file=Words("place.defaults") if file is None else file,
        data=config.data_folder,
        database=database,
        articles=config.knowledge.folder,
        count=documents,
    )


def _file(path: Path | None) -> Path | None:
    if path is not None:
        return path
    here = Path(CONFIG_FILE)
    return here if here.exists() else None
