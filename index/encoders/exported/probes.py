"""Texts that an export is balanced and checked by; in none of the evaluation sets."""

from __future__ import annotations

QUESTIONS = (
    "Who runs the group?",
    "how do i join",
    "What does it cost to become a member, and can I pay by card?",
    "Is there a meeting on Friday the 13th at 9:30 a.m.?",
    "why did they leave the European market in 2019",
    "What's a cooperative?",
    "when",
    "Qui dirige le groupe ?",
    "comment on s'inscrit",
    "Combien coûte l'adhésion, et puis-je payer par carte ?",
    "Y a-t-il une réunion le vendredi 13 à 9 h 30 ?",
    "pourquoi ont-ils quitté le marché européen en 2019",
    "Qu'est-ce qu'une coopérative ?",
    "quand",
    "Où trouve-t-on le règlement intérieur 😀 ?",
    "C'est quoi la différence entre un syndicat et une association loi 1901 ???",
)

PASSAGES = (
    (
        "The bakery on Mill Street opens at six. Bread is baked on the spot, with flour from "
        "two farms nearby, and what is left over at night goes to the food bank. On Sundays "
        "the shop stays closed."
    ),
    (
        "La boulangerie de la rue du Moulin ouvre à six heures. Le pain est cuit sur place, "
        "avec la farine de deux fermes voisines, et les invendus du soir vont à la banque "
        "alimentaire. Le dimanche, la boutique est fermée."
    ),
    (
        "Section 4.2: A member who has not paid by 31 March (see art. 7) loses the right to "
        'vote; the board may grant a delay of "up to 60 days" once. Contact: '
        "board@example.org, +44 20 7946 0018."
    ),
    (
        "Article 12. – L'assemblée générale délibère à la majorité des deux tiers des membres "
        "présents ou représentés (n° 2021-334) ; à défaut de quorum, elle est convoquée de "
        "nouveau sous quinze jours."
    ),
    (
        "Photosynthesis turns light into chemical energy. In the leaf's chloroplasts, "
        "chlorophyll takes up mostly blue and red light; water is split, oxygen set free, and "
        "carbon dioxide bound into sugar. About 100 billion tonnes of carbon a year pass this "
        "way, half of it in the oceans, where single cells do the work. Plants of hot, dry "
        "places have found a variant: they open their pores at night, store the carbon as "
        "acid and finish by day, at the price of slower growth."
    ),
    (
        "Le canal fut creusé entre 1666 et 1681 sous la direction de Pierre-Paul Riquet. Il "
        "relie la Garonne à la Méditerranée sur 240 kilomètres, avec 63 écluses et un tunnel. "
        "L'eau vient de la Montagne Noire, par des rigoles et un grand réservoir. Longtemps "
        "voie du blé et du vin, il perdit son trafic au profit du chemin de fer ; aujourd'hui "
        "on y navigue pour le plaisir, et 42 000 platanes malades y sont abattus peu à peu."
    ),
    (
        "Prices rose by 3.1% in May (April: 2.8%). Energy: +9.4%; food: +1.2%. Rents, which "
        "make up a fifth of the basket, were flat. Economists had expected 2.9%."
    ),
    "ok merci",
    (
        "TL;DR: restart the router, wait 30 s, then run `ping 192.168.0.1` -> if it fails, "
        "see #help."
    ),
    (
        "Łukasz et Zoë ont fondé le club à Kraków puis à Besançon ; devise : « Toujours "
        "ensemble ! »."
    ),
)
