"""`posenet experiment`: many runs from one file, compared in one table. plan -> run -> table, figures, report."""
