"""Runs notebooks in sandboxed kernels, and compares their outputs here, outside.

nbval_run           pytest --nbval on an assembled notebook
kernel              what nbval takes for a Jupyter kernel: cells in, bounded messages out (`limits`)
sandbox             starts and ends kernels inside; `bubblewrap` says what is visible there, `user_ids` who they are
warm_sandbox        a sandbox for many submissions, each of which is graded in a forked process
"""
