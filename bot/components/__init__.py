"""What Discord shows: cards, buttons, modals, pages; knows no client."""
