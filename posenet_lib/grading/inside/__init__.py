"""What runs in the sandbox: in one process with the student's code, or as a parent of that process.

The grader believes nothing that it is sent from here.

Started by `outside.kernels.sandbox`, in this order:

    warm_process   imports torch and the rest once, then forks for each kernel
      guardian     makes namespaces, forks the kernel, watches its memory, ends it
        isolation  takes away what a kernel may not have (`system_calls`), and sets its limits (`kernel_terms`)
        cell_runner  is the kernel: runs cells, sends what they print as messages (`wire`)
          probe_kit  is imported by the hidden cells: prints numbers, under the usual `library_settings`

Nothing here imports `outside`, and `outside` is not visible in the sandbox. `outside` may import from here what both
sides need: the form of the messages (`wire`) and of a kernel's limits (`kernel_terms`).
"""
