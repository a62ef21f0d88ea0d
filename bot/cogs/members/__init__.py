"""What members do: ask, read, show, judge, choose a language."""
