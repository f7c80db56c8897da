"""Grading a class. Everything is a submission: a student's, the reference, an answer that is wrong on purpose.

                     outside/                         |                        inside/
    knows the answers and decides about points        |    runs with the student's code, in the sandbox
                                                      |
    submissions -> answer_cells --.                   |
    question_data ----------------+-> assemble        |
    expected_outputs -------------'      |            |
                                         v            |
                nbval_run -> kernel, sandbox ==== cells ====> warm_process -> guardian -> cell_runner
                    |                        <== messages ==     (probe_kit prints the hidden cells' numbers)
                    v                                 |
                 results -> report, feedback_page, gradescope, similar

The line of trust is a folder: `inside` imports nothing of `outside`, and the sandbox shows neither `outside` nor
`release` (see `outside.kernels.bubblewrap`). `release/` makes the zip for students and the autograder for Gradescope.
"""
