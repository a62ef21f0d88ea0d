"""How well links open at the words that they name: in real browsers, on pages set in many ways."""
