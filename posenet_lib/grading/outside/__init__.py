"""What knows the answers and decides about points. The sandbox shows none of it.

A class is graded in this order:

    submissions         whose notebooks are there: folders, zips, single files
    answer_cells        which cells of them are answers; nothing more is taken from a submission
    question_data       what is known about each question: notebook, reference, hidden cells
    expected_outputs    what the reference prints in the hidden cells, made once and kept
    assemble            the notebook to run: our cells, the student's one cell, hidden cells
    nbval_run           pytest --nbval on it: compares outputs, here, outside the sandbox
      kernel            what nbval takes for a Jupyter kernel: cells in, bounded messages out (`limits`)
      sandbox           starts and ends kernels inside; `bubblewrap` says what is visible there
    check_messages      for answers that lost points: what the notebook's visible checks say
    results             what came of it, as plain data
    report, feedback_page, gradescope, similar      files made of the results

`grade_one` does this for one submission, in a forked process of a `warm_sandbox`; `grade_class` for all of them.
`self_check` is for students: it runs the visible checks of one notebook. `speed` measures how fast grading is.
"""
