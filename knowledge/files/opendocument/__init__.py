"""OpenDocument texts (.odt), as LibreOffice saves them.

`reader` opens the file, `walking` makes blocks of its text, `styles` knows how letters are set
off and what lists and headings count.
"""

from knowledge.files.opendocument.reader import read_opendocument

__all__ = ["read_opendocument"]
