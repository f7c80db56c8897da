"""`posenet release`: the zip for students, the instructors' edition, and the autograder for Gradescope.

release         chooses the files and writes the zips
colab_notebook  adds a badge and a set-up cell for Google Colab to the students' notebooks
thinking        folds answers to the questions to think about into the instructors' notebooks
bundle_check    tries the students' zip: nothing secret in it, it installs, its notebooks run
"""
