"""Whether a confidence is what it says, on an article that it was not fitted on."""
