"""Runs on a court of each student's own: who has which court, and how well the network knows it.

student_seeds       a court for each student, from the roster and a secret; seeds.csv
hidden_photos       photos of a court at poses that only the secret decides
checkpoint_files    which checkpoint is whose
run_policy          what errors are worth: a small TOML file
known_court         does a network know this court, or a neighbour's?
grade_runs          all of it; runs.csv

A checkpoint is data (safetensors), so nothing of a student's runs here, and there is no sandbox.
"""
