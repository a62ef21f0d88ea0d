"""Pairs that a reader's export is balanced and checked by: some answer, most do not."""

from __future__ import annotations

from index.encoders.exported.probes import PASSAGES, QUESTIONS

_ANSWERED = (
    ("When does the bakery on Mill Street open?", 0),
    ("où va le pain qui reste le soir", 0),
    ("La boulangerie est-elle ouverte le dimanche ?", 1),
    ("what happens if a member hasnt paid by 31 march", 2),
    ("Quel délai le bureau peut-il accorder ?", 2),
    ("À quelle majorité l'assemblée générale délibère-t-elle ?", 3),
    ("Which light does chlorophyll take up?", 4),
    ("Combien d'écluses le canal compte-t-il ?", 5),
    ("who dug the canal", 5),
    ("How much did energy prices rise?", 6),
    ("what do i run after restarting the router", 8),
    ("Qui a fondé le club ?", 9),
)
_APART = 3

PAIRS = tuple(
    (question, PASSAGES[(place + step * _APART) % len(PASSAGES)])
    for question, place in _ANSWERED
    for step in range(2)
) + tuple(zip(QUESTIONS, PASSAGES, strict=False))
"""Every question with the passage that answers it and with another; and what none answers."""
