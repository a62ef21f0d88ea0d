"""From what somebody typed to an answer, on any surface; knows no Discord."""
