"""How well a knowledge base answers that is divided into segments."""
