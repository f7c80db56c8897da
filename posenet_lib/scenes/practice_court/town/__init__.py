"""Other courts of the same family: a seed decides houses, colours, ground, furniture, light and walks.

    palette (colours) -> fronts (painted houses) -> houses (panels around the court) ; furnishings ; ground -> textures

PracticeCourt itself is the court of seed 0 and is laid out by hand; the modules here make all others.
"""
