"""`python -m bot` is `coalition-bot`."""

from bot.cli import main

main()
