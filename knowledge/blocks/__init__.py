"""What a document consists of, as its reader sees it: blocks of text, and their layout."""
