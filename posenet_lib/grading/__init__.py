"""Grading a class. Everything is a submission: a student's, the reference, a deliberately wrong answer.

    outside/  knows the answers and decides about points       inside/  runs with the student's code, in the sandbox

    submissions -> answer_cells -> assemble -> nbval_run -> kernel | warm_process -> guardian -> cell_runner
                   question_data ----^            |                |                             runs: set-up cell,
                   expected_outputs --------------'                |                             answer, hidden cells
                                                  v                |
    report, feedback_page, gradescope, similar <- results          |
                                                                   sandbox (bubblewrap): one Unix socket pair

The bar is the line of trust, and it is a folder: `inside` imports nothing of `outside`, and the sandbox shows `inside`
but neither `outside` nor `release` (`outside/bubblewrap.py`). `release/` makes what students and Gradescope get.
"""
