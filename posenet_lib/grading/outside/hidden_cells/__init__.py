"""The questions with their hidden cells, as one notebook for each answer.

question_data       what is known about each question: notebook, reference, hidden cells
expected_outputs    what the reference prints in the hidden cells, made once for each seed and kept
assemble            the notebook to run: our cells, the student's one cell, hidden cells
"""
