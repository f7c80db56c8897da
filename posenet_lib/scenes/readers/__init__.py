"""Readers of other layouts: each turns one published data set into a scene here."""
