"""What a server and its members have, in memory: documents, settings, pins, gaps, languages."""
