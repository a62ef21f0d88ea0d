"""HTML as browsers read it: what a page says, and an account of what stands around that.

`read_html` is the reader. A page becomes a tree (`tree`), as browsers make it of any tags; what
its own styles hide or embolden is known to `css`; `furniture` tells what is no part of what the
page says, `main_part` where that stands, `notes` which links are signs of notes, `said` what
the page says of itself; `walking` drives the builder of blocks.
"""

from knowledge.files.html.reader import read_html

__all__ = ["read_html"]
