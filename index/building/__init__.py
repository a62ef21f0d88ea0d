"""From documents to an index: encode what is new, put it in force."""
