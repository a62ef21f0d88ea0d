"""Whether a question should lean on the one before."""
