"""What knows the answers and decides about points. The sandbox shows none of it.

Each room imports only from those above it:

    hand_ins        what students hand in: whose, which cells are answers
    kernels         notebooks run in the sandbox, with pytest --nbval; bounded messages come out
    hidden_cells    the questions, what the reference prints, the notebook to run
    results         what came of it, as plain data
    policies        late days, points by hand, the roster
    pages           files made of the results: grades.csv, feedback, similar answers
    runs            checkpoints on a court of each student's own

`grade_one` does all this for one submission, in a forked process of a `warm_sandbox`, and asks `check_messages` what
the notebook's visible checks say; `grade_class` for all of them; `finish_class` adds what instructors decide.
`same_mistake` sees to it that one mistake costs its own points once. `speed` measures how fast grading is.
"""
