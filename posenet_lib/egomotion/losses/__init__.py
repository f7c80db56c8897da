"""Losses that are given; the photometric ones are the student's."""
