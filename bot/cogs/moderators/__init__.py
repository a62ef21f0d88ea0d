"""What moderators do: documents, requests, gaps, pins, trials, statistics, settings, audit."""
