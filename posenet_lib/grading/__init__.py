"""Grading a class: everything is a submission, only its expected score differs.

submission -> submissions -> answer_cells -> assemble (+ probes) -> nbval_run -> kernel | sandbox: zygote -> cell_runner
           -> grade_one -> run (the class) -> report, feedback_page, gradescope, similar

Left of the bar everything runs outside the sandbox and is trusted; what stands right of it shares a process with the
student's code or starts it. Nothing that decides about points is ever inside.
"""
