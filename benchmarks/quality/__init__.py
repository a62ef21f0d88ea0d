"""How well shared sets of questions are answered, beside two plain systems."""
