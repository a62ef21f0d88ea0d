"""What README and the operators' guide say to run, run in a fresh clone."""
