"""The words of a file as another program sees them."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path


def text_of(file: Path) -> str:
    """All text of a file: by pdftotext, LibreOffice, w3m, or cmark-gfm and w3m.

    Raises:
        OSError: The program is not there.
        subprocess.CalledProcessError: It failed.
    """
    match file.suffix:
        case ".pdf":
            return _said("pdftotext", "-q", str(file), "-")
        case ".docx" | ".odt":
            return _by_libreoffice(file)
        case ".html":
            return _said("w3m", "-dump", "-T", "text/html", "-cols", "10000", str(file))
        case ".md":
            page = _said("cmark-gfm", "--unsafe", "-e", "table", "-e", "footnotes", str(file))
            return _said("w3m", "-dump", "-T", "text/html", "-cols", "10000", given=page)
        case _:
            return file.read_text(encoding="utf-8", errors="replace")


def _by_libreoffice(file: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        form = "txt:Text (encoded):UTF8"
        _said(
            *("soffice", profile, "--headless", "--convert-to", form, "--outdir", folder),
            str(file),
        )
        return Path(folder, f"{file.stem}.txt").read_text(encoding="utf-8-sig")


def _said(*command: str, given: str | None = None) -> str:
    ended = subprocess.run(  # noqa: S603 - programs of the machine, on files of whoever measures
        command,
        capture_output=True,
        check=True,
        timeout=300,
        input=given,
        encoding="utf-8",
        errors="replace",
    )
    return ended.stdout
